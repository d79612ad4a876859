import { argumentList } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { LongWork } from '../../lib/cli/long-work.ts'
import { SteadyDisk } from '../../lib/log/steady-disk.ts'
import type { PartitionVerdict } from '../../lib/log/verify/partition-verdict.ts'
import { type TableLine, tableLines } from '../../lib/log/verify/tell-verdict.ts'
import { verifyPaths } from '../../lib/log/verify/verify-paths.ts'
import { type Result, stream } from '../../lib/output/result.ts'
import { column, type Shape, unfold } from '../../lib/output/shape.ts'

const colours = { ok: 'green', info: 'dim', warning: 'yellow', error: 'red' } as const

const shape: Shape<PartitionVerdict> = {
  version: 1,
  name: ({ folder }) => folder,
  columns: [
    column('topic'),
    column('partition', { kind: 'number' }),
    column('folder'),
    column('verdict', { colour: ({ verdict }) => colours[verdict] }),
    column('segments', { kind: 'number' }),
    column('sizeBytes', { kind: 'size' }),
    column('firstOffset', { kind: 'number' }),
    column('lastOffset', { kind: 'number' }),
    column('batches', { kind: 'number' }),
    column('records', { kind: 'number' }),
    column('damagedBatches', { kind: 'number' }),
    column('skippedBytes', { kind: 'size' }),
    column('lostOffsets', { kind: 'number' }),
    column('findings'),
    column('nextStart'),
    column('onStart'),
  ],
  unfolded: unfold<PartitionVerdict, TableLine>(tableLines, [
    column('partition'),
    column('severity', { header: 'VERDICT', colour: ({ severity }) => colours[severity] }),
    column('finding', { folds: true }),
    column('onStart', { folds: true, header: 'ON START' }),
  ]),
}

export class SegmentsVerify extends BaseCommand {
  static override summary = 'Say what is wrong with partitions on disk, and what a broker would make of them.'

  static override description = [
    'Every byte of each log is read: lengths, CRCs, every record, and whether offsets, leader epochs and sequences',
    'follow one another. Indexes, producer snapshots and checkpoints are held against the logs. After damage the',
    'scan finds the next batch that can be believed and goes on.',
    '\n\nEach finding says where it is and how bad: info is normal after an unclean stop, a warning is something that',
    'a broker would change, rebuild or overlook, an error means that records are lost or cannot be read, or that the',
    'broker does not start. ON START tells what Kafka 4.3 would do about it on its next start; -o json has both kinds',
    'of start, with and without the mark of a clean stop, and what becomes of each file. Nothing is changed on disk.',
    '\n\nThe exit code is 3 where there is a warning or an error.',
  ].join(' ')

  static override examples = [
    { description: 'One partition', command: '<%= config.bin %> segments verify /var/lib/kafka/orders-0' },
    {
      description: 'Which partitions would lose records if the broker were started now?',
      command:
        "<%= config.bin %> segments verify /var/lib/kafka -o jsonl | jq -r 'select(.onStart.unclean.logEndOffset <= .lastOffset) | .folder'",
    },
  ]

  static override args = {
    path: argumentList({ description: 'folders of partitions, or whole log directories', required: true }),
  }

  static override flags = outputFlags(shape)

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(SegmentsVerify)
    const { disk, clock, threads } = this.surroundings
    const turns = new LongWork(this.surroundings, flags.quiet)
    const verdicts = verifyPaths(new SteadyDisk(disk), args.path ?? [], {
      nowMs: clock.nowMs(),
      turns,
      threads,
    })
    return stream(shape, turns.bringing(verdicts))
  }
}
