import type { TopicPartition } from './groups.ts'
import type { Outcome } from './outcome.ts'

/** What a topic is, as far as it was decided by somebody. */
export interface TopicState {
  readonly topicId: string | null
  /** Replicas by partition, the preferred leader first. */
  readonly assignment: readonly (readonly number[])[]
  /** Those that were set of it; null where they may not be read. */
  readonly configs: Readonly<Record<string, string>> | null
}

export interface NewTopic {
  readonly topic: string
  /** −1 for the broker's own number. */
  readonly partitions: number
  /** −1 for the broker's own number. */
  readonly replicationFactor: number
  /** Replicas of the partitions, the preferred leader first; null lets the controller choose. */
  readonly assignment: readonly (readonly number[])[] | null
  readonly configs: Readonly<Record<string, string>>
}

/** What the controller makes of it; −1 where it does not tell. */
export interface CreatedTopic {
  readonly partitions: number
  readonly replicationFactor: number
}

export interface MorePartitions {
  readonly topic: string
  /** All together, not how many more. */
  readonly partitions: number
  /** Replicas of the new ones, in their order; null lets the controller choose. */
  readonly assignment: readonly (readonly number[])[] | null
}

export interface TopicsChanger {
  /** Null where there is no such topic. */
  states(topics: readonly string[]): Promise<readonly Outcome<TopicState | null>[]>
  /** With `isTrial` the controller says what it would say, and creates nothing. */
  create(topics: readonly NewTopic[], isTrial: boolean): Promise<readonly Outcome<CreatedTopic>[]>
  delete(topics: readonly string[]): Promise<readonly Outcome<null>[]>
  addPartitions(topics: readonly MorePartitions[], isTrial: boolean): Promise<readonly Outcome<null>[]>
  logStarts(partitions: readonly TopicPartition[]): Promise<readonly Outcome<number | bigint>[]>
  /** Records before the offset go; the outcome is where the partition starts then. */
  deleteRecords(
    before: readonly (TopicPartition & { readonly offset: number | bigint })[],
  ): Promise<readonly Outcome<number | bigint>[]>
}
