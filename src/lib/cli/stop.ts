import type { ExitCode } from '../errors.ts'

/**
 * How a run is asked to end early. Most commands just end: nothing is lost. One that has something to put
 * in order takes the signal, and is then waited for.
 */
export class Stop {
  readonly #controller = new AbortController()
  #code: ExitCode | undefined
  #isTaken = false

  /** Who takes it promises to return soon after it fires. */
  take(): AbortSignal {
    this.#isTaken = true
    return this.#controller.signal
  }

  /** Returns whether somebody will put things in order. A second request is not waited for. */
  request(code: ExitCode): boolean {
    const isFirst = this.#code === undefined
    this.#code ??= code
    this.#controller.abort()
    return isFirst && this.#isTaken
  }

  get code(): ExitCode | undefined {
    return this.#code
  }
}
