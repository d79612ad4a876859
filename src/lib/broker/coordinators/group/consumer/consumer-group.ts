import { ApiError } from '../../../api-error.ts'
import { TimelineMap } from '../../../timeline-map.ts'
import type { Assignment } from '../modern/assignment.ts'
import { noAssignment } from '../modern/assignment.ts'
import { SubscriptionCounts } from '../modern/subscription-counts.ts'
import { type ConsumerMember, isReconciledTo, LEAVES, newMember, nothingAssigned } from './consumer-member.ts'
import type { ConsumerGroupRecord, ResolvedRegex } from './consumer-record.ts'
import { PartitionEpochs } from './partition-epochs.ts'

export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable'

/** A group of KIP-848. It changes by its records alone, but for when its topics are looked at next. */
export class ConsumerGroup {
  readonly groupId: string
  readonly members = new TimelineMap<ConsumerMember>()
  /** Member ids by instance. */
  readonly staticMembers = new Map<string, string>()
  readonly target = new Map<string, Assignment>()
  readonly regexes = new TimelineMap<ResolvedRegex>()
  /** How many members have this pattern. */
  readonly regexMembers = new TimelineMap<number>()
  readonly partitionEpochs = new PartitionEpochs()
  subscriptions = new SubscriptionCounts()
  epoch = 1
  metadataHash = 0n
  targetEpoch = 1
  targetTimestampMs = 0
  /** Of an older Kafka, to be taken away. */
  hasPartitionsRecord = false
  /** The topics are to be looked at anew: by then, or if the group's epoch is lower. */
  #refresh = { deadlineMs: 0, epoch: 0 }
  readonly #targetOwners = new Map<string, Map<number, string>>()

  constructor(groupId: string) {
    this.groupId = groupId
  }

  get state(): ConsumerGroupState {
    if (this.members.size === 0) return 'Empty'
    if (this.epoch > this.targetEpoch) return 'Assigning'
    for (const member of this.members.values()) {
      if (!isReconciledTo(member, this.targetEpoch)) return 'Reconciling'
    }
    return 'Stable'
  }

  memberOf(memberId: string): ConsumerMember {
    const member = this.members.get(memberId)
    if (member !== undefined) return member
    throw new ApiError('UNKNOWN_MEMBER_ID', `Member ${memberId} is not a member of group ${this.groupId}.`)
  }

  staticMember(instanceId: string | null): ConsumerMember | undefined {
    const memberId = this.staticMembers.get(instanceId ?? '')
    return memberId === undefined ? undefined : this.members.get(memberId)
  }

  /** Of the instance whose place it takes, where it is not known itself. */
  targetOf({ memberId, instanceId }: Pick<ConsumerMember, 'memberId' | 'instanceId'>): Assignment {
    const known = instanceId === null ? memberId : this.staticMembers.get(instanceId)
    return this.target.get(known ?? '') ?? noAssignment
  }

  isTargeted(topicId: string, partition: number): boolean {
    return this.#targetOwners.get(topicId)?.has(partition) === true
  }

  hasExpiredMetadata(nowMs: number): boolean {
    return nowMs >= this.#refresh.deadlineMs || this.epoch < this.#refresh.epoch
  }

  /** Not a record: whoever takes the group over looks at once. */
  refreshMetadataBy(deadlineMs: number, epoch: number): void {
    this.#refresh = { deadlineMs, epoch }
  }

  classicMembers(): ConsumerMember[] {
    return [...this.members.values()].filter(({ classic }) => classic !== null)
  }

  replay(record: ConsumerGroupRecord): void {
    switch (record.kind) {
      case 'consumerEpoch':
        if (record.value !== null) {
          this.epoch = record.value.epoch
          this.metadataHash = record.value.metadataHash
        }
        return
      case 'consumerPartitions':
        this.hasPartitionsRecord = record.value !== null
        return
      case 'consumerTargetEpoch':
        this.targetEpoch = record.value?.epoch ?? -1
        this.targetTimestampMs = record.value?.timestampMs ?? 0
        return
      case 'consumerTarget':
        this.#setTarget(record.memberId, record.value)
        return
      case 'consumerRegex':
        this.#setRegex(record.regex, record.value)
        return
      default:
        this.#replayMember(record)
    }
  }

  #replayMember(
    record: Extract<ConsumerGroupRecord, { readonly kind: 'consumerMember' | 'consumerAssignment' }>,
  ): void {
    const before = this.members.get(record.memberId)
    if (record.value !== null) {
      this.#setMember(before, { ...(before ?? newMember(record.memberId)), ...record.value })
    } else if (before !== undefined) {
      if (record.kind === 'consumerMember') this.#setMember(before, null)
      else this.#setMember(before, { ...before, ...withdrawn })
    }
  }

  #setMember(before: ConsumerMember | undefined, after: ConsumerMember | null): void {
    this.subscriptions.moveNames(before?.subscribedTopicNames ?? [], after?.subscribedTopicNames ?? [])
    this.#count(before?.subscribedTopicRegex ?? '', -1)
    this.#count(after?.subscribedTopicRegex ?? '', 1)
    if (before !== undefined) this.partitionEpochs.remove(before)
    if (after !== null) this.partitionEpochs.add(after)
    const gone = before?.instanceId ?? null
    if (after === null && gone !== null) this.staticMembers.delete(gone)
    const instanceId = after?.instanceId ?? null
    if (after !== null && instanceId !== null) this.staticMembers.set(instanceId, after.memberId)
    if (after !== null) this.members.set(after.memberId, after)
    else if (before !== undefined) this.members.delete(before.memberId)
  }

  #count(regex: string, change: number): void {
    if (regex === '') return
    const count = (this.regexMembers.get(regex) ?? 0) + change
    if (count <= 0) this.regexMembers.delete(regex)
    else this.regexMembers.set(regex, count)
  }

  #setRegex(regex: string, resolved: ResolvedRegex | null): void {
    this.subscriptions.moveMatches(this.regexes.get(regex)?.topics ?? [], resolved?.topics ?? [])
    if (resolved === null) this.regexes.delete(regex)
    else this.regexes.set(regex, resolved)
  }

  #setTarget(memberId: string, assignment: Assignment | null): void {
    for (const [topicId, partitions] of this.target.get(memberId) ?? noAssignment) {
      const owners = this.#targetOwners.get(topicId)
      for (const partition of partitions) {
        if (owners?.get(partition) === memberId) owners.delete(partition)
      }
      if (owners?.size === 0) this.#targetOwners.delete(topicId)
    }
    for (const [topicId, partitions] of assignment ?? noAssignment) {
      const owners = this.#targetOwners.get(topicId) ?? new Map<number, string>()
      this.#targetOwners.set(topicId, owners)
      for (const partition of partitions) owners.set(partition, memberId)
    }
    if (assignment === null) this.target.delete(memberId)
    else this.target.set(memberId, assignment)
  }
}

const withdrawn = {
  memberEpoch: LEAVES,
  previousMemberEpoch: -1,
  assigned: nothingAssigned,
  pendingRevocation: nothingAssigned,
}
