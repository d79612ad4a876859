import type { QuotaImage } from '../../log/cluster/metadata-image.ts'
import { addressOf } from './address-of.ts'
import { waitMs } from './rate-quota.ts'
import { SampledRate, type Windows } from './sampled-rate.ts'
import { Sensors } from './sensors.ts'

/** Connections from one address, so many a second. */
export class ConnectionQuota {
  readonly #windows: Windows
  readonly #sensors: Sensors<SampledRate>
  #limits: ReadonlyMap<string | null, number>

  constructor(windows: Windows, quotas: readonly QuotaImage[]) {
    this.#windows = windows
    this.#sensors = new Sensors(() => new SampledRate(windows))
    this.#limits = limitsIn(quotas)
  }

  set quotas(quotas: readonly QuotaImage[]) {
    this.#limits = limitsIn(quotas)
  }

  /** How long a new connection waits before it is closed; 0 where it is welcome. */
  waitMs(host: string, nowMs: number): number {
    const limit = this.#limits.get(host) ?? this.#limits.get(null)
    if (limit === undefined) return 0
    const rate = this.#sensors.get(host, nowMs)
    rate.record(1, nowMs)
    const excessMs = Math.min(waitMs(rate, limit, nowMs), this.#windows.sizeMs)
    if (excessMs > 0) rate.record(-1, nowMs)
    return excessMs
  }
}

function limitsIn(quotas: readonly QuotaImage[]): Map<string | null, number> {
  const limits = new Map<string | null, number>()
  for (const { entity, values } of quotas) {
    const limit = values.get('connection_creation_rate')
    const address = entity.get('ip')
    if (limit !== undefined && address !== undefined)
      limits.set(address === null ? null : addressOf(address), limit)
  }
  return limits
}
