import { commitsOf, openGroup } from '../client/group-consume/open-group.ts'
import type { ClusterFlags } from '../config/read-cluster-settings.ts'
import { KtoolError } from '../errors.ts'
import type { GroupWish, JoinableGroup } from '../model/group-consumer.ts'
import { served } from '../model/views.ts'
import type { LogSink } from '../ports/log-sink.ts'
import { type ClusterSurroundings, openCluster } from './open-cluster.ts'

export interface GroupMembership extends Omit<GroupWish, 'ends'> {
  /** Goes on, instead of leaving where the topics ended when they were opened. */
  readonly isFollowing: boolean
  readonly log: LogSink | null
}

/** A group of the cluster that was named, and the topics that it is to read. */
export async function groupToJoin(
  flags: ClusterFlags,
  surroundings: ClusterSurroundings,
  { log, topics, ...asked }: GroupMembership,
): Promise<JoinableGroup> {
  const { cluster, views } = await openCluster(flags, surroundings)
  const records = served(views.records)
  const groups = served(views.groups)
  // Before the ends, so that none of them is behind a commit that was good.
  const committed = await commitsOf(groups, asked.group)
  const opened = await Promise.all(topics.map((topic) => records.open(topic, asked.isolation)))
  const partitions = opened.flat().map(({ outcome }) => {
    // A member has to be able to read whatever the group gives it.
    if (outcome instanceof KtoolError) throw outcome
    return outcome
  })
  return openGroup({ cluster, groups, committed, partitions, log }, asked)
}
