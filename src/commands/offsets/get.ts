import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags, string } from '../../lib/cli/flags.ts'
import { placeFlags } from '../../lib/cli/place-flags.ts'
import { UsageError } from '../../lib/errors.ts'
import type { FoundOffset, OffsetPlace } from '../../lib/model/offsets.ts'
import { served } from '../../lib/model/views.ts'
import { getOffsets } from '../../lib/operations/get-offsets.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { openPlace } from '../../lib/places/open-place.ts'
import { parseTopicPartitions } from '../../lib/values/partitions.ts'
import { formatTime, parseTime } from '../../lib/values/times.ts'

const shape: Shape<FoundOffset> = {
  version: 1,
  metrics: [
    {
      name: 'ktool_partition_offset',
      type: 'gauge',
      help: 'The offset that was asked for.',
      key: 'offset',
      labels: ['topic', 'partition'],
    },
  ],
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('offset', { kind: 'number' }),
    column('timestamp', { kind: 'moment' }),
    column('reason', { folds: true }),
  ],
}

const places = ['start', 'end', 'committed', 'max', 'local', 'tiered'] as const

export class OffsetsGet extends BaseCommand {
  static override summary =
    'Get an offset of partitions: their start, their end, or what was written at a time.'

  static override description = [
    '--time says which: `end`, the high watermark, unless it is said; `committed`, the last stable offset, where readers',
    'of committed transactions stop; `start`; `max`, the record with the largest timestamp; `local` and `tiered`, the',
    'first offset on the brokers’ own disks and the last in remote storage; or a time, such as @-1h or @2026-01-15, for',
    'the first record that is not older. The answer is a broker’s: it looks into the first segment with a timestamp',
    'that is large enough, and its offset may be that of a control record. Where there is none, offset is null.',
    '\n\nFrom log directories `end` and `committed` are at least what they say: a broker writes the high watermark down',
    'every five seconds.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> offsets get orders -b kafka1:9092',
    '<%= config.bin %> offsets get orders --log-dir /var/lib/kafka/data',
    {
      description: 'What two partitions held from 14:05 on',
      command: '<%= config.bin %> offsets get orders:0,2 --time @2026-01-15T14:05:00Z -b kafka1',
    },
  ]

  static override args = {
    topic: argumentList({
      description: 'topics, or partitions of them: orders, orders:0,2-5',
      required: true,
    }),
  }

  static override flags = {
    time: string({
      default: 'end',
      summary: `Which offset: ${places.join(', ')}, or a time.`,
      helpValue: 'WHICH',
    }),
    ...placeFlags,
    ...outputFlags(shape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(OffsetsGet)
    const place = placeOf(flags.time, this.surroundings.clock.nowMs())
    const wanted = (args.topic ?? []).map(parseTopicPartitions)
    const opened = await openPlace(flags, this.surroundings)
    const { rows, failures } = await getOffsets(served(opened.offsets), wanted, place)
    const asked = place.kind === 'time' ? [`from ${formatTime(place.timeMs)} on`] : []
    return list(shape, rows, { failures, notes: [...asked, ...opened.notes()], unread: opened.unread() })
  }
}

function placeOf(text: string, nowMs: number): OffsetPlace {
  if (text.startsWith('@')) return { kind: 'time', timeMs: parseTime(text, nowMs) }
  const kind = places.find((each) => each === text)
  if (kind !== undefined) return { kind }
  const meant = ofKafkasTool(text)
  throw new UsageError('invalid-time', `"${text}" is neither a time nor one of ${places.join(', ')}`, {
    hint:
      meant === undefined
        ? 'a time is written like @-1h, @2026-01-15, @2026-01-15T10:00:00+01:00 or @1768471200000'
        : `what kafka-get-offsets calls ${text} is --time ${meant} here`,
  })
}

const kafkasWords: Readonly<Record<string, (typeof places)[number]>> = {
  ...{ latest: 'end', '-1': 'end', earliest: 'start', '-2': 'start', 'max-timestamp': 'max', '-3': 'max' },
  ...{ 'earliest-local': 'local', '-4': 'local', 'latest-tiered': 'tiered', '-5': 'tiered' },
}

/** In its words a bare number is a timestamp. */
function ofKafkasTool(text: string): string | undefined {
  const word = Object.hasOwn(kafkasWords, text) ? kafkasWords[text] : undefined
  return word ?? (/^\d+$/.test(text) ? `@${text}` : undefined)
}
