import { openGroup } from '../client/group-consume/open-group.ts'
import type { ClusterFlags } from '../config/read-cluster-settings.ts'
import { KtoolError } from '../errors.ts'
import type { GroupConsumer, GroupWish } from '../model/group-consumer.ts'
import { served } from '../model/views.ts'
import type { LogSink } from '../ports/log-sink.ts'
import { type ClusterSurroundings, openCluster } from './open-cluster.ts'

export interface GroupMembership extends Omit<GroupWish, 'ends'> {
  /** Goes on, instead of leaving where the topics ended when it joined. */
  readonly isFollowing: boolean
  readonly log: LogSink | null
}

/** Becomes a member of a group of the cluster that was named. */
export async function joinGroup(
  flags: ClusterFlags,
  surroundings: ClusterSurroundings,
  { log, topics, ...asked }: GroupMembership,
): Promise<GroupConsumer> {
  const { cluster, views } = await openCluster(flags, surroundings)
  const records = served(views.records)
  const opened = await Promise.all(topics.map((topic) => records.open(topic, asked.isolation)))
  const partitions = opened.flat().map(({ outcome }) => {
    // A member has to be able to read whatever the group gives it.
    if (outcome instanceof KtoolError) throw outcome
    return outcome
  })
  return openGroup({ cluster, groups: served(views.groups), partitions, log }, asked)
}
