import { KtoolError } from '../../errors.ts'
import type { GroupConsumer, GroupWish } from '../../model/group-consumer.ts'
import type { GroupsView, TopicPartition } from '../../model/groups.ts'
import type { ReadablePartition } from '../../model/records.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { Cluster } from '../cluster.ts'
import { partitionKey } from '../routing/by-leader.ts'
import { joinGroup } from './join-group.ts'

export interface GroupPlace {
  readonly cluster: Cluster
  readonly groups: GroupsView
  /** All of the topics, as they were when they were opened. */
  readonly partitions: readonly ReadablePartition[]
  readonly log: LogSink | null
}

export type GroupAsked = Omit<GroupWish, 'topics' | 'ends'> & {
  /** Goes on, instead of leaving where the topics ended when they were opened. */
  readonly isFollowing: boolean
}

/** A member of a group, on the terms of a live cluster. */
export function openGroup(
  { cluster, groups, partitions, log }: GroupPlace,
  { isFollowing, ...asked }: GroupAsked,
): Promise<GroupConsumer> {
  const tokenOf = cluster.world.logins?.tokenOf
  const world = {
    settings: cluster.settings,
    clock: cluster.world.clock,
    log,
    ...(tokenOf === undefined ? {} : { tokenOf }),
    committed: (wanted: readonly TopicPartition[]) => commitsOf(cluster, groups, asked.group, wanted),
    starts: new Map(partitions.map((each) => [partitionKey(each), each.logStart])),
  }
  const ends = new Map(partitions.map((each) => [partitionKey(each), each.end]))
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  return joinGroup(world, { ...asked, topics, ends: isFollowing ? null : ends })
}

async function commitsOf(
  cluster: Cluster,
  groups: GroupsView,
  group: string,
  wanted: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number | bigint>> {
  cluster.deadline.renew()
  const [found] = await groups.positions([group])
  if (found === undefined || found.outcome instanceof KtoolError) return new Map()
  const keys = new Set(wanted.map(partitionKey))
  const commits = found.outcome.commits.map((commit) => [partitionKey(commit), commit.offset] as const)
  return new Map(commits.filter(([key]) => keys.has(key)))
}
