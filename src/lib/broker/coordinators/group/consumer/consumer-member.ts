import type { MemberProtocol } from '../classic-member.ts'
import { type Assignment, inKafkasOrder, type TopicPartitions } from '../modern/assignment.ts'

/** By topic and partition, the epoch at which the member got it. */
export type EpochAssignment = ReadonlyMap<string, ReadonlyMap<number, number>>

export type MemberState = 'STABLE' | 'UNREVOKED_PARTITIONS' | 'UNRELEASED_PARTITIONS' | 'UNKNOWN'

/** Of a member that speaks the classic protocol in a consumer group. */
export interface ClassicMetadata {
  readonly sessionTimeoutMs: number
  readonly protocols: readonly MemberProtocol[]
}

/** What a member says of itself. */
export interface MemberSubscription {
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: ReadonlySet<string>
  readonly subscribedTopicRegex: string | null
  readonly rebalanceTimeoutMs: number
  readonly serverAssignor: string | null
  readonly classic: ClassicMetadata | null
}

/** Where it is on its way to its target. */
export interface MemberAssignment {
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: MemberState
  readonly assigned: EpochAssignment
  readonly pendingRevocation: EpochAssignment
}

export interface ConsumerMember extends MemberSubscription, MemberAssignment {
  readonly memberId: string
}

export const LEAVES = -1
/** A static member that will come back. */
export const LEAVES_FOR_NOW = -2

export const nothingAssigned: EpochAssignment = new Map()

export function newMember(memberId: string): ConsumerMember {
  return {
    memberId,
    memberEpoch: 0,
    previousMemberEpoch: -1,
    state: 'STABLE',
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    clientId: '',
    clientHost: '',
    subscribedTopicNames: new Set(),
    subscribedTopicRegex: '',
    serverAssignor: null,
    classic: null,
    assigned: nothingAssigned,
    pendingRevocation: nothingAssigned,
  }
}

export function isReconciledTo({ state, memberEpoch }: ConsumerMember, epoch: number): boolean {
  return state === 'STABLE' && memberEpoch === epoch
}

export function atEpoch(assignment: Assignment, epoch: number): EpochAssignment {
  return new Map(
    [...assignment].map(([topicId, partitions]) => [
      topicId,
      new Map([...partitions].map((partition) => [partition, epoch])),
    ]),
  )
}

export function withoutEpochs(assignment: EpochAssignment): Map<string, Set<number>> {
  return new Map([...assignment].map(([topicId, partitions]) => [topicId, new Set(partitions.keys())]))
}

/** Neither what it says nor where it is differs. */
export function sameMember(a: ConsumerMember, b: ConsumerMember): boolean {
  return (
    a.memberId === b.memberId &&
    a.memberEpoch === b.memberEpoch &&
    a.previousMemberEpoch === b.previousMemberEpoch &&
    a.state === b.state &&
    sameSubscription(a, b) &&
    sameEpochAssignment(a.assigned, b.assigned) &&
    sameEpochAssignment(a.pendingRevocation, b.pendingRevocation)
  )
}

function sameSubscription(a: MemberSubscription, b: MemberSubscription): boolean {
  return (
    a.instanceId === b.instanceId &&
    a.rackId === b.rackId &&
    a.clientId === b.clientId &&
    a.clientHost === b.clientHost &&
    a.rebalanceTimeoutMs === b.rebalanceTimeoutMs &&
    a.subscribedTopicRegex === b.subscribedTopicRegex &&
    a.serverAssignor === b.serverAssignor &&
    sameNames(a.subscribedTopicNames, b.subscribedTopicNames) &&
    sameClassic(a.classic, b.classic)
  )
}

export function sameNames(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a === b || (a.size === b.size && [...a].every((name) => b.has(name)))
}

function sameClassic(a: ClassicMetadata | null, b: ClassicMetadata | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.sessionTimeoutMs === b.sessionTimeoutMs &&
    a.protocols.length === b.protocols.length &&
    a.protocols.every(({ name, metadata }, i) => {
      const other = b.protocols[i]
      return other?.name === name && other.metadata.equals(metadata)
    })
  )
}

export function sameEpochAssignment(a: EpochAssignment, b: EpochAssignment): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId)
    if (others === undefined || others.size !== partitions.size) return false
    for (const [partition, epoch] of partitions) if (others.get(partition) !== epoch) return false
  }
  return true
}

/** What a member says that it owns is within what it was given. */
export function isWithin(owned: readonly TopicPartitions[] | null, assigned: EpochAssignment): boolean {
  if (owned === null) return false
  return owned.every(({ topicId, partitions }) => {
    const known = assigned.get(topicId)
    return known !== undefined && partitions.every((partition) => known.has(partition))
  })
}

export function partitionsWithEpochs(partitions: ReadonlyMap<number, number>): [number, number][] {
  return inKafkasOrder(partitions.keys()).map((partition) => [partition, partitions.get(partition) ?? 0])
}
