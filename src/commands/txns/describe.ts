import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import type { OpenTransaction } from '../../lib/model/transactions.ts'
import { served } from '../../lib/model/views.ts'
import { describeTransactions, type TransactionDescription } from '../../lib/operations/list-transactions.ts'
import { outcomes, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import type { Value } from '../../lib/output/value.ts'
import { openPlace } from '../../lib/places/open-place.ts'

const shape: Shape<TransactionDescription> = {
  version: 1,
  name: ({ transactionalId }) => transactionalId,
  columns: [
    column('transactionalId'),
    column('coordinator', { kind: 'number' }),
    column('state'),
    column('producerId', { kind: 'number' }),
    column('producerEpoch', { kind: 'number' }),
    column('timeoutMs', { kind: 'duration' }),
    column('startTimeMs', { kind: 'time', header: 'STARTED' }),
    column('lastUpdateMs', { kind: 'time', header: 'UPDATED' }),
    column('partitions'),
    computed('open', ({ open }) => open.map((each) => ({ ...each }) as { [key: string]: Value }), {
      isInTable: false,
      shown: ({ open }) => open.map(openInWords),
      onePerLine: true,
    }),
  ],
}

export class TxnsDescribe extends BaseCommand {
  static override summary =
    'Describe transactional ids: their producer, their state, the partitions they write to.'

  static override description = [
    '`open` says in which of these partitions the transaction has records without a marker behind them, from which',
    'offset on, and how far readers of committed records get there.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> txns describe etl-1 -b kafka1:9092',
    '<%= config.bin %> txns describe etl-1 --log-dir /var/lib/kafka/data -o json',
  ]

  static override args = {
    id: argumentList({ description: 'transactional ids', required: true }),
  }

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TxnsDescribe)
    const place = await openPlace(flags, this.surroundings)
    const found = await describeTransactions(served(place.transactions), args.id ?? [])
    return outcomes(shape, found, { asBlocks: true, notes: place.notes(), unread: place.unread() })
  }
}

function openInWords({ topic, partition, firstOffset, lastStable }: OpenTransaction): string {
  const isFirst = firstOffset === lastStable
  const blocked = isFirst
    ? 'readers of committed records stop there'
    : `readers of committed records stop before it, at ${lastStable}`
  return `${topic}:${partition} from offset ${firstOffset} on; ${blocked}`
}
