import type { RequestOf } from '../../protocol/api.ts'
import type { fetch } from '../../protocol/apis/fetch.ts'

type FetchTopic = RequestOf<typeof fetch>['topics'][number]
type FetchPartition = FetchTopic['partitions'][number]

/** The name or the id of a topic, whichever the version of the request has; the other is empty. */
export interface NamedTopic {
  readonly topic: string
  readonly topicId: string
}

/** What a client wants of one partition, and in a session also what it was told last (KIP-227). */
export class FetchTarget implements NamedTopic {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  fetchOffset = 0
  maxBytes = 0
  currentLeaderEpoch = -1
  lastFetchedEpoch = -1
  /** As they were told; −1 makes the next answer tell them again. */
  toldHighWatermark = -1
  toldLogStart = -1

  constructor({ topic, topicId }: NamedTopic, wish: FetchPartition) {
    this.topic = topic
    this.topicId = topicId
    this.partition = wish.partition
    this.update(wish)
  }

  update(wish: FetchPartition): void {
    this.fetchOffset = Number(wish.fetchOffset)
    this.maxBytes = wish.partitionMaxBytes
    this.currentLeaderEpoch = wish.currentLeaderEpoch
    this.lastFetchedEpoch = wish.lastFetchedEpoch
  }

  updateFrom(wish: FetchTarget): void {
    this.fetchOffset = wish.fetchOffset
    this.maxBytes = wish.maxBytes
    this.currentLeaderEpoch = wish.currentLeaderEpoch
    this.lastFetchedEpoch = wish.lastFetchedEpoch
  }
}

export function targetKey({ topic, topicId }: NamedTopic, partition: number): string {
  return `${topic}/${topicId}/${partition}`
}

/** In the order of the request; a partition that is given twice counts once, as it was given last. */
export function targetsOf(topics: readonly FetchTopic[]): Map<string, FetchTarget> {
  const targets = new Map<string, FetchTarget>()
  for (const topic of topics) {
    for (const wish of topic.partitions) {
      const key = targetKey(topic, wish.partition)
      const known = targets.get(key)
      if (known === undefined) targets.set(key, new FetchTarget(topic, wish))
      else known.update(wish)
    }
  }
  return targets
}
