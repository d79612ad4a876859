import type { JsonObject } from '../../replay/messages.ts'

export interface Partitions {
  readonly topicId: string
  readonly partitions: readonly number[]
}

/** A member of the newer protocol, as it knows itself from what Kafka answered. */
export interface NewMember {
  readonly slot: string
  memberId: string
  instanceId: string | null
  epoch: number
  lastEpoch: number
  assigned: readonly Partitions[]
  rebalanceTimeoutMs: number
}

/** One of the classic protocol. */
export interface OldMember {
  readonly slot: string
  memberId: string
  instanceId: string | null
  generation: number
  /** Of the group, where it leads. */
  others: readonly string[]
  protocol: string
  owned: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  version: number
}

export function newMember(slot: string, memberId: string, instanceId: string | null): NewMember {
  return { slot, memberId, instanceId, epoch: 0, lastEpoch: 0, assigned: [], rebalanceTimeoutMs: 60_000 }
}

export function oldMember(slot: string, instanceId: string | null): OldMember {
  return {
    ...{ slot, memberId: '', instanceId, generation: -1, others: [], protocol: 'range', owned: [] },
    ...{ rebalanceTimeoutMs: 60_000, sessionTimeoutMs: 60_000, version: 9 },
  }
}

export function heardBeat(member: NewMember, answer: JsonObject): void {
  const { errorCode, memberId, memberEpoch, assignment } = answer
  if (errorCode !== 0) return
  if (typeof memberId === 'string' && memberId !== '') member.memberId = memberId
  member.lastEpoch = member.epoch
  member.epoch = Math.max(0, Number(memberEpoch))
  if (member.epoch === 0) member.assigned = []
  if (assignment !== null && typeof assignment === 'object') {
    member.assigned = (assignment as never as { topicPartitions: Partitions[] }).topicPartitions
  }
}
