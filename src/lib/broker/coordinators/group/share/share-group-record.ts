import type { Assignment } from '../modern/assignment.ts'

/** What one record of a share group (KIP-932) says; null takes it away. */
export type ShareGroupRecord =
  | Said<'shareEpoch', { readonly epoch: number; readonly metadataHash: bigint }>
  | Said<'shareTargetEpoch', { readonly epoch: number; readonly timestampMs: number }>
  | Said<'shareTopics', ShareTopics>
  | (Said<'shareMember', ShareSubscription> & OfMember)
  | (Said<'shareTarget', Assignment> & OfMember)
  | (Said<'shareAssignment', ShareAssignment> & OfMember)

interface Said<K extends string, V> {
  readonly kind: K
  readonly group: string
  readonly value: V | null
}

interface OfMember {
  readonly memberId: string
}

export interface ShareSubscription {
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly topics: ReadonlySet<string>
}

export interface ShareAssignment {
  readonly epoch: number
  readonly previousEpoch: number
  readonly state: number
  readonly assigned: Assignment
}

/** Partitions whose state is kept, is about to be, or goes away, by the id of their topic. */
export interface ShareTopics {
  readonly initialising: ReadonlyMap<string, ShareTopic>
  readonly initialised: ReadonlyMap<string, ShareTopic>
  /** With their names. */
  readonly deleting: ReadonlyMap<string, string>
}

export interface ShareTopic {
  readonly name: string
  readonly partitions: ReadonlySet<number>
}

export const noShareTopics: ShareTopics = {
  initialising: new Map(),
  initialised: new Map(),
  deleting: new Map(),
}
