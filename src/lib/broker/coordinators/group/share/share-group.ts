import { ApiError } from '../../../api-error.ts'
import { type Assignment, noAssignment } from '../modern/assignment.ts'
import type { ShareAssignment, ShareGroupRecord, ShareSubscription } from './share-group-record.ts'
import { noShareTopics, type ShareTopics } from './share-group-record.ts'

export interface ShareMember extends ShareSubscription, ShareAssignment {
  readonly memberId: string
}

export const STABLE = 0
const LEAVES = -1

export function newShareMember(memberId: string): ShareMember {
  return {
    ...{ memberId, rackId: null, clientId: '', clientHost: '', topics: new Set() },
    ...{ epoch: 0, previousEpoch: -1, state: STABLE, assigned: noAssignment },
  }
}

/** A share group. It changes by its records alone, but for when its topics are looked at next. */
export class ShareGroup {
  readonly groupId: string
  readonly members = new Map<string, ShareMember>()
  readonly target = new Map<string, Assignment>()
  topics: ShareTopics = noShareTopics
  /** When partitions were said to be initialised: some time later that is tried again. */
  initialisingSinceMs = 0
  epoch = 1
  metadataHash = 0n
  targetEpoch = 1
  targetTimestampMs = 0
  /** Its topics are not what they were: the next heartbeat looks. Not a record; whoever takes the group over looks at once. */
  isStale = true

  constructor(groupId: string) {
    this.groupId = groupId
  }

  get state(): 'Empty' | 'Stable' {
    return this.members.size === 0 ? 'Empty' : 'Stable'
  }

  memberOf(memberId: string): ShareMember {
    const member = this.members.get(memberId)
    if (member !== undefined) return member
    throw new ApiError('UNKNOWN_MEMBER_ID', `Member ${memberId} is not a member of group ${this.groupId}.`)
  }

  replay(record: ShareGroupRecord, nowMs: number): void {
    switch (record.kind) {
      case 'shareEpoch':
        this.epoch = record.value?.epoch ?? this.epoch
        this.metadataHash = record.value?.metadataHash ?? this.metadataHash
        return
      case 'shareTargetEpoch':
        this.targetEpoch = record.value?.epoch ?? -1
        this.targetTimestampMs = record.value?.timestampMs ?? 0
        return
      case 'shareTopics':
        this.topics = record.value ?? noShareTopics
        this.initialisingSinceMs = nowMs
        return
      case 'shareTarget':
        if (record.value === null) this.target.delete(record.memberId)
        else this.target.set(record.memberId, record.value)
        return
      case 'shareMember':
        if (record.value === null) this.members.delete(record.memberId)
        else this.#put(record.memberId, record.value)
        return
      case 'shareAssignment':
        if (record.value !== null) this.#put(record.memberId, record.value)
        else if (this.members.has(record.memberId)) this.#put(record.memberId, withdrawn)
    }
  }

  #put(memberId: string, change: Partial<ShareMember>): void {
    this.members.set(memberId, { ...(this.members.get(memberId) ?? newShareMember(memberId)), ...change })
  }
}

const withdrawn = { epoch: LEAVES, previousEpoch: LEAVES, assigned: noAssignment }

/** The share groups of one partition of `__consumer_offsets`. */
export class ShareGroupsOfShard {
  readonly #groups = new Map<string, ShareGroup>()

  get(groupId: string): ShareGroup | undefined {
    return this.#groups.get(groupId)
  }

  all(): Iterable<ShareGroup> {
    return this.#groups.values()
  }

  /** A group is there as soon as something is said of it, until its epoch is taken away. */
  replay(record: ShareGroupRecord, nowMs: number): void {
    const known = this.#groups.get(record.group)
    if (record.value === null && known === undefined) return
    const group = known ?? new ShareGroup(record.group)
    group.replay(record, nowMs)
    if (record.kind === 'shareEpoch' && record.value === null) this.#groups.delete(record.group)
    else this.#groups.set(record.group, group)
  }
}
