import type { ErrorName } from '../../../protocol/error-codes.ts'

export interface CommitWish {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** −1: from outside of the group. */
  readonly generation: number
  /** Null: as long as the broker keeps them. */
  readonly retentionMs: number | null
  readonly offsets: readonly OffsetWish[]
}

export interface OffsetWish {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly offset: bigint
  readonly leaderEpoch: number
  readonly metadata: string | null
}

/** Which error stands for what Kafka says in another way to older clients, or in a transaction. */
export interface CommitErrors {
  readonly noSuchGroup: ErrorName
  /** The request has no room for epochs of members of the newer protocol. */
  readonly isTooOldForConsumers?: boolean
}
