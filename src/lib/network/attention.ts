import type { EventLoop } from '../ports/event-loop.ts'

/** A client that does little else asks again within this, though the loop had to be woken first. */
const PROMPT_MS = 0.1
/** About what it takes to fall asleep and to be woken. */
const STAY_MS = 0.05
/**
 * Each turn leaves some 300 bytes behind to be collected, and collecting holds up whoever asks just then. So one who
 * has taken his time already is looked for less often, and found later by this share of that time at most.
 */
const DWELL_SHARE = 0.2
/** How many turns are slept through, at most, for one that was waited for in vain. */
const LONGEST_SHUN = 256

/**
 * Keeps the loop awake for a moment after a prompt client was served. One that asks for the next thing as soon as it
 * has an answer finds the loop running, where to wake it takes longer than to answer. Whoever is waited for in vain is
 * waited for less and less often.
 */
export class Attention {
  readonly #loop: EventLoop
  readonly #look: () => void
  #servedMs = Number.NEGATIVE_INFINITY
  #untilMs = Number.NEGATIVE_INFINITY
  #isAwake = false
  #isPrompt = false
  #shun = 0
  #nextShun = 1

  constructor(loop: EventLoop) {
    this.#loop = loop
    this.#look = () => this.#stayOrSleep()
  }

  /** Bytes are here. */
  arrived(): void {
    this.#isPrompt = this.#loop.nowMs() - this.#servedMs < PROMPT_MS
    if (this.#isAwake) this.#nextShun = 1
  }

  /** They have been dealt with. */
  served(): void {
    this.#servedMs = this.#loop.nowMs()
    if (!this.#isPrompt || this.#isShunning()) return
    this.#untilMs = this.#servedMs + STAY_MS
    if (this.#isAwake) return
    this.#isAwake = true
    this.#loop.next(this.#look)
  }

  #isShunning(): boolean {
    if (this.#shun === 0) return false
    this.#shun--
    return true
  }

  #stayOrSleep(): void {
    const nowMs = this.#loop.nowMs()
    if (nowMs < this.#untilMs) {
      this.#loop.dwell(nowMs + (nowMs - this.#servedMs) * DWELL_SHARE)
      this.#loop.next(this.#look)
      return
    }
    this.#isAwake = false
    this.#shun = this.#nextShun
    this.#nextShun = Math.min(2 * this.#nextShun, LONGEST_SHUN)
  }
}
