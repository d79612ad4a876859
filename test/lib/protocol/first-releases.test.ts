import { describe, expect, it } from 'vitest'
import { firstReleaseOf, firstReleases } from '../../../src/lib/protocol/first-releases.ts'
import { advertisedVersions, releases } from '../../../src/lib/protocol/releases.ts'

describe('the first releases of versions of APIs', () => {
  it.each(firstReleases())('agree with what brokers told: $apiKey at $version since $release', (each) => {
    for (const asked of ['4.3.1', '3.9.1', '2.8.2', '2.3.1'] as const) {
      const isServed = (advertisedVersions(asked, each.apiKey)?.max ?? -1) >= each.version
      expect([asked, isServed]).toEqual([asked, orderOf(asked) >= orderOf(each.release)])
    }
  })

  it('are said as far as they are known', () => {
    expect(firstReleaseOf(46, 0)).toBe('Kafka 2.4 and later do')
    expect(firstReleaseOf(90, 1)).toBe(`Kafka ${releases[0]} and later do`)
    expect(firstReleaseOf(999, 0)).toBeUndefined()
  })

  it('are the oldest that were asked and served it, and none where the very oldest did', () => {
    const describeAcls = 29
    expect(firstReleaseOf(describeAcls, 2)).toBe('Kafka 2.8.2 and later do')
    expect(firstReleaseOf(describeAcls, 3)).toBe('Kafka 3.9.1 and later do')
    expect(firstReleaseOf(describeAcls, 0)).toBeUndefined()
  })

  it('are none for what Kafka serves no longer', () => {
    const leaderAndIsr = 4
    expect(firstReleaseOf(leaderAndIsr, 7)).toBeUndefined()
  })
})

function orderOf(release: string): number {
  const [major = 0, minor = 0] = release.split('.').map(Number)
  return major * 100 + minor
}
