import type { Int64 } from '../../bytes/int64.ts'
import type { TopicConfigs } from '../configs/topic-configs.ts'

/** A limit that large is Kafka's largest, "without limit"; only its digits in an error message depend on it. */
const WITHOUT_LIMIT = 2n ** 63n - 1n

/** How far from the present the times of records may lie. */
export class TimestampLimits {
  readonly earliest: bigint
  readonly latest: bigint

  constructor(nowMs: number, beforeMaxMs: number, afterMaxMs: number) {
    this.earliest = BigInt.asIntN(64, BigInt(nowMs) - exactly(beforeMaxMs))
    this.latest = BigInt.asIntN(64, BigInt(nowMs) + exactly(afterMaxMs))
    this.#nowMs = BigInt(nowMs)
    this.#beforeMaxMs = exactly(beforeMaxMs)
    this.#afterMaxMs = exactly(afterMaxMs)
  }

  readonly #nowMs: bigint
  readonly #beforeMaxMs: bigint
  readonly #afterMaxMs: bigint

  isOutside(timestamp: Int64): boolean {
    const age = BigInt.asIntN(64, this.#nowMs - BigInt(timestamp))
    return age > this.#beforeMaxMs || BigInt.asIntN(64, -age) > this.#afterMaxMs
  }
}

/** Nothing where the broker stamps the records itself. */
export function timestampLimits(configs: TopicConfigs, nowMs: number): TimestampLimits | undefined {
  if (configs.messageTimestampType === 'LogAppendTime') return undefined
  return new TimestampLimits(nowMs, configs.messageTimestampBeforeMaxMs, configs.messageTimestampAfterMaxMs)
}

function exactly(limitMs: number): bigint {
  return limitMs >= Number.MAX_SAFE_INTEGER ? WITHOUT_LIMIT : BigInt(limitMs)
}
