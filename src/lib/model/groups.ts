import type { Figure } from './figure.ts'
import type { Outcome } from './outcome.ts'

/** As Kafka's own tools name them. */
export const groupTypes = ['Classic', 'Consumer', 'Share', 'Streams'] as const
export type GroupType = (typeof groupTypes)[number]

export const groupStates = [
  'Empty',
  'Assigning',
  'Reconciling',
  'NotReady',
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Unknown',
] as const
export type GroupState = (typeof groupStates)[number]

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface GroupListing {
  readonly group: string
  readonly type: GroupType
  /** What its members talk: `consumer`, `share`, `connect`; empty where there were never any. */
  readonly protocolType: string
  readonly state: GroupState
  /** Members come and go without a word to a disk: there it is the number that was written last. */
  readonly memberCount: Figure
}

export interface Group extends GroupListing {
  /** The broker that keeps it; null from a disk. */
  readonly coordinator: number | null
  readonly assignor: string | null
  /** Of classic groups. */
  readonly generation: number | null
  readonly leader: string | null
  /** Of groups whose members the broker assigns; null for classic ones. */
  readonly epoch: number | null
  readonly targetEpoch: number | null
  readonly members: readonly GroupMember[]
}

export interface GroupMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly host: string
  readonly epoch: number | null
  readonly subscribedTopics: readonly string[]
  readonly subscribedRegex: string | null
  readonly assignment: readonly TopicPartition[]
  /** What it is to have, where the broker assigns; null for members of classic groups. */
  readonly target: readonly TopicPartition[] | null
}

/** Where a group stands. */
export interface GroupPositions {
  readonly group: string
  readonly type: GroupType
  readonly members: readonly GroupMember[]
  readonly commits: readonly CommittedOffset[]
  readonly pending: readonly PendingOffset[]
  /** Of share groups, which commit no offsets. */
  readonly shares: readonly ShareOffset[]
}

export interface CommittedOffset extends TopicPartition {
  readonly offset: number | bigint
  readonly leaderEpoch: number | null
  readonly metadata: string
  /** Null from a broker, which keeps it to itself. */
  readonly commitTimestampMs: number | bigint | null
  /** An open transaction holds another commit for it: readers that ask for stable offsets get none. */
  readonly isPending: boolean
}

/** What an open transaction will have committed if it does not abort. */
export interface PendingOffset extends TopicPartition {
  /** Null from a broker, which only says that there is one. */
  readonly offset: number | bigint | null
}

export interface ShareOffset extends TopicPartition {
  /** Null as long as nobody has fetched. */
  readonly startOffset: number | bigint | null
  /** Records from the start offset on that are done with; null where it is not known. */
  readonly deliveredCount: number | null
  /** What the broker itself counts, in flight included; null where nobody does. */
  readonly lag: number | bigint | null
}

export interface GroupsView {
  /** Every group there is; a failure for each part of them that is out of reach. */
  list(): Promise<Outcome<GroupListing>[]>
  describe(groups: readonly string[]): Promise<Outcome<Group>[]>
  /** To be asked before the ends of partitions, or lag is less than nothing. */
  positions(groups: readonly string[]): Promise<Outcome<GroupPositions>[]>
}
