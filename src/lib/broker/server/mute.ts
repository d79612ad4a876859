import type { Cancel, Clock } from '../../ports/clock.ts'
import type { Link } from '../../ports/network.ts'
import type { Outgoing } from '../faults/outgoing.ts'
import type { Outlet } from './outlet.ts'
import { slowLink } from './slow-link.ts'

/** Holds a connection back: what its client sends meanwhile stays in its socket (KIP-219). */
export class Mute {
  readonly #clock: Clock
  readonly #link: Link
  readonly #outlet: Outlet
  readonly #over: () => void
  #cancel: Cancel | undefined

  constructor(clock: Clock, link: Link, outlet: Outlet, over: () => void) {
    this.#clock = clock
    this.#link = link
    this.#outlet = outlet
    this.#over = over
  }

  get isOn(): boolean {
    return this.#cancel !== undefined
  }

  forSo(durationMs: number): void {
    this.#cancel = this.#clock.after(durationMs, () => this.#end())
  }

  /** What was added to the outlet leaves as slowly as it should, and then nothing is read for as long as it should. */
  follow({ bytesPerSecond, muteMs }: Outgoing, gone: AbortSignal): void {
    if (bytesPerSecond !== null) this.#trickle(bytesPerSecond, muteMs, gone)
    else if (muteMs > 0) this.forSo(muteMs)
  }

  close(): void {
    this.#cancel?.()
  }

  #end(): void {
    this.#cancel = undefined
    this.#over()
  }

  /** Nothing else may leave between the portions of an answer. */
  #trickle(bytesPerSecond: number, muteMs: number, gone: AbortSignal): void {
    let isHeld = true
    this.#cancel = () => {
      isHeld = false
    }
    const link = slowLink(this.#link, { bytesPerSecond, clock: this.#clock, gone }, () => {
      if (!isHeld) return
      this.#outlet.drained()
      if (muteMs > 0) this.forSo(muteMs)
      else this.#end()
    })
    this.#outlet.flush(link)
  }
}
