import { ApiError } from '../api-error.ts'
import type { QuotaLimits } from './quota-limits.ts'
import type { Asker } from './rate-quota.ts'
import type { Windows } from './sampled-rate.ts'
import { Sensors } from './sensors.ts'
import { TokenBucket } from './token-bucket.ts'

/** Partitions created and deleted, so many a second. */
export class MutationQuota {
  readonly #buckets: Sensors<TokenBucket>
  #limits: QuotaLimits

  constructor(windows: Windows, limits: QuotaLimits) {
    this.#limits = limits
    this.#buckets = new Sensors(() => new TokenBucket(windows))
  }

  set limits(limits: QuotaLimits) {
    this.#limits = limits
  }

  /** For one request; strict ones are refused what they cannot have, others get it and wait. */
  of(asker: Asker, isStrict: boolean, nowMs: () => number): MutationAccount {
    const sharer = this.#limits.sharer(asker.user, asker.clientId)
    const perSecond = this.#limits.limitOf(sharer)
    if (perSecond === undefined) return new MutationAccount(undefined, isStrict, nowMs)
    const bucket = this.#buckets.get(`${sharer.user.length}:${sharer.user}${sharer.clientId}`, nowMs())
    return new MutationAccount({ bucket, perSecond }, isStrict, nowMs)
  }
}

interface Source {
  readonly bucket: TokenBucket
  readonly perSecond: number
}

export class MutationAccount {
  readonly #source: Source | undefined
  readonly #isStrict: boolean
  readonly #nowMs: () => number
  #waitMs = 0
  #recordedMs = 0

  constructor(source: Source | undefined, isStrict: boolean, nowMs: () => number) {
    this.#source = source
    this.#isStrict = isStrict
    this.#nowMs = nowMs
  }

  /** Throws an ApiError where a strict request has to wait before. */
  readonly take = (partitions: number): void => {
    if (this.#source === undefined) return
    const { bucket, perSecond } = this.#source
    const nowMs = this.#nowMs()
    if (!this.#isStrict) bucket.take(partitions, perSecond, nowMs)
    const waitMs = bucket.waitMs(perSecond, nowMs)
    if (waitMs > 0) {
      this.#waitMs = waitMs
      this.#recordedMs = nowMs
    }
    if (!this.#isStrict) return
    if (waitMs > 0) throw new ApiError('THROTTLING_QUOTA_EXCEEDED', EXCEEDED)
    bucket.take(partitions, perSecond, nowMs)
  }

  /** What is left of the wait. */
  get waitMs(): number {
    return Math.max(0, this.#waitMs - (this.#nowMs() - this.#recordedMs))
  }
}

const EXCEEDED = 'The throttling quota has been exceeded.'
