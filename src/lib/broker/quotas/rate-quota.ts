import type { QuotaLimits } from './quota-limits.ts'
import { SampledRate, type Windows } from './sampled-rate.ts'
import { Sensors } from './sensors.ts'

/** Who asks, for a quota. */
export interface Asker {
  readonly user: string
  readonly clientId: string
}

/** Bytes or time, so much a second. */
export class RateQuota {
  readonly #windows: Windows
  readonly #longestMs: number
  readonly #sensors: Sensors<SampledRate>
  #limits: QuotaLimits

  constructor(windows: Windows, limits: QuotaLimits, longestMs = Number.POSITIVE_INFINITY) {
    this.#windows = windows
    this.#limits = limits
    this.#longestMs = longestMs
    this.#sensors = new Sensors(() => new SampledRate(windows))
  }

  set limits(limits: QuotaLimits) {
    this.#limits = limits
  }

  get isSet(): boolean {
    return !this.#limits.isEmpty
  }

  /** How long the asker has to wait for that. */
  record(asker: Asker, value: number, nowMs: number): number {
    const { rate, limit } = this.#of(asker, nowMs)
    rate.record(value, nowMs)
    return limit === undefined ? 0 : Math.min(waitMs(rate, limit, nowMs), this.#longestMs)
  }

  /** It counts, and nobody waits: what is known only after the answer, or was not sent after all. */
  count(asker: Asker, value: number, nowMs: number): void {
    this.#of(asker, nowMs).rate.record(value, nowMs)
  }

  /** What can be had at once by somebody who had nothing before: asking for more is waiting for certain. */
  mostAtOnce(asker: Asker, nowMs: number): number {
    const { limit } = this.#of(asker, nowMs)
    const { count, sizeMs } = this.#windows
    return limit === undefined ? Number.POSITIVE_INFINITY : limit * (count - 1) * (sizeMs / 1000)
  }

  #of(asker: Asker, nowMs: number) {
    const sharer = this.#limits.sharer(asker.user, asker.clientId)
    const rate = this.#sensors.get(`${sharer.user.length}:${sharer.user}${sharer.clientId}`, nowMs)
    return { rate, limit: this.#limits.limitOf(sharer) }
  }
}

/** So long that the rate would be at its limit had it been recorded only then. */
export function waitMs(rate: SampledRate, limit: number, nowMs: number): number {
  const value = rate.perSecond(nowMs)
  return value <= limit ? 0 : Math.round(((value - limit) / limit) * rate.windowMs(nowMs))
}
