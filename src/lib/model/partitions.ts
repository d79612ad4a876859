import type { TopicPartition } from './groups.ts'

/** `orders:3`, as people name it. No topic's name holds a colon. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`
}

/** Sorts by topic, then by number. */
export function byPartition(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}
