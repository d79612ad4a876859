import { keptMarks, keptReassignments } from '../../lib/changes/reassign/kept-reassignments.ts'
import { planReplicationFactor } from '../../lib/changes/reassign/plan-replication-factor.ts'
import { reassignChange } from '../../lib/changes/reassign/reassign-change.ts'
import { addPartitionsChange } from '../../lib/changes/topics/add-partitions.ts'
import { argumentList } from '../../lib/cli/arguments.ts'
import { changeShape } from '../../lib/cli/change-shape.ts'
import { ChangingCommand } from '../../lib/cli/changing-command.ts'
import { changeFlags, clusterFlags, integer, outputFlags, string } from '../../lib/cli/flags.ts'
import { moveFlags, readMoveFlags } from '../../lib/cli/reassign-flags.ts'
import { UsageError } from '../../lib/errors.ts'
import { parsePartitionCount, planPartitions } from '../../lib/operations/topics/plan-partitions.ts'
import type { Result } from '../../lib/output/result.ts'
import { type LiveCluster, openCluster } from '../../lib/places/open-cluster.ts'
import { parseReplicaLists } from '../../lib/values/replica-lists.ts'

export class TopicsAlter extends ChangingCommand {
  static override summary = 'Give topics more partitions, or more or fewer replicas.'

  static override description = [
    'Partitions can be added, and never taken away. Records stay where they are, but new ones with a key may go to',
    'another partition than those before with the same key, so that consumers see them in any order. The plan tells for',
    'how many of the keys that is so (keysMoved): 1 − n/lcm(n,m) of them when n partitions become m, if producers hash',
    'keys as Java does. Twice as many partitions move half of the keys; 6 → 9 moves two thirds.',
    '\n\nAnother number of replicas is a reassignment, with as few of them moved as it takes, and is waited for; ktool',
    'reassign status shows how far it has come.',
  ].join(' ')

  static override examples = [
    {
      description: 'What would twelve partitions mean?',
      command: '<%= config.bin %> topics alter orders --partitions 12 --dry-run -b kafka1:9092',
    },
    '<%= config.bin %> topics alter orders payments --partitions +4 -b kafka1:9092',
    {
      description: 'Two more, on brokers of your own choice',
      command: '<%= config.bin %> topics alter orders --partitions +2 --assignment 3:1,1:2 -b kafka1:9092',
    },
    {
      description: 'Three replicas, copied no faster than 50 MB/s',
      command: '<%= config.bin %> topics alter orders --replication-factor 3 --throttle 50MB -b kafka1:9092',
    },
  ]

  static override args = {
    topics: argumentList({ description: 'the topics', required: true }),
  }

  static override flags = {
    partitions: string({
      summary: 'How many partitions each is to have, or how many more.',
      helpValue: 'N|+N',
    }),
    assignment: string({
      summary: 'Replicas of the new partitions alone; the preferred leader of each first.',
      helpValue: '1:2,2:3',
      dependsOn: ['partitions'],
    }),
    'replication-factor': integer({
      char: 'r',
      min: 1,
      max: 32767,
      summary: 'On how many brokers each partition is to be.',
      helpValue: 'N',
    }),
    ...moveFlags,
    ...clusterFlags,
    ...changeFlags,
    ...outputFlags(changeShape),
  }

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(TopicsAlter)
    const topics = [...new Set(args.topics ?? [])]
    const { partitions, 'replication-factor': replicas } = flags
    if ((partitions === undefined) === (replicas === undefined)) throw oneAtATime()
    if (partitions === undefined) {
      const limits = readMoveFlags(flags)
      const live = await openCluster(flags, this.surroundings)
      return this.#replicate(live, flags, topics, replicas ?? 1, limits)
    }
    const assignment = flags.assignment === undefined ? null : parseReplicaLists(flags.assignment)
    const wish = { ...parsePartitionCount(partitions), assignment }
    const { cluster, changers } = await openCluster(flags, this.surroundings)
    return this.change(cluster, flags, addPartitionsChange(changers.topics), (origin) =>
      planPartitions(changers.topics, topics, wish, origin),
    )
  }

  #replicate(
    { cluster, changers }: LiveCluster,
    flags: Parameters<ChangingCommand['change']>[1],
    topics: readonly string[],
    replicationFactor: number,
    limits: ReturnType<typeof readMoveFlags>,
  ): Promise<Result> {
    return this.change(cluster, flags, reassignChange(changers), (origin) => {
      const kept = keptReassignments(this.surroundings.disk, this.rollbackFolder, origin.clusterId)
      const all = { ...limits, formerMarks: keptMarks(kept) }
      return planReplicationFactor(changers, topics, replicationFactor, all, origin)
    })
  }
}

function oneAtATime(): UsageError {
  return new UsageError(
    'nothing-to-alter',
    'say what to alter: either --partitions or --replication-factor',
    {
      hint: 'not both at once: the second is a reassignment, which may take hours. Configs are changed by ktool configs set',
    },
  )
}
