import type { Deadline } from './deadline.ts'
import type { JoinAnswer, SyncAnswer } from './group-answers.ts'
import type { StoredClassicMember } from './stored-classic-group.ts'

export interface MemberProtocol {
  readonly name: string
  readonly metadata: Buffer
}

/** What a member says of itself when it joins. */
export interface MemberFacts {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  /** Those it likes best first. */
  readonly protocols: readonly MemberProtocol[]
}

const nothing = Buffer.alloc(0)

/** A member of a classic group, and what it waits for. */
export class ClassicMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  protocols: readonly MemberProtocol[]
  assignment: Buffer = nothing
  /** Has not been answered once: it knows neither its id nor that it shall send heartbeats. */
  isNew = false
  awaitingJoin: ((answer: JoinAnswer) => void) | null = null
  awaitingSync: ((answer: SyncAnswer) => void) | null = null
  /** Until when it must be heard from. */
  session: Deadline | null = null

  constructor(facts: MemberFacts) {
    this.memberId = facts.memberId
    this.groupInstanceId = facts.groupInstanceId
    this.clientId = facts.clientId
    this.clientHost = facts.clientHost
    this.rebalanceTimeoutMs = facts.rebalanceTimeoutMs
    this.sessionTimeoutMs = facts.sessionTimeoutMs
    this.protocols = facts.protocols
  }

  metadataOf(protocol: string): Buffer {
    return this.protocols.find(({ name }) => name === protocol)?.metadata ?? nothing
  }

  speaks(protocol: string): boolean {
    return this.protocols.some(({ name }) => name === protocol)
  }

  /** The same protocols with the same metadata, in the same order. */
  matches(protocols: readonly MemberProtocol[]): boolean {
    return (
      this.protocols.length === protocols.length &&
      this.protocols.every(({ name, metadata }, i) => {
        const other = protocols[i]
        return other !== undefined && other.name === name && other.metadata.equals(metadata)
      })
    )
  }

  /** It need not be heard from while it waits for us; a new one may have given up waiting without a word. */
  isExcused(): boolean {
    return !this.isNew && (this.awaitingJoin !== null || this.awaitingSync !== null)
  }

  answerJoin(answer: JoinAnswer): void {
    const waiter = this.awaitingJoin
    this.awaitingJoin = null
    waiter?.(answer)
  }

  /** False: it was not waiting. */
  answerSync(answer: SyncAnswer): boolean {
    const waiter = this.awaitingSync
    this.awaitingSync = null
    waiter?.(answer)
    return waiter !== null
  }

  stored(protocol: string | null): StoredClassicMember {
    return {
      memberId: this.memberId,
      groupInstanceId: this.groupInstanceId,
      clientId: this.clientId,
      clientHost: this.clientHost,
      rebalanceTimeoutMs: this.rebalanceTimeoutMs,
      sessionTimeoutMs: this.sessionTimeoutMs,
      subscription: protocol === null ? nothing : this.metadataOf(protocol),
      assignment: this.assignment,
    }
  }
}
