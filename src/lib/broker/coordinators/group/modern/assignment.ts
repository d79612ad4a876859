import { inJavaMapOrder } from '../../../java-map-order.ts'

/** Partitions by the id of their topic. A topic without any is not in it. */
export type Assignment = ReadonlyMap<string, ReadonlySet<number>>

export const noAssignment: Assignment = new Map()

export interface TopicPartitions {
  readonly topicId: string
  readonly partitions: number[]
}

export function sameAssignment(a: Assignment, b: Assignment): boolean {
  if (a.size !== b.size) return false
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId)
    if (others === undefined || others.size !== partitions.size) return false
    for (const partition of partitions) if (!others.has(partition)) return false
  }
  return true
}

export function assignmentOf(topics: readonly TopicPartitions[]): Assignment {
  return new Map(topics.map(({ topicId, partitions }) => [topicId, new Set(partitions)]))
}

/** In the order in which Kafka's maps have them. */
export function topicPartitionsOf(assignment: Assignment): TopicPartitions[] {
  return inJavaMapOrder([...assignment.keys()], uuidHash).map((topicId) => ({
    topicId,
    partitions: inKafkasOrder(assignment.get(topicId) ?? []),
  }))
}

export function inKafkasOrder(partitions: Iterable<number>): number[] {
  return inJavaMapOrder(
    [...partitions].sort((a, b) => a - b),
    (partition) => partition,
  )
}

/** `Uuid.hashCode()` of Kafka. */
export function uuidHash(id: string): number {
  const bytes = Buffer.from(id, 'base64url')
  return bytes.readInt32BE(0) ^ bytes.readInt32BE(4) ^ bytes.readInt32BE(8) ^ bytes.readInt32BE(12)
}

/** Two halves, each with a sign. */
export function compareUuids(a: string, b: string): number {
  const [left, right] = [Buffer.from(a, 'base64url'), Buffer.from(b, 'base64url')]
  for (const at of [0, 8]) {
    const difference = left.readBigInt64BE(at) - right.readBigInt64BE(at)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return 0
}
