import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import { findCoordinator } from '../../protocol/apis/find-coordinator.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import type { ServedApi } from './askable.ts'
import type { FaultEffects, FaultRule, StandingFault } from './fault-rule.ts'
import { type Asking, concerns, isOfItems, matches } from './matching.ts'
import { type FaultWish, parseFault } from './parse-fault.ts'
import type { Item } from './request-items.ts'
import { TurnCounter } from './turn-counter.ts'

const SEEDS = 2 ** 32

interface FaultPorts {
  readonly clock: Clock
  readonly random: Random
}

interface Entry {
  readonly id: number
  readonly rule: FaultRule
  readonly counter: TurnCounter
}

/** A rule that strikes a request, and what of the request. */
export interface Strike {
  readonly effects: FaultEffects
  readonly delayMs: number
  readonly chosen: (item: Item) => boolean
  readonly isOfItems: boolean
}

/** The rules by which a broker fails, in the order in which they came. They go with the broker. */
export class FaultRules {
  readonly #ports: FaultPorts
  readonly #apis: readonly ServedApi[]
  readonly #listeners: readonly string[]
  #entries: Entry[] = []
  #lastId = 0

  constructor(ports: FaultPorts, apis: readonly ServedApi[], listeners: readonly string[] = []) {
    this.#ports = ports
    this.#apis = apis
    this.#listeners = listeners
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  /** Throws a UsageError that says what is wrong with it. */
  add(wish: FaultWish): StandingFault {
    const rule = parseFault(wish, {
      apis: this.#apis,
      listeners: this.#listeners,
      drawSeed: () => this.#ports.random.below(SEEDS),
    })
    const nowMs = this.#ports.clock.monotonicMs()
    const entry = { id: ++this.#lastId, rule, counter: new TurnCounter(rule.turns, nowMs) }
    this.#entries.push(entry)
    return standing(entry, nowMs)
  }

  list(): StandingFault[] {
    const nowMs = this.#ports.clock.monotonicMs()
    return this.#entries.map((entry) => standing(entry, nowMs))
  }

  /** Those of these ids, or all; gives those that were there. */
  clear(ids?: readonly number[]): StandingFault[] {
    const cleared = this.list().filter(({ id }) => ids === undefined || ids.includes(id))
    this.#entries = this.#entries.filter(({ id }) => !cleared.some((one) => one.id === id))
    return cleared
  }

  /** What strikes this request, each rule by its own count. */
  strikes(asking: Asking): Strike[] {
    const nowMs = this.#ports.clock.monotonicMs()
    return this.#entries.flatMap(({ rule, counter }) => {
      const isActive = counter.stateAt(nowMs) === 'active'
      if (!isActive || !concerns(rule.filter, asking) || isOutOfPlace(rule, asking)) return []
      if (!counter.takes()) return []
      const { effects, filter } = rule
      const delayMs = effects.latencyMs + Math.round(counter.draw() * effects.jitterMs)
      const chosen = (item: Item) => matches(filter, item)
      return [{ effects, delayMs, chosen, isOfItems: isOfItems(filter) }]
    })
  }
}

function standing({ id, rule, counter }: Entry, nowMs: number): StandingFault {
  const { matched, applied } = counter
  return { ...rule, id, state: counter.stateAt(nowMs), matched, applied }
}

/** What FindCoordinator says; the other errors of groups and transactions come from those that it has found. */
const errorsOfFinding: ReadonlySet<ErrorName> = new Set([
  'COORDINATOR_NOT_AVAILABLE',
  'GROUP_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_GROUP_ID',
  'INVALID_REQUEST',
  'UNKNOWN_SERVER_ERROR',
])

/** Clients give up on what no Kafka answers: who wants to see that names the API. */
function isOutOfPlace({ filter, effects }: FaultRule, { api }: Asking): boolean {
  if (api !== findCoordinator.name || filter.api.length > 0 || effects.error === null) return false
  const isOfCoordinator = filter.group.length > 0 || filter.transactionalId.length > 0
  return isOfCoordinator && !errorsOfFinding.has(effects.error)
}
