import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { changeFlags, integer, option, outputFlags } from '../../lib/cli/flags.ts'
import { LongWork } from '../../lib/cli/long-work.ts'
import { UsageError } from '../../lib/errors.ts'
import { type RebuiltIndex, rebuildIndexes } from '../../lib/log/rebuild/rebuild-indexes.ts'
import { indexKinds } from '../../lib/log/rebuild/rebuild-segment.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'

const shape: Shape<RebuiltIndex> = {
  version: 1,
  name: ({ file }) => file,
  columns: [
    column('file'),
    column('kind', { isInTable: false }),
    column('change', { colour: ({ change }) => (change === 'skipped' ? 'yellow' : undefined) }),
    column('entries', { kind: 'number' }),
    column('sizeBytes', { kind: 'size' }),
    column('previousSizeBytes', { isSpare: true, kind: 'size', header: 'BEFORE' }),
    column('backup', { isSpare: true }),
    column('reason', { folds: true }),
  ],
}

export class SegmentsRebuildIndex extends BaseCommand {
  static override summary = "Write a segment's indexes anew from its log, as a broker's recovery does."

  static override description = [
    'Each log file is read once, with the checksum of every batch, and its offset index, time index and transaction',
    'index are written beside the old ones. An index that differs is replaced in one step; the old file stays as',
    '<name>.backup-<time>, which a broker passes over. Equal ones are not touched. The transaction index is left out,',
    'with the reason, where no producer snapshot tells which transactions were open before; as after a recovery it has no',
    'entry for a transaction whose records the cleaner has taken away.',
    '\n\nThe entries are those of recovery, one for every --index-interval-bytes. Other correct indexes of the same log',
    'may have theirs at other batches: a broker begins to count anew when it starts, and older ones named the first',
    'offset of a batch.',
    '\n\nIt refuses while a broker is alive on the log directory, which Linux tells by the lock on its .lock, and a log',
    'that is damaged: see `ktool segments verify`. A broker in another container cannot be seen.',
  ].join(' ')

  static override examples = [
    {
      description: 'What would change',
      command: '<%= config.bin %> segments rebuild-index /var/lib/kafka/orders-0 --dry-run',
    },
    {
      description: 'The time index of one segment',
      command:
        '<%= config.bin %> segments rebuild-index /var/lib/kafka/orders-0/00000000000000000000.log --kind timeindex --yes',
    },
  ]

  static override args = {
    path: argumentList({
      description: 'folders of partitions, or .log files in them',
      required: true,
    }),
  }

  static override flags = {
    ...outputFlags(shape),
    kind: option({
      options: indexKinds,
      multiple: true,
      multipleNonGreedy: true,
      summary: `Only this one of ${indexKinds.join(', ')}; repeat it for more. All three if not said.`,
      helpValue: 'KIND',
    })(),
    'index-interval-bytes': integer({
      min: 0,
      default: 4096,
      summary: "The topic's index.interval.bytes.",
      helpValue: 'N',
    }),
    yes: changeFlags.yes,
    'dry-run': changeFlags['dry-run'],
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(SegmentsRebuildIndex)
    const isDryRun = flags['dry-run']
    if (!isDryRun && !flags.yes) throw notAgreed()
    const { disk, clock } = this.surroundings
    const work = new LongWork(this.surroundings, flags.quiet)
    const { rows, failures, notes } = await rebuildIndexes(disk, args.path ?? [], {
      kinds: flags.kind ?? indexKinds,
      intervalBytes: flags['index-interval-bytes'],
      isDryRun,
      nowMs: clock.nowMs(),
      turns: work,
    })
    await work.end()
    return list(shape, rows, { failures, notes })
  }
}

function notAgreed(): UsageError {
  return new UsageError('not-confirmed', 'index files would be replaced, and nobody has agreed', {
    hint: '--dry-run shows what would change; --yes does it',
  })
}
