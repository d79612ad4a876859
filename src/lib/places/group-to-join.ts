import { commitsOf, openGroup } from '../client/group-consume/open-group.ts'
import type { ClusterFlags } from '../config/read-cluster-settings.ts'
import { FailedError, KtoolError } from '../errors.ts'
import type { GroupWish, JoinableGroup } from '../model/group-consumer.ts'
import type { TopicsView } from '../model/topics.ts'
import { served } from '../model/views.ts'
import type { LogSink } from '../ports/log-sink.ts'
import { type ClusterSurroundings, openCluster } from './open-cluster.ts'

export interface GroupMembership extends Omit<GroupWish, 'topics' | 'ends'> {
  /** Of the topics that there are now. */
  readonly topics: (view: TopicsView) => Promise<readonly string[]>
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
  const names = await topics(served(views.topics))
  if (names.length === 0) throw noTopic()
  const opened = await Promise.all(names.map((topic) => records.open(topic, asked.isolation)))
  const partitions = opened.flat().map(({ outcome }) => {
    // A member has to be able to read whatever the group gives it.
    if (outcome instanceof KtoolError) throw outcome
    return outcome
  })
  return openGroup({ cluster, groups, committed, partitions, log }, asked)
}

function noTopic(): FailedError {
  return new FailedError(
    'no-topic-matches',
    'no topic matches, so that there is nothing to join the group for',
    {
      hint: 'ktool topics list names them all; a pattern matches whole names, like orders-.*',
    },
  )
}
