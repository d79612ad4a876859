import type { ExitCode } from '../errors.ts'

/**
 * How a run is asked to end early. Most commands just end: nothing is lost. One that has something to put
 * in order takes the signal, and is then waited for.
 */
export class Stop {
  readonly #controller = new AbortController()
  #code: ExitCode | undefined
  #isTaken = false
  #isSettled = false
  #tell: ((code: ExitCode) => void) | undefined

  /** Told once somebody has something to put in order. */
  readonly #onTaken: () => void

  constructor(onTaken: () => void = () => {}) {
    this.#onTaken = onTaken
  }

  /** Who takes it promises to return soon after it fires. */
  take(): AbortSignal {
    if (!this.#isTaken) this.#onTaken()
    this.#isTaken = true
    return this.#controller.signal
  }

  /** From now on each request goes to a program that runs in our place, and it is that one who ends. */
  passTo(tell: (code: ExitCode) => void): void {
    this.#tell = tell
  }

  /** What was asked for has been done, and this is how such a run ends: it was not broken off. */
  settle(): void {
    this.#isSettled = true
  }

  /** Returns whether somebody will put things in order. A second request is not waited for. */
  request(code: ExitCode): boolean {
    if (this.#tell !== undefined) {
      this.#tell(code)
      return true
    }
    const isFirst = this.#code === undefined
    this.#code ??= code
    this.#controller.abort()
    return isFirst && this.#isTaken
  }

  get code(): ExitCode | undefined {
    return this.#isSettled ? undefined : this.#code
  }
}
