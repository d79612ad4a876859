import { KtoolError } from '../../errors.ts'
import type { GroupWish, JoinableGroup } from '../../model/group-consumer.ts'
import type { GroupsView, TopicPartition } from '../../model/groups.ts'
import { partitionName } from '../../model/partitions.ts'
import type { ReadablePartition } from '../../model/records.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import { removeMembers } from '../changers/remove-members.ts'
import type { Cluster } from '../cluster.ts'
import { joinGroup } from './join-group.ts'

type Offsets = ReadonlyMap<string, number | bigint>

export interface GroupPlace {
  readonly cluster: Cluster
  readonly groups: GroupsView
  /** What it had committed before the topics were opened. */
  readonly committed: Offsets
  /** All of the topics, as they were when they were opened. */
  readonly partitions: readonly ReadablePartition[]
  readonly log: LogSink | null
}

export type GroupAsked = Omit<GroupWish, 'topics' | 'ends'> & {
  /** Goes on, instead of leaving where the topics ended when they were opened. */
  readonly isFollowing: boolean
}

/** A group, on the terms of a live cluster. */
export function openGroup(
  { cluster, groups, committed, partitions, log }: GroupPlace,
  { isFollowing, ...asked }: GroupAsked,
): JoinableGroup {
  const tokenOf = cluster.world.logins?.tokenOf
  const world = {
    settings: cluster.settings,
    clock: cluster.world.clock,
    log,
    ...(tokenOf === undefined ? {} : { tokenOf }),
    committed: async (wanted: readonly TopicPartition[]) => {
      cluster.deadline.renew()
      const keys = new Set(wanted.map(partitionName))
      return new Map([...(await commitsOf(groups, asked.group))].filter(([key]) => keys.has(key)))
    },
    leave: (memberId: string) => {
      cluster.deadline.renew()
      const member = { group: asked.group, memberId, instanceId: null }
      return removeMembers(cluster, [member], 'interrupted while it joined')
    },
    starts: new Map(partitions.map((each) => [partitionName(each), each.logStart])),
    detours: detoursOf(partitions, committed, asked),
  }
  const ends = new Map(partitions.map((each) => [partitionName(each), each.end]))
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  const wish = { ...asked, topics, ends: isFollowing ? null : ends }
  return { join: (signal) => joinGroup(world, wish, signal) }
}

/** Where a group has got to; nothing for one that has committed nothing yet. */
export async function commitsOf(groups: GroupsView, group: string): Promise<Offsets> {
  const [found] = await groups.positions([group])
  if (found === undefined || found.outcome instanceof KtoolError) return new Map()
  return new Map(found.outcome.commits.map((commit) => [partitionName(commit), commit.offset]))
}

/** As Kafka's consumers have it: what is not there any more, or is not there yet, sends to where the group would begin. */
function detoursOf(
  partitions: readonly ReadablePartition[],
  committed: Offsets,
  { from, isolation }: Pick<GroupAsked, 'from' | 'isolation'>,
): Offsets {
  const detours = new Map<string, number | bigint>()
  for (const each of partitions) {
    const { logStart, end } = each
    const at = committed.get(partitionName(each))
    if (at === undefined) continue
    // Behind the last stable offset there may be more.
    const isBeyond = at > end && isolation === 'uncommitted'
    if (at < logStart || isBeyond) detours.set(partitionName(each), from === 'start' ? logStart : end)
  }
  return detours
}
