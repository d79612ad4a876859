import type { Figure } from './figure.ts'
import type { Outcome } from './outcome.ts'

export interface TopicListing {
  readonly topic: string
  readonly topicId: string | null
  readonly partitionCount: Figure
  readonly replicationFactor: Figure
  readonly isInternal: boolean
  /** Of every copy in the place: what the segments take, without indexes. */
  readonly sizeBytes: Figure
}

export interface Topic {
  readonly topic: string
  readonly topicId: string | null
  readonly isInternal: boolean
  /** Those that were set; null where they are not known. */
  readonly configs: Readonly<Record<string, string>> | null
  /** How many replicas in sync a producer with acks=all needs: what holds for the topic, wherever it was set. */
  readonly minIsr: Figure
  readonly partitions: readonly Partition[]
}

export interface Partition {
  readonly partition: number
  readonly leader: Figure
  readonly leaderEpoch: Figure
  readonly replicas: Figure<readonly number[]>
  readonly isr: Figure<readonly number[]>
  readonly elr: Figure<readonly number[]>
  readonly lastKnownElr: Figure<readonly number[]>
  readonly addingReplicas: Figure<readonly number[]>
  readonly removingReplicas: Figure<readonly number[]>
  /** Replicas on brokers or disks that are not there. */
  readonly offlineReplicas: Figure<readonly number[]>
  /** What a metadata log ends with, to the letter; null where there is none to read. */
  readonly written: WrittenPartition | null
  readonly logStart: Figure
  readonly highWatermark: Figure
  readonly lastStable: Figure
  readonly logEnd: Figure
  readonly sizeBytes: Figure
  /** Where the copy lies that these offsets are of. */
  readonly broker: number | null
  readonly directory: string | null
  readonly copies: readonly PartitionCopy[]
}

/** A cluster that was stopped broker by broker ends with neither leader nor ISR. */
export interface WrittenPartition {
  /** −1 where there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly isr: readonly number[]
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
}

export type CopyState = 'current' | 'future' | 'deleted' | 'stray'

export interface PartitionCopy {
  readonly broker: number | null
  readonly directory: string
  readonly state: CopyState
  readonly sizeBytes: number
}

/** What is wanted of topics beside who leads them; a place that has it at hand may tell it all the same. */
export interface TopicDetail {
  /** Also replicas that may be elected out of sync, which not every broker tells. */
  readonly elr: boolean
  readonly configs: 'none' | 'minIsr' | 'all'
  readonly offsets: boolean
  readonly sizes: boolean
}

export interface TopicsView {
  /** By name. */
  list(wish?: { readonly sizes: boolean }): Promise<readonly TopicListing[]>
  /** All that is wanted but sizes, if it is not said. */
  describe(topics: readonly string[], detail?: TopicDetail): Promise<readonly Outcome<Topic>[]>
}

const internalTopics: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
])

/** As brokers tell clients: the topics of their coordinators. */
export function isInternalTopic(topic: string): boolean {
  return internalTopics.has(topic)
}
