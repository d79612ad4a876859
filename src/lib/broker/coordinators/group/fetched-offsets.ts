import { checkConsumerFetch } from './consumer/consumer-commits.ts'
import { type CommittedOffset, noTopicId } from './group-record.ts'
import type { GroupShard } from './group-shard.ts'

export interface FetchWish {
  readonly groupId: string
  /** Of a member of the newer protocol; undefined: nobody's. */
  readonly member?: { readonly memberId: string | null; readonly memberEpoch: number }
  /** Null: all that the group has committed. */
  readonly topics: readonly FetchedTopicWish[] | null
  /** Say of partitions whose offset a transaction is about to change that they are not stable (KIP-447). */
  readonly requireStable: boolean
  /** Undefined: no such topic now. */
  topicIdOf(topic: string): string | undefined
}

export interface FetchedTopicWish {
  readonly topic: string
  readonly partitions: readonly number[]
}

export interface FetchedTopic {
  readonly topic: string
  readonly partitions: readonly FetchedPartition[]
}

export interface FetchedPartition {
  readonly partition: number
  /** Null: nothing is committed, or what is may change. */
  readonly commit: CommittedOffset | null
  readonly isUnstable: boolean
}

export function fetchOffsets({ offsets, consumers }: GroupShard, wish: FetchWish): FetchedTopic[] {
  checkConsumerFetch(consumers.get(wish.groupId), wish.member)
  const { groupId, requireStable } = wish
  const topics = wish.topics ?? allTopics(offsets.ofGroup(groupId))
  return topics.map(({ topic, partitions }) => {
    const topicId = wish.topicIdOf(topic)
    return {
      topic,
      partitions: partitions.map((partition) => {
        if (requireStable && offsets.isPending(groupId, topic, partition)) {
          return { partition, commit: null, isUnstable: true }
        }
        const commit = offsets.get(groupId, topic, partition)
        return { partition, commit: isOf(commit, topicId) ? commit : null, isUnstable: false }
      }),
    }
  })
}

function allTopics(
  topics: ReadonlyMap<string, ReadonlyMap<number, unknown>> = new Map(),
): FetchedTopicWish[] {
  return [...topics].map(([topic, partitions]) => ({ topic, partitions: [...partitions.keys()] }))
}

/** A topic that was deleted and made anew begins without commits. */
function isOf(commit: CommittedOffset | undefined, topicId: string | undefined): commit is CommittedOffset {
  if (commit === undefined) return false
  return topicId === undefined || commit.topicId === noTopicId || commit.topicId === topicId
}
