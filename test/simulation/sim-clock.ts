import type { Cancel, Clock } from '../../src/lib/ports/clock.ts'

interface Event {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** Time that passes when it is told to: events in order of their time, and of their making where that is equal. */
export class SimClock implements Clock {
  readonly #startMs: number
  #elapsedMs = 0
  #putForwardMs = 0
  #made = 0
  #events: Event[] = []

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs
  }

  nowMs(): number {
    return this.#startMs + Math.floor(this.#elapsedMs + this.#putForwardMs)
  }

  monotonicMs(): number {
    return this.#elapsedMs
  }

  /** The time of day is put forward, or back. */
  jump(byMs: number): void {
    this.#putForwardMs += byMs
  }

  get pending(): number {
    return this.#events.length
  }

  after(delayMs: number, run: () => void): Cancel {
    const event = { atMs: this.#elapsedMs + Math.max(0, delayMs), order: this.#made++, run }
    const at = this.#events.findIndex(({ atMs }) => atMs > event.atMs)
    this.#events.splice(at === -1 ? this.#events.length : at, 0, event)
    return () => {
      this.#events = this.#events.filter((other) => other !== event)
    }
  }

  /** All that happens in this time, each event with what follows from it at once. */
  async pass(durationMs: number): Promise<void> {
    const untilMs = this.#elapsedMs + durationMs
    await settled()
    for (let next = this.#events[0]; next !== undefined && next.atMs <= untilMs; next = this.#events[0]) {
      this.#events.shift()
      this.#elapsedMs = next.atMs
      next.run()
      await settled()
    }
    this.#elapsedMs = untilMs
  }

  /** Lets time pass until this is settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const settle = () => {
      isSettled = true
    }
    promise.then(settle, settle)
    await settled()
    while (!isSettled) {
      const next = this.#events[0]
      if (next === undefined) throw new Error('nothing more will happen, and somebody waits')
      await this.pass(next.atMs - this.#elapsedMs)
    }
    return promise
  }

  /** A program that died leaves no timers behind. */
  forget(): void {
    this.#events = []
  }
}

/** Promises that are due have been dealt with. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
