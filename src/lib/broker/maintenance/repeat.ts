import type { Cancel, Clock } from '../../ports/clock.ts'

export interface RepeatedWork {
  readonly name: string
  readonly firstDelayMs?: number
  /** Asked anew each time, since it may be altered. */
  readonly everyMs: () => number
  readonly run: () => Promise<void> | void
}

/** Kafka lets some intervals be 0, which would leave time for nothing else. */
const SHORTEST_MS = 100

/** Work that comes back: the next time is counted from the end of the last, so that it never overtakes itself. */
export class Repeat {
  readonly #clock: Clock
  readonly #work: RepeatedWork
  readonly #failed: (name: string, cause: unknown) => void
  #cancel: Cancel | undefined
  #isStopped = false
  #running: Promise<void> | undefined

  constructor(clock: Clock, work: RepeatedWork, failed: (name: string, cause: unknown) => void) {
    this.#clock = clock
    this.#work = work
    this.#failed = failed
  }

  start(): void {
    this.#after(this.#work.firstDelayMs ?? this.#work.everyMs())
  }

  /** Resolves once what is under way is done. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.#running
  }

  #after(delayMs: number): void {
    this.#cancel = this.#clock.after(Math.max(delayMs, SHORTEST_MS), () => {
      this.#running = this.#run()
    })
  }

  async #run(): Promise<void> {
    try {
      await this.#work.run()
    } catch (cause) {
      this.#failed(this.#work.name, cause)
    }
    if (!this.#isStopped) this.#after(this.#work.everyMs())
  }
}
