import type { ErrorName } from '../../protocol/error-codes.ts'

/** What goes wrong. All of it that a rule names happens to the same request. */
export interface FaultEffects {
  readonly error: ErrorName | null
  /** The answer is late by so much, and by up to `jitterMs` more. */
  readonly latencyMs: number
  readonly jitterMs: number
  /** The connection is closed in place of an answer. */
  readonly disconnect: boolean
  /** No answer comes, and none to what is sent behind it: bytes of one link do not get lost singly. */
  readonly drop: boolean
  /** As a quota would: the answer says so, and the connection is read no further for so long. */
  readonly throttleMs: number
  /** `records`: a bit of each fetched batch is wrong; `frame`: the answer ends before its end. */
  readonly corrupt: 'records' | 'frame' | null
  /** How fast the answer leaves; null: as fast as it can. */
  readonly bytesPerSecond: number | null
  /** The request is done, and its client hears otherwise; for an error, a disconnection and a lost answer. */
  readonly after: boolean
}

/** Which requests it concerns; an empty list concerns all. */
export interface FaultFilter {
  readonly api: readonly string[]
  readonly apiVersion: { readonly min: number; readonly max: number } | null
  readonly topic: readonly string[]
  readonly partition: readonly number[]
  readonly group: readonly string[]
  readonly transactionalId: readonly string[]
  readonly clientId: readonly string[]
  readonly listener: readonly string[]
  readonly principal: readonly string[]
}

/** Which of them it strikes. */
export interface FaultTurns {
  /** As often, and no more; null: always. */
  readonly times: number | null
  /** So many pass first. */
  readonly skip: number
  /** Of those behind, every n-th. */
  readonly every: number
  readonly probability: number
  /** Brings the same choices back. */
  readonly seed: number
  readonly forMs: number | null
}

export interface FaultRule {
  readonly filter: FaultFilter
  readonly effects: FaultEffects
  readonly turns: FaultTurns
}

/** A rule as it stands with the broker. */
export interface StandingFault extends FaultRule {
  readonly id: number
  /** `spent`: it struck as often as it should; `over`: its time is up. */
  readonly state: 'active' | 'spent' | 'over'
  /** Requests that it concerned. */
  readonly matched: number
  readonly applied: number
}
