import { argument } from '../../lib/cli/arguments.ts'
import { BaseCommand } from '../../lib/cli/base-command.ts'
import { outputFlags } from '../../lib/cli/flags.ts'
import { LongWork } from '../../lib/cli/long-work.ts'
import { diffReplicas } from '../../lib/log/diff/diff-replicas.ts'
import type { ReplicaRow } from '../../lib/log/diff/replica-diff.ts'
import { SteadyDisk } from '../../lib/log/steady-disk.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, type Shape } from '../../lib/output/shape.ts'

const shape: Shape<ReplicaRow> = {
  version: 1,
  columns: [
    column('folder'),
    column('topic', { isInTable: false }),
    column('partition', { kind: 'number', isInTable: false }),
    column('verdict', {
      colour: ({ verdict }) => (verdict === 'same' ? 'green' : verdict === 'diverged' ? 'red' : 'yellow'),
    }),
    column('logStartOffset', { kind: 'number', header: 'LOG START' }),
    column('logEndOffset', { kind: 'number', header: 'LOG END' }),
    column('highWatermark', { isSpare: true, kind: 'number' }),
    column('lastEpoch', { isSpare: true, kind: 'number' }),
    column('partsAtOffset', { kind: 'number', header: 'PARTS AT' }),
    column('difference', { isInTable: false }),
    column('epoch', { isSpare: true, kind: 'number' }),
    column('file', { isSpare: true }),
    column('position', { isSpare: true, kind: 'number' }),
    column('finding', { folds: true, isInTable: false }),
    column('onlyHere', { isSpare: true, kind: 'number' }),
    column('firstOnlyHere', { kind: 'number', isInTable: false }),
    column('truncatesTo', { kind: 'number', header: 'TRUNCATES TO' }),
    column('losesOffsets', { kind: 'number', header: 'LOSES' }),
  ],
}

export class SegmentsDiff extends BaseCommand {
  static override summary =
    'Compare two copies of a partition: where they part, and what a follower would lose.'

  static override description = [
    'Both folders are read batch by batch; where the bytes of two batches differ, record by record. A record that one',
    'copy has and the other has not is counted in ONLY HERE, and the other one has gaps: the cleaners of two brokers do',
    'not keep step, but in a topic that is not compacted such records are lost. Two different records at one offset are',
    'a fork: PARTS AT is the first, with its leader epoch, file and position in each copy. A copy that merely ends',
    'earlier is behind. Different log starts are normal.',
    '\n\nTRUNCATES TO is where this copy would cut its log if the other became leader, by the leader epochs of both',
    '(KIP-101 and KIP-279), and LOSES is how many offsets that are.',
    '\n\nThe exit code is 3 where they part, or where a copy is damaged before anything can be said.',
  ].join(' ')

  static override examples = [
    {
      description: 'The copies of two brokers',
      command: '<%= config.bin %> segments diff broker1/orders-0 broker2/orders-0',
    },
  ]

  static override args = {
    first: argument({ description: "a partition's folder", required: true }),
    second: argument({ description: "the other copy's folder", required: true }),
  }

  static override flags = outputFlags(shape)

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(SegmentsDiff)
    const work = new LongWork(this.surroundings, flags.quiet)
    const { rows, notes, trouble } = await diffReplicas(
      new SteadyDisk(this.surroundings.disk),
      [args.first, args.second],
      work,
    )
    await work.end()
    return list(shape, rows, trouble === null ? { notes } : { notes, trouble })
  }
}
