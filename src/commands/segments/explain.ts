import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags, string } from '../../lib/cli/flags.ts'
import { LongWork } from '../../lib/cli/long-work.ts'
import { explainPaths } from '../../lib/log/explain/explain-paths.ts'
import type { ExplainRow } from '../../lib/log/explain/explain-row.ts'
import { parseSettings, settingKeys } from '../../lib/log/explain/topic-settings.ts'
import { SteadyDisk } from '../../lib/log/steady-disk.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'
import { parseTime } from '../../lib/values/times.ts'

const hidden = { isInTable: false } as const

const shape: Shape<ExplainRow> = {
  version: 1,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('folder', hidden),
    column('kind', hidden),
    column('file', { header: 'SEGMENT' }),
    column('baseOffset', { kind: 'number', ...hidden }),
    column('nextOffset', { kind: 'number', ...hidden }),
    column('sizeBytes', { isSpare: true, kind: 'size' }),
    column('largestTimestampMs', { isSpare: true, kind: 'moment' }),
    column('timestampFrom', hidden),
    column('rollsAtMs', { kind: 'time', ...hidden }),
    column('retention', {
      shown: (row) => withReason(row.retention, row.retentionReason),
      folds: true,
      colour: ({ retention }) => (retention === 'delete' ? 'yellow' : undefined),
    }),
    column('retentionBy', { header: 'BY', ...hidden }),
    column('retentionAtMs', { kind: 'time', ...hidden }),
    column('blockedBy', hidden),
    column('retentionReason', hidden),
    column('compaction', {
      shown: (row) => withReason(row.compaction, row.compactionReason),
      folds: true,
    }),
    column('compactionReason', hidden),
    column('firstDirtyOffset', { kind: 'number', ...hidden }),
    column('uncleanableFromOffset', { kind: 'number', ...hidden }),
    column('cleanableBytes', { kind: 'size', ...hidden }),
    column('dirtyRatio', { kind: 'number', ...hidden }),
    column('earliestDeleteHorizonMs', { kind: 'time', ...hidden }),
    column('recovery', { shown: (row) => withReason(row.recovery, row.recoveryReason), folds: true }),
    column('recoveryReason', hidden),
    column('recoveryPoint', { kind: 'number', ...hidden }),
    column('recoveryBytes', { kind: 'size', ...hidden }),
    column('settings', hidden),
  ],
}

export class SegmentsExplain extends BaseCommand {
  static override summary =
    'Say what retention, compaction and recovery would do next with each segment, and why.'

  static override description = [
    'For each partition there is a row for the whole, and one for each segment. RETENTION says which segments the next',
    'round of retention would delete, by which limit, or until when a segment is kept and which one before it holds it',
    'back. COMPACTION says what is clean, what is dirty, and what keeps the cleaner away. RECOVERY says what a broker',
    'would read after an unclean stop.',
    '\n\nSettings of topics come from the metadata log, where a node of KRaft has left one in the directory; --config goes',
    "before them, and Kafka's defaults take the place of what nobody says. The largest timestamp of a segment is the",
    'last entry of its time index, of a segment that is recovered or active the largest in its batch headers, and where',
    'neither is there the time of the file, as a broker has it. Where damage was met on the way the exit code is 3.',
  ].join(' ')

  static override examples = [
    {
      description: 'Why are these segments still there?',
      command: '<%= config.bin %> segments explain /var/lib/kafka/orders-0',
    },
    {
      description: 'What would a shorter retention delete?',
      command: '<%= config.bin %> segments explain /var/lib/kafka/orders-0 --config retention.ms=3600000',
    },
  ]

  static override args = {
    path: argumentList({ description: 'folders of partitions, or whole log directories', required: true }),
  }

  static override flags = {
    ...outputFlags(shape),
    config: string({
      multiple: true,
      multipleNonGreedy: true,
      summary: `A setting of the topic: ${settingKeys.join(', ')}.`,
      helpValue: 'KEY=VALUE',
    }),
    at: string({ summary: 'As if it were this time, such as @+7d.', helpValue: '@TIME' }),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(SegmentsExplain)
    const { disk, clock } = this.surroundings
    const nowMs = clock.nowMs()
    const work = new LongWork(this.surroundings, flags.quiet)
    const { rows, failures, notes } = await explainPaths(new SteadyDisk(disk), args.path ?? [], {
      flags: parseSettings(flags.config ?? []),
      nowMs: flags.at === undefined ? nowMs : parseTime(flags.at, nowMs),
      turns: work,
    })
    await work.end()
    return list(shape, rows, { failures, notes })
  }
}

function withReason(what: string | null, reason: string | null): string | null {
  return what === null || reason === null ? what : `${what}: ${reason}`
}
