import { BaseCommand } from '../lib/cli/base-command.ts'
import { boolean, integer, outputFlags } from '../lib/cli/flags.ts'
import { placeFlags } from '../lib/cli/place-flags.ts'
import { partitionFlags, readerArguments, readerFlags } from '../lib/cli/record-flags.ts'
import { served } from '../lib/model/views.ts'
import { openPartitions, partitionsNamed } from '../lib/operations/open-partitions.ts'
import { tailRecords } from '../lib/operations/tail-records.ts'
import { recordRow } from '../lib/output/records/record-row.ts'
import { recordShape } from '../lib/output/records/record-shape.ts'
import { list, type Result } from '../lib/output/result.ts'
import { openPlace } from '../lib/places/open-place.ts'

const formats = recordShape({ topic: null, partition: null, key: 'text', value: 'text', manner: 'read' })

export class Tail extends BaseCommand {
  static override summary = 'Print the last records of topics, by their timestamps.'

  static override description = [
    'The newest records of all partitions together, the newest last; those of one partition stay in their order.',
    'What lies behind the high watermark is not printed, nor are control records.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> tail orders --log-dir /var/lib/kafka/data',
    {
      description: 'The last fifty of two partitions, with where they lie',
      command: '<%= config.bin %> tail orders:0,2 -n 50 --log-dir DIR -o jsonl',
    },
  ]

  static override args = readerArguments

  static override flags = {
    count: integer({
      char: 'n',
      min: 0,
      max: 1_000_000,
      default: 10,
      summary: 'How many records.',
      helpValue: 'N',
    }),
    ...partitionFlags,
    follow: boolean({
      char: 'f',
      summary: 'Go on with what is written from now on: for a live cluster only.',
    }),
    ...readerFlags,
    ...placeFlags,
    ...outputFlags(formats),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Tail)
    const { key, value, count, follow, isolation } = flags
    const place = openPlace(flags, this.surroundings)
    const wanted = partitionsNamed(args.topics ?? [], flags.partitions)
    const opened = await openPartitions(served(place.records), wanted, isolation)
    const shape = recordShape({ topic: null, partition: null, key, value, manner: 'read' })
    const { rows, failures } = await tailRecords(
      opened,
      { count, isFollowing: follow },
      ({ topic, partition }, ...record) =>
        recordRow({ topic, partition, key, value, manner: 'read' }, ...record),
    )
    return list(shape, rows, {
      failures,
      notes: [...place.notes(), ...opened.notes],
      unread: place.unread(),
    })
  }
}
