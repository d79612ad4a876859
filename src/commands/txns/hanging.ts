import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { duration, outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { served } from '../../lib/model/views.ts'
import { type OpenTransactionRow, openTransactions } from '../../lib/operations/open-transactions.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const colours = { hanging: 'red', unknown: 'yellow', ending: undefined, open: undefined } as const

const shape: Shape<OpenTransactionRow> = {
  version: 1,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('transactionalId'),
    column('producerId', { kind: 'number' }),
    column('producerEpoch', { kind: 'number', isInTable: false }),
    column('coordinatorEpoch', { kind: 'number', isInTable: false }),
    column('firstOffset', { kind: 'number' }),
    column('lastStable', { kind: 'number', isInTable: false }),
    column('holdsLastStable', { header: 'BLOCKS' }),
    column('startTimestampMs', { isSpare: true, kind: 'time', header: 'STARTED' }),
    column('lastTimestampMs', { isSpare: true, kind: 'time', header: 'LAST WRITE' }),
    column('state', { isInTable: false }),
    column('verdict', { colour: ({ verdict }) => colours[verdict] }),
    column('reason', { folds: true }),
    column('fix', { isInTable: false }),
  ],
}

export class TxnsHanging extends BaseCommand {
  static override summary = 'Find the transactions that partitions have open, and those that nobody will end.'

  static override description = [
    'Readers of committed records stop at the first record of the earliest open transaction of a partition, the last',
    'stable offset: that transaction blocks them. VERDICT is open where a coordinator has the transaction under way, ending',
    'where it has decided and the marker is still to come, and hanging where none has it under way for the partition, and',
    'its last write is longer ago than the longest timeout: then nobody will end it, the exit code is 3, and `fix` is the',
    'command that aborts it on a live cluster. It is unknown where not all coordinators, or not all partitions of',
    '__transaction_state, are there to tell.',
  ].join(' ')

  static override examples = [
    {
      description: 'Which transactions block readers',
      command: '<%= config.bin %> txns hanging -b kafka1:9092',
    },
    {
      description: 'The commands that end the hanging ones of a topic',
      command: `<%= config.bin %> txns hanging orders -b kafka1 -o json | jq -r '.items[].fix // empty'`,
    },
  ]

  static override args = {
    topic: argumentList({ description: 'topics to look into; all of them if none is given' }),
  }

  static override flags = {
    'max-timeout': duration({
      summary:
        'For so long after its last write a transaction is not called hanging: 15m, the longest that brokers allow, and 1m of a disk.',
    }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TxnsHanging)
    const place = await openPlace(flags, this.surroundings)
    const { rows, failures, seenCount, trouble } = await openTransactions(served(place.transactions), {
      topics: args.topic,
      nowMs: this.surroundings.clock.nowMs(),
      settledMs: flags['max-timeout'],
    })
    return list(shape, rows, {
      failures,
      rowlessCount: seenCount,
      notes: place.notes(),
      unread: place.unread(),
      ...(trouble && { trouble }),
    })
  }
}
