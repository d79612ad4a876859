import type { Cancel, Clock } from '../../ports/clock.ts'
import { addressOf } from '../quotas/address-of.ts'
import type { ConnectionLimits } from './connection-limits.ts'
import { ConnectionRates } from './connection-rates.ts'

/** Somebody who has connected; one whose link is gone keeps its turn, and leaves once it had it. */
export interface Visitor {
  readonly listener: string
  readonly host: string
  /** It is its turn, and its address may connect. */
  enter(): void
  /** There are as many from its address as there may be. */
  turnAway(most: number): void
  /** Its address connects too fast: it is closed, so much later. */
  hold(durationMs: number): void
}

interface Waiting {
  readonly visitor: Visitor
  /** When it may come in, as far as rates go; they count it once its turn has come. */
  readyMs: number | undefined
}

/** How fast one address may connect. */
type AddressRates = (host: string) => number

/**
 * Lets connections in, as many and as fast as there may be. Each listener has one acceptor: who has to wait for a slot, or
 * because too many have come too fast, has all others wait who come by the same listener behind it.
 */
export class Doorway {
  readonly #clock: Clock
  readonly #addressWaitMs: AddressRates
  readonly #rates: ConnectionRates
  readonly #queues = new Map<string, Waiting[]>()
  readonly #ofAddress = new Map<string, number>()
  readonly #ofListener = new Map<string, number>()
  readonly #timers = new Map<string, Cancel>()
  #limits: ConnectionLimits
  #count = 0
  #isClosed = false

  constructor(clock: Clock, limits: ConnectionLimits, addressWaitMs: AddressRates) {
    this.#clock = clock
    this.#limits = limits
    this.#rates = new ConnectionRates(limits)
    this.#addressWaitMs = addressWaitMs
  }

  /** Others count from now on. */
  set limits(limits: ConnectionLimits) {
    this.#limits = limits
    this.changed()
  }

  /** So many of those who came by listeners that are not protected have to go. */
  get excess(): number {
    return Math.max(0, this.#count - this.#limits.most)
  }

  isProtected(listener: string): boolean {
    return this.#limits.isProtected(listener)
  }

  /** False where the visitor has to wait for its turn. */
  knock(visitor: Visitor): boolean {
    const queue = this.#queueOf(visitor.listener)
    queue.push({ visitor, readyMs: undefined })
    if (queue.length === 1) this.#serve(visitor.listener)
    return queue.length === 0
  }

  /** One that had come in has left. */
  left(listener: string, host: string): void {
    this.#add(listener, host, -1)
    this.changed()
  }

  /** There may be room for those who wait. */
  changed(): void {
    for (const listener of this.#queues.keys()) this.#serve(listener)
  }

  close(): void {
    this.#isClosed = true
    for (const cancel of this.#timers.values()) cancel()
  }

  #queueOf(listener: string): Waiting[] {
    const known = this.#queues.get(listener)
    if (known !== undefined) return known
    const made: Waiting[] = []
    this.#queues.set(listener, made)
    return made
  }

  #serve(listener: string): void {
    this.#timers.get(listener)?.()
    this.#timers.delete(listener)
    const queue = this.#queueOf(listener)
    for (let first = queue[0]; first !== undefined && !this.#isClosed; first = queue[0]) {
      const nowMs = this.#nowMs()
      first.readyMs ??= nowMs + this.#rates.came(listener, this.#limits, nowMs)
      if (first.readyMs > nowMs) {
        this.#timers.set(
          listener,
          this.#clock.after(first.readyMs - nowMs, () => this.#serve(listener)),
        )
        return
      }
      if (!this.#hasRoom(listener)) return
      queue.shift()
      this.#letIn(first.visitor)
    }
  }

  #hasRoom(listener: string): boolean {
    if ((this.#ofListener.get(listener) ?? 0) >= this.#limits.mostOf(listener)) return false
    return this.#limits.isProtected(listener) || this.#count < this.#limits.most
  }

  #letIn(visitor: Visitor): void {
    const { listener } = visitor
    const host = addressOf(visitor.host)
    const heldMs = this.#addressWaitMs(host)
    const most = this.#limits.mostFrom(host)
    if (heldMs > 0) visitor.hold(heldMs)
    else if ((this.#ofAddress.get(host) ?? 0) >= most) visitor.turnAway(most)
    else {
      this.#add(listener, host, 1)
      visitor.enter()
    }
  }

  #add(listener: string, visitorHost: string, count: number): void {
    const host = addressOf(visitorHost)
    const fromThere = (this.#ofAddress.get(host) ?? 0) + count
    if (fromThere > 0) this.#ofAddress.set(host, fromThere)
    else this.#ofAddress.delete(host)
    this.#ofListener.set(listener, (this.#ofListener.get(listener) ?? 0) + count)
    this.#count += count
  }

  #nowMs(): number {
    return Math.floor(this.#clock.monotonicMs())
  }
}
