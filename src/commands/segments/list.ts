import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { LongWork } from '../../lib/cli/long-work.ts'
import { listSegments, together } from '../../lib/log/listing/list-segments.ts'
import type { SegmentRow } from '../../lib/log/listing/segment-row.ts'
import { SteadyDisk } from '../../lib/log/steady-disk.ts'
import { type Result, stream } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'

const hidden = { isInTable: false } as const
const BAR_CELLS = 10
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

const shape: Shape<SegmentRow> = {
  version: 1,
  name: ({ folder, file }) => `${folder}/${file}`,
  columns: [
    column('topic', hidden),
    column('partition', { shown: partitionIn }),
    column('folder', hidden),
    column('file', { header: 'SEGMENT' }),
    column('baseOffset', { kind: 'number', ...hidden }),
    column('firstOffset', { kind: 'number', header: 'FIRST' }),
    column('lastOffset', { kind: 'number', header: 'LAST' }),
    column('batches', { kind: 'number', ...hidden }),
    column('records', { isSpare: true, kind: 'number' }),
    column('sizeBytes', { kind: 'size' }),
    column('relativeSize', { isSpare: true, header: '', shown: ({ relativeSize }) => barOf(relativeSize) }),
    column('firstTimestamp', { isSpare: true, kind: 'moment', header: 'FROM' }),
    column('lastTimestamp', { kind: 'moment', ...hidden }),
    column('maxTimestamp', { kind: 'moment', header: 'LATEST' }),
    column('magics', { isSpare: true, kind: 'number', header: 'MAGIC' }),
    column('codecs', { isSpare: true, header: 'CODEC' }),
    column('indexBytes', { kind: 'size', ...hidden }),
    column('timeIndexBytes', { kind: 'size', ...hidden }),
    column('txnIndexBytes', { kind: 'size', ...hidden }),
    column('state', { colour: ({ state }) => colours[state] }),
  ],
}

const colours: Partial<Record<SegmentRow['state'], 'red' | 'green' | 'dim'>> = {
  active: 'green',
  damaged: 'red',
  deleted: 'dim',
  cleaned: 'dim',
  swap: 'dim',
}

export class SegmentsList extends BaseCommand {
  static override summary = 'List the segments of partitions: their offsets, times, sizes and formats.'

  static override description = [
    'Each log file is read as a whole, so that what is said of a segment is true of all of it: the offsets and',
    'timestamps of its first and last record, the latest timestamp anywhere in it, the magics and codecs of its batches.',
    'Files that a deletion or the cleaner has left over come behind the segments of their partition. A segment in which',
    'damage was met is told of on stderr too, and the exit code is 3; `ktool segments verify` says more about it.',
  ].join(' ')

  static override examples = [
    { description: 'One partition', command: '<%= config.bin %> segments list /var/lib/kafka/orders-0' },
    {
      description: 'Which segments still hold messages of the formats before 0.11?',
      command:
        "<%= config.bin %> segments list /var/lib/kafka -o jsonl | jq -r 'select(any(.magics[]; . < 2)) | .file'",
    },
  ]

  static override args = {
    path: argumentList({ description: 'folders of partitions, or whole log directories', required: true }),
  }

  static override flags = outputFlags(shape)

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(SegmentsList)
    const { disk, stdout } = this.surroundings
    const work = new LongWork(this.surroundings, flags.quiet)
    const listed = listSegments(new SteadyDisk(disk), args.path ?? [], work)
    return stream(shape, work.bringing(stdout.isTerminal ? together(listed) : listed))
  }
}

/** As its folder is called, where that is a partition's name. */
function partitionIn({ topic, partition }: SegmentRow): string | null {
  return topic === null ? null : `${topic}-${partition}`
}

/** `██████▌` is six and a half cells of ten. */
function barOf(share: number): string | null {
  const parts = Math.round(share * BAR_CELLS * 8)
  return parts === 0 ? null : '█'.repeat(parts >> 3) + (eighths[parts & 7] ?? '')
}
