import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { OffsetWish } from '../coordinators/group/commit-wish.ts'
import type { Node } from '../node.ts'
import { type AskedPartitions, TopicResults } from './topic-results.ts'

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

/** What of a topic is taken to the coordinator. */
interface Admitted extends AskedPartitions {
  readonly offsets: readonly OffsetWish[]
}

export interface CommitDoor {
  readonly node: Node
  /** Topics are given by their ids (KIP-848). */
  readonly byId: boolean
  mayRead(topic: string): boolean
  /** In the order of the offsets; an ApiError is about all of them. */
  commit(offsets: readonly OffsetWish[]): Promise<ErrorName[]>
}

/** The whole request is refused, each partition as it was given. */
export function refusedPartitions(topics: readonly RequestedTopic[], byId: boolean, error: ErrorName) {
  return topics.map(({ name, topicId, partitions }) => ({
    ...(byId ? { name: '', topicId: topicId ?? '' } : { name }),
    partitions: numbersOf(partitions).map((partitionIndex) => ({
      partitionIndex,
      errorCode: errorCodes[error],
    })),
  }))
}

/** Commits what is of partitions that exist, and says of each what became of it. */
export async function commitPartitions(topics: readonly RequestedTopic[], door: CommitDoor) {
  const results = new TopicResults()
  const admitted = topics.map((topic) => admit(topic, door, results))
  const offsets = admitted.flatMap((topic) => topic.offsets)
  if (offsets.length > 0) results.answer(admitted, await attempt(offsets, door))
  return results.topics()
}

async function attempt(offsets: readonly OffsetWish[], door: CommitDoor): Promise<ErrorName[]> {
  try {
    return await door.commit(offsets)
  } catch (cause) {
    if (cause instanceof ApiError) return offsets.map(() => cause.error)
    throw cause
  }
}

function admit(asked: RequestedTopic, { node, byId, mayRead }: CommitDoor, results: TopicResults): Admitted {
  const { controller } = node
  const live = byId ? controller.topicById(asked.topicId ?? '') : controller.topicByName(asked.name)
  const topic = byId ? { name: '', topicId: asked.topicId ?? '' } : { name: asked.name }
  if (live === undefined ? !byId && !mayRead(asked.name) : !mayRead(live.name)) {
    results.refuse(topic, numbersOf(asked.partitions), 'TOPIC_AUTHORIZATION_FAILED')
    return { topic, partitions: [], offsets: [] }
  }
  const isThere = ({ partitionIndex }: RequestedPartition) => live?.partitions.has(partitionIndex) === true
  const unknown = numbersOf(asked.partitions.filter((said) => !isThere(said)))
  if (live === undefined) {
    results.refuse(topic, unknown, byId ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION')
    return { topic, partitions: [], offsets: [] }
  }
  if (unknown.length > 0) results.refuse(topic, unknown, 'UNKNOWN_TOPIC_OR_PARTITION')
  const known = asked.partitions.filter(isThere)
  return { topic, partitions: numbersOf(known), offsets: known.map((said) => offsetOf(said, live)) }
}

function numbersOf(partitions: readonly RequestedPartition[]): number[] {
  return partitions.map(({ partitionIndex }) => partitionIndex)
}

function offsetOf(said: RequestedPartition, live: { name: string; topicId: string }): OffsetWish {
  return {
    topic: live.name,
    topicId: live.topicId,
    partition: said.partitionIndex,
    offset: said.committedOffset,
    leaderEpoch: said.committedLeaderEpoch,
    metadata: said.committedMetadata,
  }
}
