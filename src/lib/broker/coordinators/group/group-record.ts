import type { ConsumerGroupRecord } from './consumer/consumer-record.ts'
import type { StoredClassicGroup } from './stored-classic-group.ts'

/** What one record of `__consumer_offsets` says, as far as this broker follows it. */
export type GroupRecord = WrittenRecord | OtherGroupRecord

/** What this broker writes itself. */
export type WrittenRecord = CommitRecord | ClassicGroupRecord | ConsumerGroupRecord

/** Null takes the commit away. */
export interface CommitRecord {
  readonly kind: 'commit'
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly commit: CommittedOffset | null
}

/** Null takes the group away. */
export interface ClassicGroupRecord {
  readonly kind: 'classicGroup'
  readonly group: string
  readonly stored: StoredClassicGroup | null
}

/** Of a group that this broker does not serve; it must not be taken for a classic one. */
export interface OtherGroupRecord {
  readonly kind: 'otherGroup'
  readonly group: string
  readonly type: OtherGroupType
  /** Null: the record is about the group itself. */
  readonly memberId: string | null
  readonly isTombstone: boolean
}

export type OtherGroupType = 'share' | 'streams'

export interface CommittedOffset {
  /** Any number that the client likes, exactly. */
  readonly offset: bigint
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestampMs: number
  /** Of clients before Kafka 2.1, which set their own retention. */
  readonly expireTimestampMs: number | null
  /** `noTopicId` where the commit did not say: in a transaction, or before Kafka 4.1. */
  readonly topicId: string
}

export const noTopicId = 'AAAAAAAAAAAAAAAAAAAAAA'
