import type { Cancel, Clock } from '../ports/clock.ts'

/** Says something again and again, as long as a work goes on. */
export class Ticker {
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #tell: () => Promise<unknown>
  #cancel: Cancel | undefined

  constructor(clock: Clock, everyMs: number, tell: () => Promise<unknown>) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#tell = tell
  }

  async *during<T>(pieces: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    this.#next()
    try {
      yield* pieces
    } finally {
      this.#cancel?.()
    }
  }

  #next(): void {
    this.#cancel = this.#clock.after(this.#everyMs, () => {
      void this.#tell()
      this.#next()
    })
  }
}
