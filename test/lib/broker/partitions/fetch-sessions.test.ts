import { describe, expect, it } from 'vitest'
import { FetchSessions } from '../../../../src/lib/broker/partitions/fetch-sessions.ts'
import { FetchTarget } from '../../../../src/lib/broker/partitions/fetch-target.ts'
import { SimClock } from '../../../simulation/sim-clock.ts'
import { SimRandom } from '../../../simulation/sim-random.ts'

function sessions(maxSessions: number, clock = new SimClock()): FetchSessions {
  return new FetchSessions({ clock, random: new SimRandom(1), maxSessions: () => maxSessions })
}

function targets(count: number): Map<string, FetchTarget> {
  const wish = {
    ...{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1, currentLeaderEpoch: -1 },
    ...{ lastFetchedEpoch: -1, logStartOffset: -1n, replicaDirectoryId: '', highWatermark: 0n },
  }
  const target = new FetchTarget({ topic: 'orders', topicId: '' }, wish)
  return new Map(Array.from({ length: count }, (_, i) => [String(i), target]))
}

describe('the fetch sessions', () => {
  it('let one go that was not used for two minutes, the one that was used longest ago', async () => {
    const clock = new SimClock()
    const all = sessions(2, clock)
    const [first, second] = [all.open(targets(1), false), all.open(targets(1), false)]
    await clock.pass(60_000)
    if (first !== undefined) all.touch(first, 0)
    await clock.pass(61_000)
    expect(all.open(targets(1), false)).toBeDefined()
    expect(all.get(first?.id ?? 0)).toBe(first)
    expect(all.get(second?.id ?? 0)).toBeUndefined()
  })

  it('let a smaller one go for a larger, once it is two minutes old', async () => {
    const clock = new SimClock()
    const all = sessions(1, clock)
    const small = all.open(targets(2), false)
    await clock.pass(110_000)
    if (small !== undefined) all.touch(small, 0)
    expect(all.open(targets(3), false)).toBeUndefined()
    await clock.pass(20_000)
    expect(all.open(targets(2), false)).toBeUndefined()
    expect(all.open(targets(3), false)).toBeDefined()
    expect(all.count).toBe(1)
  })

  it('keep no more partitions than they may, however few sessions there are', () => {
    const all = sessions(1000)
    const large = all.open(targets(150_000), false)
    expect(large).toBeDefined()
    expect(all.open(targets(60_000), false)).toBeUndefined()
    const small = all.open(targets(40_000), false)
    expect(small && all.touch(small, 20_000)).toBe(false)
    all.close(large?.id ?? 0)
    expect(all.open(targets(60_000), false)).toBeDefined()
  })

  it('have no place for any where there are none', () => {
    expect(sessions(0).open(targets(1), false)).toBeUndefined()
  })
})
