import { describe, expect, it } from 'vitest'
import { waitMs } from '../../../../src/lib/broker/quotas/rate-quota.ts'
import { SampledRate, type Windows } from '../../../../src/lib/broker/quotas/sampled-rate.ts'
import { TokenBucket } from '../../../../src/lib/broker/quotas/token-bucket.ts'
import { goldenText } from '../../../golden/vectors.ts'

/** What Kafka's `Rate` and `TokenBucket` made of the same: when, how much, and how long each would have had to wait. */
interface Story {
  readonly limit: number
  readonly windows: Windows
  readonly recorded: readonly (readonly [nowMs: number, value: number, rateMs: number, bucketMs: number])[]
}

const stories = JSON.parse(goldenText('broker/quota-rates.json')) as readonly Story[]

describe.each(stories)('with a limit of $limit over $windows', ({ limit, windows, recorded }) => {
  it('a rate makes wait as long as Kafka’s does', () => {
    const rate = new SampledRate(windows)
    const waits = recorded.map(([nowMs, value]) => {
      rate.record(value, nowMs)
      return waitMs(rate, limit, nowMs)
    })
    expect(waits).toEqual(recorded.map(([, , rateMs]) => rateMs))
  })

  it('and a bucket of tokens too', () => {
    const bucket = new TokenBucket(windows)
    const waits = recorded.map(([nowMs, value]) => {
      bucket.take(value, limit, nowMs)
      return bucket.waitMs(limit, nowMs)
    })
    expect(waits).toEqual(recorded.map(([, , , bucketMs]) => bucketMs))
  })
})
