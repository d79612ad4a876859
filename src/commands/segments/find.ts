import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { boolean, outputFlags, string } from '../../lib/cli/flags.ts'
import { CheckFailed } from '../../lib/errors.ts'
import { type Finding, findInPartition } from '../../lib/log/lookup/find-in-partition.ts'
import { parseAsked } from '../../lib/log/lookup/parse-asked.ts'
import {
  describeBatch,
  describeOverlooked,
  describeStep,
  notesOf,
} from '../../lib/log/lookup/tell-finding.ts'
import { SteadyDisk } from '../../lib/log/steady-disk.ts'
import { item, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'

const shape: Shape<Finding> = {
  version: 1,
  columns: [
    column('offset', { kind: 'number' }),
    column('timestamp', { kind: 'moment' }),
    column('control'),
    column('leaderEpoch', { kind: 'number' }),
    column('batch', { shown: ({ batch }) => describeBatch(batch) }),
    column('reason', { header: 'WHY NONE' }),
    column('overlooked', { shown: ({ overlooked }) => describeOverlooked(overlooked) }),
    column('path', { shown: ({ path }) => path.map(describeStep), onePerLine: true }),
    column('readBytes', { kind: 'size' }),
    column('logStartOffset', { kind: 'number' }),
    column('highWatermark', { kind: 'number' }),
    computed('warnings', ({ warnings, damages }) => [...warnings, ...damages]),
  ],
}

export class SegmentsFind extends BaseCommand {
  static override summary = 'Find the record at an offset or a time, by the indexes, and show the way to it.'

  static override description = [
    'Gives the first record at or behind --offset, or from --time on, as a broker answers: from the log start up to the',
    'high watermark, which the checkpoints beside the folder tell. Without them the log is searched from its first base',
    'offset to its end. A marker of a transaction counts, though no consumer ever gets one. For a time a broker looks',
    'into one segment only, and may find nothing although a later one holds a record: that one is shown as OVERLOOKED.',
    '\n\nWhat an index says is held against the log before it is believed. Where it is damaged the log is read instead,',
    'and stderr says so. Nothing found is null, and exit code 0; damage in the way of the search is exit code 3.',
  ].join(' ')

  static override examples = [
    {
      description: 'Which record stands at offset 1200000, or comes next?',
      command: '<%= config.bin %> segments find /var/lib/kafka/orders-0 --offset 1200000',
    },
    {
      description: 'Where does 14:05 begin?',
      command: '<%= config.bin %> segments find /var/lib/kafka/orders-0 --time @2026-01-15T14:05:00Z',
    },
    {
      description: 'For a script, with what the lookup took on stderr',
      command: '<%= config.bin %> segments find /var/lib/kafka/orders-0 --time @-1h --stats -o json',
    },
  ]

  static override args = {
    path: argument({ description: 'the folder of a partition', required: true }),
  }

  static override flags = {
    ...outputFlags(shape),
    offset: string({ summary: 'Look for this offset.', helpValue: 'N' }),
    time: string({ summary: 'Look for a time, such as @-1h.', helpValue: '@TIME' }),
    stats: boolean({ summary: 'Say on stderr how long the lookup took, and how much it read.' }),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(SegmentsFind)
    const { disk, clock } = this.surroundings
    const asked = parseAsked(flags, clock.nowMs())
    const startedMs = clock.monotonicMs()
    const finding = findInPartition(new SteadyDisk(disk), args.path, asked)
    const tookMs = clock.monotonicMs() - startedMs
    return item(shape, finding, {
      notes: notesOf(finding, asked, flags.stats ? tookMs : null),
      ...troubleOf(finding),
    })
  }
}

function troubleOf({ damages }: Finding): { trouble?: CheckFailed } {
  if (damages.length === 0) return {}
  const trouble = new CheckFailed('damaged-log', damages.join('; '), {
    hint: 'ktool segments verify tells all that is wrong with it',
    details: { damages },
  })
  return { trouble }
}
