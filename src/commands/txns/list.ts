import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, duration, integer, oneOf, outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { UsageError } from '../../lib/errors.ts'
import { transactionStates } from '../../lib/model/transactions.ts'
import { served } from '../../lib/model/views.ts'
import { listTransactions, type TransactionRow } from '../../lib/operations/list-transactions.ts'
import { outcomes, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<TransactionRow> = {
  version: 1,
  name: ({ transactionalId }) => transactionalId,
  columns: [
    column('transactionalId'),
    column('coordinator', { kind: 'number' }),
    column('state', { colour: ({ state }) => (state === 'Ongoing' ? 'yellow' : undefined) }),
    column('producerId', { kind: 'number' }),
    column('producerEpoch', { kind: 'number', header: 'EPOCH' }),
    column('timeoutMs', { kind: 'duration' }),
    column('startTimeMs', { kind: 'time', header: 'STARTED' }),
    column('lastUpdateMs', { kind: 'time', header: 'UPDATED' }),
    column('partitions', { folds: true }),
  ],
}

const several = { multiple: true, multipleNonGreedy: true } as const

export class TxnsList extends BaseCommand {
  static override summary = 'List transactional ids, and where the transaction of each stands.'

  static override description = [
    'A transaction that has ended stays listed as CompleteCommit or CompleteAbort until its id expires, and STARTED is',
    'when the last one began. ktool txns hanging shows those that partitions have open.',
    '\n\nFrom log directories it is what was written last in __transaction_state; of partitions of it that are not there',
    'the ids are not known, and the exit code is 1.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> txns list -b kafka1:9092',
    '<%= config.bin %> txns list --log-dir /var/lib/kafka/data',
    {
      description: 'Those of one application',
      command: `<%= config.bin %> txns list --regex 'billing-.*' -b kafka1:9092`,
    },
    {
      description: 'Only those that have been under way for more than ten minutes',
      command: '<%= config.bin %> txns list --state Ongoing --older-than 10m -b kafka1',
    },
  ]

  static override args = {
    ids: argumentList({
      description: 'only these transactional ids, or with --regex patterns of them; all if none is given',
    }),
  }

  static override flags = {
    regex: boolean({ summary: 'The ids are patterns, each for whole ids.' }),
    state: oneOf(transactionStates)({
      ...several,
      summary: 'Only those in this state, such as Ongoing; repeat it for more.',
      helpValue: 'STATE',
    }),
    'producer-id': integer({
      ...several,
      min: 0,
      summary: 'Only that of this producer id; repeat it for more.',
      helpValue: 'ID',
    }),
    'older-than': duration({ summary: 'Only those whose last transaction began so long ago, such as 10m.' }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TxnsList)
    const ids = args.ids
    if (flags.regex && ids === undefined) throw noPattern()
    const place = await openPlace(flags, this.surroundings)
    const found = await listTransactions(served(place.transactions), {
      ...(flags.regex ? { patterns: ids } : { ids }),
      states: flags.state,
      producerIds: flags['producer-id'],
      olderThanMs: flags['older-than'],
      nowMs: this.surroundings.clock.nowMs(),
    })
    return outcomes(shape, found, { notes: place.notes(), unread: place.unread() })
  }
}

function noPattern(): UsageError {
  return new UsageError('missing-argument', '--regex has no pattern to go by', {
    hint: "name one: ktool txns list --regex 'billing-.*'",
  })
}
