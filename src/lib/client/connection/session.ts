import type { Clock } from '../../ports/clock.ts'

/** Java's clients renew somewhere in here, so that a thousand that came together do not come together again. */
const EARLIEST_SHARE = 0.85
const LATEST_SHARE = 0.95

export interface SessionParts {
  readonly clock: Clock
  /** Says who we are; returns for how many milliseconds that holds, 0 for ever. */
  readonly login: (patienceMs: number) => Promise<number>
  /** From 0 to 1, by chance. */
  readonly chance: () => number
}

/** For how long a broker believes who we are (KIP-368). It cuts a link on which something is asked after that. */
export class Session {
  readonly #parts: SessionParts
  #renewAtMs = Number.POSITIVE_INFINITY
  #renewal: Promise<void> | undefined

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  async begin(patienceMs: number): Promise<void> {
    const { clock, login, chance } = this.#parts
    const startMs = clock.monotonicMs()
    const lifetimeMs = await login(patienceMs)
    const share = EARLIEST_SHARE + (LATEST_SHARE - EARLIEST_SHARE) * chance()
    this.#renewAtMs = lifetimeMs > 0 ? startMs + lifetimeMs * share : Number.POSITIVE_INFINITY
  }

  /** What the next question has to wait for; nothing as a rule. What is in flight is answered first. */
  renewal(patienceMs: number, quiet: () => Promise<void>): Promise<void> | undefined {
    if (this.#renewal === undefined && this.#parts.clock.monotonicMs() < this.#renewAtMs) return undefined
    this.#renewal ??= this.#renew(patienceMs, quiet)
    return this.#renewal
  }

  async #renew(patienceMs: number, quiet: () => Promise<void>): Promise<void> {
    try {
      await quiet()
      await this.begin(patienceMs)
    } finally {
      this.#renewal = undefined
    }
  }
}
