import { parsePlan } from '../../lib/changes/plan-file.ts'
import { type VerifiedPartition, verifyReassignment } from '../../lib/changes/reassign/verify-reassignment.ts'
import { optionalArgument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import { readTextOf } from '../../lib/cli/read-file.ts'
import { CheckFailed } from '../../lib/errors.ts'
import { partitionName } from '../../lib/model/partitions.ts'
import { replicaName } from '../../lib/operations/log-dirs.ts'
import { isKtoolPlan, linesOfSteps, parseReassignment } from '../../lib/operations/reassign-json.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

const colours = { done: 'green', underway: 'yellow', differs: 'red' } as const

const shape: Shape<VerifiedPartition> = {
  version: 1,
  name: nameOf,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('wanted'),
    column('replicas'),
    column('state', { colour: ({ state }) => colours[state] }),
    column('broker', { kind: 'number', isSpare: true }),
    column('wantedLogDir', { isSpare: true }),
    column('logDir', { isSpare: true }),
    column('futureLogDir', { isSpare: true }),
  ],
}

function nameOf({ broker, ...at }: VerifiedPartition): string {
  return broker === null ? partitionName(at) : replicaName(at, broker)
}

export class ReassignVerify extends BaseCommand {
  static override summary = 'Tell whether a reassignment is done, and what it has left behind.'

  static override description = [
    'STATE is done where the replicas are those of the file, in its order; underway as long as something is copied or has to',
    'go; differs where it is neither. Each log directory that the file names has a row too: done where the replica of that',
    'broker lies there, underway where it is on its way there, differs where it lies elsewhere. Without a file it is about',
    'everything that is under way. The exit code is 3 unless all is done. Throttles that are still set are named, whoever',
    'set them; nothing is changed.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> reassign verify moves.json -b kafka1:9092',
    {
      description: 'Is anything being moved at all?',
      command: '<%= config.bin %> reassign verify -b kafka1:9092',
    },
  ]

  static override args = {
    file: optionalArgument({
      description: "Kafka's reassignment JSON, or ktool's plan; - reads it from stdin",
    }),
  }

  static override flags = { ...clusterFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ReassignVerify)
    const { file } = args
    const text = file === undefined ? undefined : await readTextOf(this.surroundings, file, 'the file')
    const lines = text === undefined ? undefined : linesOf(text, file ?? '')
    const { changers } = await openCluster(flags, this.surroundings)
    const { rows, failures, throttles } = await verifyReassignment(changers, lines)
    const open = rows.filter(({ state }) => state !== 'done')
    const trouble = open.length === 0 ? undefined : notDone(open)
    const nothing = rows.length === 0 && failures.length === 0 ? ['nothing is under way'] : []
    return list(shape, rows, { failures, notes: [...nothing, ...throttles], ...(trouble && { trouble }) })
  }
}

function linesOf(text: string, path: string) {
  return isKtoolPlan(text) ? linesOfSteps(parsePlan(text, path).steps) : parseReassignment(text, path)
}

function notDone(open: readonly VerifiedPartition[]): CheckFailed {
  const underway = open.filter(({ state }) => state === 'underway').length
  const differing = open.length - underway
  const parts = [
    underway === 0 ? '' : `${underway} under way`,
    differing === 0 ? '' : `${differing} elsewhere than wanted`,
  ]
  const items = open.map(nameOf)
  return new CheckFailed(
    'reassignment-not-done',
    `not all is done: ${parts.filter((part) => part !== '').join(', ')}`,
    {
      hint:
        underway > 0
          ? 'ktool reassign status shows how far it has come'
          : 'ktool reassign apply moves what is left',
      details: { items },
    },
  )
}
