import type { TopicPartition } from './groups.ts'
import type { Outcome } from './outcome.ts'

/** Who leads a partition, and who should: the first of its replicas. */
export interface LedPartition extends TopicPartition {
  /** Null where there is none. */
  readonly leader: number | null
  /** The preferred leader first. */
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

export interface LeadersView {
  /** An outcome for each topic; of every topic where none is named. */
  partitions(topics: readonly string[] | undefined): Promise<readonly Outcome<readonly LedPartition[]>[]>
}

/** An unclean one takes a replica that was not in sync, and loses what it does not have. */
export type ElectionType = 'preferred' | 'unclean'

export interface LeadersChanger {
  /** `unneeded` where the leader is the one who would have been elected. */
  elect(
    type: ElectionType,
    partitions: readonly TopicPartition[],
  ): Promise<readonly Outcome<'elected' | 'unneeded'>[]>
}
