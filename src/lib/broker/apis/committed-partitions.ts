import type { ErrorName } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { OffsetWish } from '../coordinators/group/commits.ts'
import type { Node } from '../node.ts'
import { type TopicName, TopicResults } from './topic-results.ts'

export interface RequestedTopic {
  readonly name: string
  readonly topicId?: string
  readonly partitions: readonly RequestedPartition[]
}

interface RequestedPartition {
  readonly partitionIndex: number
  readonly committedOffset: bigint
  readonly committedLeaderEpoch: number
  readonly committedMetadata: string | null
}

interface Placed {
  readonly topic: TopicName
  readonly offset: OffsetWish
}

export interface CommitDoor {
  readonly node: Node
  /** Topics are given by their ids (KIP-848). */
  readonly byId: boolean
  /** In the order of the offsets; an ApiError is about all of them. */
  commit(offsets: readonly OffsetWish[]): Promise<ErrorName[]>
}

/** Commits what is of partitions that exist, and says of each what became of it. */
export async function commitPartitions(topics: readonly RequestedTopic[], door: CommitDoor) {
  const results = new TopicResults()
  const placed = topics.flatMap((topic) => admitted(topic, door, results))
  if (placed.length > 0) {
    const errors = await attempt(placed, door)
    for (const [i, { topic, offset }] of placed.entries()) {
      results.add(topic, offset.partition, errors[i] ?? 'UNKNOWN_SERVER_ERROR')
    }
  }
  return results.topics()
}

async function attempt(placed: readonly Placed[], door: CommitDoor): Promise<ErrorName[]> {
  try {
    return await door.commit(placed.map(({ offset }) => offset))
  } catch (cause) {
    if (cause instanceof ApiError) return placed.map(() => cause.error)
    throw cause
  }
}

function admitted(asked: RequestedTopic, { node, byId }: CommitDoor, results: TopicResults): Placed[] {
  const { controller } = node
  const live = byId ? controller.topicById(asked.topicId ?? '') : controller.topicByName(asked.name)
  const topic = byId ? { name: '', topicId: asked.topicId ?? '' } : { name: asked.name }
  if (live === undefined) {
    const error = byId ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION'
    for (const { partitionIndex } of asked.partitions) results.add(topic, partitionIndex, error)
    return []
  }
  return asked.partitions.flatMap((said) => {
    const partition = said.partitionIndex
    if (!live.partitions.has(partition)) {
      results.add(topic, partition, 'UNKNOWN_TOPIC_OR_PARTITION')
      return []
    }
    const { committedOffset, committedLeaderEpoch, committedMetadata } = said
    const place = { topic: live.name, topicId: live.topicId, partition }
    const value = { offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata: committedMetadata }
    return [{ topic, offset: { ...place, ...value } }]
  })
}
