import { Reader } from '../../../../bytes/reader.ts'
import { DataError } from '../../../../errors.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../../protocol/records/consumer-protocol-records.ts'
import { type Assignment, type TopicPartitions, topicPartitionsOf } from '../modern/assignment.ts'
import type { TopicsView } from '../modern/topics-view.ts'

/** What a classic member says under the protocol of consumers. */
export interface ClassicSubscription {
  readonly topics: readonly string[]
  readonly rackId: string | null
  readonly owned: readonly { readonly topic: string; readonly partitions: number[] }[]
}

/** A member of a version to come is read as the newest that is known. */
const NEWEST_SUBSCRIPTION = 3
const NEWEST_ASSIGNMENT = 3

/** Throws a DataError where it cannot be read. */
export function readSubscription(metadata: Buffer): ClassicSubscription {
  const reader = new Reader(metadata)
  const version = versionOf(reader, NEWEST_SUBSCRIPTION)
  const said = consumerProtocolSubscription.message.read(reader, version)
  const { topics, rackId = null, ownedPartitions = [] } = said
  return {
    topics,
    rackId,
    owned: ownedPartitions.map((each) => ({ ...each, partitions: [...each.partitions] })),
  }
}

export interface ClassicAssignment {
  readonly assigned: Assignment
  /** Of an assignor that nobody else understands. */
  readonly hasUserData: boolean
}

export function readAssignment(bytes: Buffer, topics: TopicsView): ClassicAssignment {
  if (bytes.length === 0) return { assigned: new Map(), hasUserData: false }
  const reader = new Reader(bytes)
  const said = consumerProtocolAssignment.message.read(reader, versionOf(reader, NEWEST_ASSIGNMENT))
  const assigned = new Map<string, Set<number>>()
  for (const { topic, partitions } of said.assignedPartitions) {
    const live = topics.byName(topic)
    if (live !== undefined) assigned.set(live.topicId, new Set(partitions))
  }
  return { assigned, hasUserData: (said.userData?.length ?? 0) > 0 }
}

/** In the version that the member spoke in. */
export function writeAssignment(assigned: Assignment, topics: TopicsView, metadata: Buffer): Buffer {
  const version = versionOf(new Reader(metadata), NEWEST_ASSIGNMENT)
  const assignedPartitions = topicPartitionsOf(assigned).flatMap(({ topicId, partitions }) => {
    const topic = topics.byId(topicId)?.name
    return topic === undefined ? [] : [{ topic, partitions }]
  })
  return consumerProtocolAssignment.encodeFramed({ assignedPartitions, userData: null }, version)
}

export function ownedById(owned: ClassicSubscription['owned'], topics: TopicsView): TopicPartitions[] {
  return owned.flatMap(({ topic, partitions }) => {
    const live = topics.byName(topic)
    return live === undefined ? [] : [{ topicId: live.topicId, partitions }]
  })
}

function versionOf(reader: Reader, newest: number): number {
  const version = reader.int16()
  if (version < 0)
    throw new DataError('consumer-protocol', `${version} is no version of the consumer protocol`)
  return Math.min(version, newest)
}
