import { AuthError, type KtoolError } from '../../errors.ts'
import type { Cancel, Clock } from '../../ports/clock.ts'

/** How long somebody may take to say who they are. */
const PATIENCE_MS = 10_000
/** Each may hold the memory of TLS and a request of 64 KiB: of more than these the first to come goes. */
const MOST = 500

/** A connection whose client has not yet proved who it is. */
export interface Unproven {
  /** It has said something, and waits for an answer of ours. */
  readonly isAwaiting: boolean
  refuse(reason: KtoolError): void
}

/**
 * Where clients are until they have proved who they are. Whoever has honest means is through in a moment; a crowd that
 * only stands there pushes itself out.
 */
export class Anteroom {
  readonly #clock: Clock
  /** Since when, those who came first in front. */
  readonly #waiting = new Map<Unproven, number>()
  #timer: Cancel | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  enter(one: Unproven): void {
    this.#waiting.set(one, this.#clock.monotonicMs())
    if (this.#waiting.size > MOST) this.#sendOut('too many others come, and it has not said who it is')
    this.#timer ??= this.#clock.after(PATIENCE_MS, () => this.#look())
  }

  leave(one: Unproven): void {
    this.#waiting.delete(one)
  }

  #look(): void {
    this.#timer = undefined
    const before = this.#clock.monotonicMs() - PATIENCE_MS
    for (const [one, sinceMs] of this.#waiting) {
      if (sinceMs > before) {
        this.#timer = this.#clock.after(sinceMs - before, () => this.#look())
        return
      }
      if (one.isAwaiting) this.#beginAnew(one)
      else this.#sendOut(`it has not said who it is for ${PATIENCE_MS / 1000} seconds`)
    }
  }

  /** We take the time, and not it. */
  #beginAnew(one: Unproven): void {
    this.#waiting.delete(one)
    this.#waiting.set(one, this.#clock.monotonicMs())
  }

  #sendOut(reason: string): void {
    const [first] = this.#waiting.keys()
    if (first === undefined) return
    this.#waiting.delete(first)
    first.refuse(new AuthError('not-authenticated', reason))
  }
}
