import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import type { PartitionProducer } from '../../lib/model/transactions.ts'
import { served } from '../../lib/model/views.ts'
import { listProducers } from '../../lib/operations/list-producers.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'
import { parseTopicPartitions } from '../../lib/values/partitions.ts'

const shape: Shape<PartitionProducer> = {
  version: 1,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('producerId', { kind: 'number' }),
    column('producerEpoch', { kind: 'number', header: 'EPOCH' }),
    column('lastSequence', { kind: 'number' }),
    column('lastTimestampMs', { kind: 'time', header: 'LAST WRITE' }),
    column('coordinatorEpoch', { kind: 'number' }),
    column('firstOffset', { kind: 'number', header: 'OPEN SINCE' }),
  ],
}

export class TxnsProducers extends BaseCommand {
  static override summary =
    'List who writes to partitions with a producer id: idempotent, or in transactions.'

  static override description = [
    'A partition remembers each producer for a day after its last write. OPEN SINCE is the first offset of the',
    'transaction that it has open there; ktool txns hanging says whose that is. COORDINATOR EPOCH is that of the last',
    'marker of a transaction; a producer without one has ended none here.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> txns producers orders -b kafka1:9092',
    {
      description: 'Of one partition, from a disk',
      command: '<%= config.bin %> txns producers orders:3 --log-dir /var/lib/kafka/data',
    },
  ]

  static override args = {
    topic: argumentList({
      description: 'topics, or partitions of them: orders, orders:0,2-5',
      required: true,
    }),
  }

  static override flags = { ...placeFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TxnsProducers)
    const wanted = (args.topic ?? []).map(parseTopicPartitions)
    const place = await openPlace(flags, this.surroundings)
    const { rows, failures } = await listProducers(
      { offsets: served(place.offsets), transactions: served(place.transactions) },
      wanted,
    )
    return list(shape, rows, { failures, notes: place.notes(), unread: place.unread() })
  }
}
