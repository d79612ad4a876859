import { BaseCommand } from '../lib/cli/base-command.ts'
import { integer, outputFlags, string } from '../lib/cli/flags.ts'
import { LongWork } from '../lib/cli/long-work.ts'
import { placeFlags } from '../lib/cli/place-flags.ts'
import { partitionFlags, readerArguments, readerFlags } from '../lib/cli/record-flags.ts'
import { served } from '../lib/model/views.ts'
import { openPartitions, partitionsNamed } from '../lib/operations/open-partitions.ts'
import { parseRange } from '../lib/operations/read-range.ts'
import { readRecords } from '../lib/operations/read-records.ts'
import { recordRow } from '../lib/output/records/record-row.ts'
import { recordShape } from '../lib/output/records/record-shape.ts'
import { type Result, stream } from '../lib/output/result.ts'
import { openPlace } from '../lib/places/open-place.ts'
import type { OffsetSpec } from '../lib/values/offsets.ts'
import { tellTimes } from '../lib/values/times.ts'

const formats = recordShape({ topic: null, partition: null, key: 'text', value: 'text', manner: 'read' })

export class Consume extends BaseCommand {
  static override summary = 'Print the records of topics, one partition after the other.'

  static override description = [
    'Each partition is read from --from up to --to, that offset excluded; records that nobody may see yet, behind the',
    'high watermark, are not printed, nor are control records. With --isolation committed neither are the records of',
    'transactions that were aborted, or are still open. A damaged place is an error on stderr, exit 1; what lies',
    'behind it is printed all the same.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> consume orders --log-dir /var/lib/kafka/data -o jsonl',
    {
      description: 'What was written around 14:05',
      command:
        '<%= config.bin %> consume orders --from @2026-01-15T14:04:00Z --to @2026-01-15T14:06:00Z --log-dir DIR',
    },
    {
      description: 'The first ten records from offset 1200 of partition 2 on, keys as numbers',
      command: '<%= config.bin %> consume orders:2 --from 1200 -n 10 --key long --log-dir DIR',
    },
  ]

  static override args = readerArguments

  static override flags = {
    from: string({
      default: 'start',
      summary:
        'Where to begin: start, an offset, +N from the start, -N from the end, or a time such as @-1h.',
      helpValue: 'OFFSET',
    }),
    to: string({
      default: 'end',
      summary: 'Where to end, in the same words; that offset is no longer printed.',
      helpValue: 'OFFSET',
    }),
    count: integer({ char: 'n', min: 0, summary: 'Print no more records than this.', helpValue: 'N' }),
    ...partitionFlags,
    ...readerFlags,
    ...placeFlags,
    ...outputFlags(formats),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Consume)
    const { disk, clock } = this.surroundings
    const { key, value, count, isolation } = flags
    const asked = parseRange(flags.from, flags.to, clock.nowMs())
    const wanted = partitionsNamed(args.topics ?? [], flags.partitions)
    const place = openPlace(flags, { disk })
    const opened = await openPartitions(served(place.records), wanted, isolation)
    const shape = recordShape({ topic: null, partition: null, key, value, manner: 'read' })
    const rows = readRecords(
      opened,
      asked,
      ({ topic, partition }, ...record) =>
        recordRow({ topic, partition, key, value, manner: 'read' }, ...record),
      count,
    )
    const times = tellTimes(timeOf(asked.from), timeOf(asked.to))
    return stream(shape, new LongWork(this.surroundings).interruptible(rows), {
      notes: [...times, ...place.notes(), ...opened.notes],
      unread: place.unread(),
    })
  }
}

function timeOf(spec: OffsetSpec): number | undefined {
  return spec.kind === 'time' ? spec.timeMs : undefined
}
