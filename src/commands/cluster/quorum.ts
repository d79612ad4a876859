import { BaseCommand } from '../../lib/cli/base-command.ts'
import { clusterFlags, outputFlags } from '../../lib/cli/flags.ts'
import type { QuorumReplica, QuorumState } from '../../lib/model/cluster-state.ts'
import { list, type Result } from '../../lib/output/result.ts'
import { column, computed, type Shape } from '../../lib/output/shape.ts'
import { openCluster } from '../../lib/places/open-cluster.ts'

type Row = QuorumReplica & Omit<QuorumState, 'replicas'>

const shape: Shape<Row> = {
  version: 1,
  name: ({ node }) => String(node),
  columns: [
    column('node', { kind: 'number' }),
    column('role'),
    column('logEnd', { kind: 'number' }),
    column('lag', { kind: 'number' }),
    column('lastFetchMs', { kind: 'time' }),
    column('lastCaughtUpMs', { kind: 'time' }),
    column('listeners', { isSpare: true }),
    column('directoryId', { isSpare: true }),
    computed('leader', ({ leader }) => leader, { isInTable: false }),
    computed('leaderEpoch', ({ leaderEpoch }) => leaderEpoch, { isInTable: false }),
    computed('highWatermark', ({ highWatermark }) => highWatermark, { isInTable: false }),
  ],
}

export class ClusterQuorum extends BaseCommand {
  static override summary = 'Show the metadata quorum: who leads it, and how far behind the others are.'

  static override description = [
    'Voters are the controllers (Leader and Follower), brokers that read along are Observers. LAG counts records of the',
    'metadata log. LAST CAUGHT UP is when a replica had all that the leader had; of the leader both times are now.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> cluster quorum -b kafka1:9092',
    {
      description: 'The furthest behind',
      command: "<%= config.bin %> cluster quorum -c prod -o json | jq '[.items[].lag] | max'",
    },
  ]

  static override flags = { ...clusterFlags, ...outputFlags(shape) }

  async run(): Promise<Result> {
    const { flags } = await this.parse(ClusterQuorum)
    const { state } = await openCluster(flags, this.surroundings)
    const { replicas, ...quorum } = await state.quorum()
    const { leader, leaderEpoch, highWatermark } = quorum
    const notes = [`node ${leader} leads in epoch ${leaderEpoch}; the high watermark is ${highWatermark}`]
    return list(
      shape,
      replicas.map((replica) => ({ ...quorum, ...replica })),
      { notes },
    )
  }
}
