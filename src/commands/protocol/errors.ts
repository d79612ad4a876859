import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { FailedError } from '../../lib/errors.ts'
import { list, outcomes, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { findProtocolError, type ProtocolError, protocolErrors } from '../../lib/protocol/errors.ts'
import { nearest } from '../../lib/values/nearest.ts'

const shape: Shape<ProtocolError> = {
  version: 1,
  columns: [
    column('code', { kind: 'number' }),
    column('name'),
    column('retriable', {
      header: 'TRY AGAIN',
      colour: ({ retriable }) => (retriable ? 'yellow' : undefined),
    }),
    column('about', { header: 'WHAT HAPPENED', folds: true }),
    column('hint', { header: 'WHAT TO DO', folds: true, isInTable: false }),
    column('exception', { header: 'IN JAVA', isInTable: false }),
    column('refreshMetadata', { header: 'REFRESH METADATA', isInTable: false }),
    column('invalidMetadata', { header: 'METADATA IS STALE', isInTable: false }),
    column('abortableTransaction', { header: 'ABORT TRANSACTION', isInTable: false }),
    column('recoverableByApplication', { header: 'APPLICATION RECOVERS', isInTable: false }),
  ],
  name: ({ name }) => name,
}

export class ProtocolErrors extends BaseCommand {
  static override summary = "Say what Kafka's error codes mean, and what to do about them."

  static override description =
    `Without a name it lists all error codes. An error is named by its code, its name, or the name of its
exception in Java, as logs print it.`

  static override examples = [
    { description: 'A client logged error code 3', command: 'ktool protocol errors 3' },
    {
      description: 'A broker logged an exception',
      command: 'ktool protocol errors NotLeaderOrFollowerException',
    },
    {
      description: 'The names of all errors that a client may answer by trying again',
      command: `ktool protocol errors -o json | jq -r '.items[] | select(.retriable).name'`,
    },
  ]

  static override hiddenAliases = ['protocol:error']

  static override args = {
    error: argumentList({ description: 'codes, names or Java exceptions; all of them if none is given' }),
  }

  static override flags = outputFlags(shape)

  async run(): Promise<Result> {
    const { args } = await this.parse(ProtocolErrors)
    if (args.error === undefined) return list(shape, protocolErrors)
    const results = args.error.map((item) => ({
      item,
      outcome: findProtocolError(withoutPackage(item)) ?? unknownError(item),
    }))
    return outcomes(shape, results, { asBlocks: true })
  }
}

/** Logs print an exception with its package: `org.apache.kafka.common.errors.TimeoutException`. */
function withoutPackage(text: string): string {
  return text.replace(/^(?:[a-z_]\w*\.)+/i, '')
}

function unknownError(text: string): FailedError {
  const names = protocolErrors.flatMap(({ name, exception }) =>
    exception === null ? [name] : [name, exception],
  )
  const meant = nearest(text, names)
  return new FailedError('unknown-error', `Kafka has no error "${text}"`, {
    hint: meant.length > 0 ? `did you mean ${meant.join(', or ')}?` : 'ktool protocol errors lists them all',
  })
}
