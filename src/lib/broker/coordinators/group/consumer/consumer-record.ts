import type { Assignment } from '../modern/assignment.ts'
import type { MemberAssignment, MemberSubscription } from './consumer-member.ts'

/** What one record of a consumer group says; null takes it away. */
export type ConsumerGroupRecord =
  | Said<'consumerEpoch', GroupEpoch>
  | Said<'consumerPartitions', true>
  | (Said<'consumerMember', MemberSubscription> & OfMember)
  | Said<'consumerTargetEpoch', TargetEpoch>
  | (Said<'consumerTarget', Assignment> & OfMember)
  | (Said<'consumerAssignment', MemberAssignment> & OfMember)
  | (Said<'consumerRegex', ResolvedRegex> & { readonly regex: string })

interface Said<K extends string, V> {
  readonly kind: K
  readonly group: string
  readonly value: V | null
}

interface OfMember {
  readonly memberId: string
}

export interface GroupEpoch {
  readonly epoch: number
  readonly metadataHash: bigint
}

export interface TargetEpoch {
  readonly epoch: number
  /** 0 where an older Kafka did not say. */
  readonly timestampMs: number
}

/** Which topics a pattern matched, as of which version of the metadata. */
export interface ResolvedRegex {
  readonly topics: ReadonlySet<string>
  readonly version: number
  readonly timestampMs: number
}
