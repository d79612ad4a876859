import { describe, expect, test } from 'vitest'
import { type CompactionFacts, planCompaction } from '../../../../src/lib/log/explain/compaction.ts'
import type { SegmentFacts } from '../../../../src/lib/log/explain/segment-facts.ts'
import { parseSettings, settingsOf } from '../../../../src/lib/log/explain/topic-settings.ts'

const NOW = 1_000_000
/** Four segments of 100 bytes and 10 offsets, the last one active. */
const segments: SegmentFacts[] = [400, 300, 200, 100].map((ageMs, i) => ({
  name: `${i * 10}.log`,
  baseOffset: i * 10,
  nextOffset: i * 10 + 10,
  sizeBytes: 100,
  isActive: i === 3,
  largestTimestamp: NOW - ageMs,
  timestampFrom: 'time index',
}))
const facts: CompactionFacts = {
  segments,
  logStartOffset: 0,
  logEndOffset: 40,
  lastStableOffset: 40,
  cleanerOffset: 20,
  earliestDirtyTimestamp: null,
}

function plan(changed: Partial<CompactionFacts>, ...texts: string[]) {
  const flags = parseSettings(['cleanup.policy=compact', ...texts])
  const settings = settingsOf('orders', { flags, topic: new Map(), brokers: [] })
  return planCompaction({ ...facts, ...changed }, settings, NOW)
}

const states = ({ segments: all }: ReturnType<typeof plan>) => all.map(({ state }) => state)

describe('the cleaner', () => {
  test('goes from its checkpoint to the active segment', () => {
    const result = plan({})
    expect(result).toMatchObject({
      firstDirtyOffset: 20,
      uncleanableFromOffset: 30,
      cleanBytes: 200,
      cleanableBytes: 100,
    })
    expect(result.dirtyRatio).toBeCloseTo(1 / 3)
    expect(states(result)).toEqual(['clean', 'clean', 'dirty', 'active'])
  })

  test('waits until more than the ratio is dirty', () => {
    expect(plan({}).willRun).toBe(false)
    expect(plan({ cleanerOffset: 10 }).willRun).toBe(true)
    expect(plan({ cleanerOffset: 10, lastStableOffset: 25 })).toMatchObject({
      dirtyRatio: 0.5,
      willRun: false,
    })
    expect(plan({}, 'min.cleanable.dirty.ratio=0.3').willRun).toBe(true)
  })

  test('starts over where its checkpoint is missing or does not fit the log', () => {
    expect(plan({ cleanerOffset: undefined }).firstDirtyOffset).toBe(0)
    expect(plan({ cleanerOffset: 99 }).firstDirtyOffset).toBe(0)
    expect(plan({ cleanerOffset: 5, logStartOffset: 10 }).firstDirtyOffset).toBe(10)
  })

  test('stops before the segment that the last stable offset lies in', () => {
    const result = plan({ cleanerOffset: 0, lastStableOffset: 25 })
    expect(result).toMatchObject({ uncleanableFromOffset: 20, cleanableBytes: 200 })
    expect(states(result)).toEqual(['dirty', 'dirty', 'uncleanable', 'active'])
    expect(result.segments[2]?.reason).toContain('last stable offset')
  })

  test('leaves what min.compaction.lag.ms keeps', () => {
    const result = plan({ cleanerOffset: 0 }, 'min.compaction.lag.ms=250')
    expect(states(result)).toEqual(['dirty', 'dirty', 'uncleanable', 'active'])
    expect(result.segments[2]?.reason).toContain('min.compaction.lag.ms keeps 20.log')
  })

  test('does not wait when max.compaction.lag.ms is over', () => {
    const old = { earliestDirtyTimestamp: NOW - 500 }
    expect(plan(old, 'max.compaction.lag.ms=499').willRun).toBe(true)
    expect(plan(old, 'max.compaction.lag.ms=500').willRun).toBe(false)
  })

  test('has nothing to do where only the active segment is left', () => {
    const result = plan({ cleanerOffset: 30 })
    expect(result).toMatchObject({ willRun: false, cleanableBytes: 0 })
    expect(result.reason).toContain('nothing to clean')
  })
})
