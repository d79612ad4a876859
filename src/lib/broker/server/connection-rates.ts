import { waitMs } from '../quotas/rate-quota.ts'
import { SampledRate } from '../quotas/sampled-rate.ts'
import type { ConnectionLimits } from './connection-limits.ts'

/** How fast connections come, in all and by listener. It is counted without a limit too: one may be set at any time. */
export class ConnectionRates {
  readonly #all: SampledRate
  readonly #ofListener = new Map<string, SampledRate>()

  constructor({ windows }: ConnectionLimits) {
    this.#all = new SampledRate(windows)
  }

  /** How long those have to wait who come by that listener; 0 where they need not. */
  came(listener: string, limits: ConnectionLimits, nowMs: number): number {
    const ofAllMs = limits.isProtected(listener) ? 0 : recorded(this.#all, limits.perSecond, nowMs)
    const ofListenerMs = recorded(this.#rateOf(listener, limits), limits.perSecondOf(listener), nowMs)
    return Math.min(Math.max(ofAllMs, ofListenerMs), limits.windows.sizeMs)
  }

  #rateOf(listener: string, { windows }: ConnectionLimits): SampledRate {
    const known = this.#ofListener.get(listener)
    if (known !== undefined) return known
    const made = new SampledRate(windows)
    this.#ofListener.set(listener, made)
    return made
  }
}

function recorded(rate: SampledRate, perSecond: number, nowMs: number): number {
  rate.record(1, nowMs)
  return waitMs(rate, perSecond, nowMs)
}
