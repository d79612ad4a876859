import { BaseCommand } from '../../lib/cli/base-command.ts'
import { oneOf, outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
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
    column('state', { colour: ({ state }) => (state === 'Ongoing' ? 'yellow' : undefined) }),
    column('producerId', { kind: 'number' }),
    column('producerEpoch', { kind: 'number', header: 'EPOCH' }),
    column('timeoutMs', { kind: 'duration' }),
    column('startTimeMs', { kind: 'time', header: 'STARTED' }),
    column('lastUpdateMs', { kind: 'time', header: 'UPDATED' }),
    column('partitions', { folds: true }),
  ],
}

export class TxnsList extends BaseCommand {
  static override summary = 'List transactional ids, and where the transaction of each stands.'

  static override description = [
    'A transaction that has ended stays listed as CompleteCommit or CompleteAbort until its id expires, and STARTED is',
    'when the last one began. ktool txns hanging shows those that partitions have open.',
    '\n\nFrom log directories it is what was written last in __transaction_state; of partitions of it that are not there',
    'the ids are not known, and the exit code is 1.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> txns list --log-dir /var/lib/kafka/data',
    {
      description: 'Only those under way',
      command: '<%= config.bin %> txns list --state Ongoing --log-dir DIR',
    },
  ]

  static override flags = {
    state: oneOf(transactionStates)({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only those in this state, such as Ongoing; repeat it for more.',
      helpValue: 'STATE',
    }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { flags } = await this.parse(TxnsList)
    const place = openPlace(flags, this.surroundings)
    const found = await listTransactions(served(place.transactions), flags.state)
    return outcomes(shape, found, { notes: place.notes(), unread: place.unread() })
  }
}
