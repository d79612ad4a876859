import { describe, expect, test } from 'vitest'
import { planRetention } from '../../../../src/lib/log/explain/retention.ts'
import type { SegmentFacts } from '../../../../src/lib/log/explain/segment-facts.ts'
import { parseSettings, settingsOf } from '../../../../src/lib/log/explain/topic-settings.ts'

const NOW = 1_000_000

/** Segments of 100 bytes and 10 offsets, of these ages; the last one is active. */
function segments(...agesMs: number[]): SegmentFacts[] {
  return agesMs.map((ageMs, i) => ({
    name: `${i * 10}.log`,
    baseOffset: i * 10,
    nextOffset: i * 10 + 10,
    sizeBytes: 100,
    isActive: i === agesMs.length - 1,
    largestTimestamp: NOW - ageMs,
    timestampFrom: 'time index',
  }))
}

function settings(...texts: string[]) {
  return settingsOf('orders', { flags: parseSettings(texts), topic: new Map(), brokers: [] })
}

const plan = (
  list: SegmentFacts[],
  texts: string[],
  offsets = { logStartOffset: 0, highWatermark: list.length * 10 },
) => planRetention(list, settings(...texts), offsets, NOW)

describe('retention', () => {
  test('takes by time what is older, and not what is as old as the limit', () => {
    const verdicts = plan(segments(301, 300, 10), ['retention.ms=300'])
    expect(verdicts.map(({ action, by, atMs }) => [action, by, atMs])).toEqual([
      ['delete', 'time', null],
      ['keep', 'time', NOW + 1],
      ['keep', 'time', NOW - 10 + 301],
    ])
  })

  test('takes an active segment too, and rolls it first', () => {
    const verdicts = plan(segments(900, 800), ['retention.ms=300'])
    expect(verdicts.map(({ action }) => action)).toEqual(['delete', 'delete'])
    expect(verdicts[1]?.reason).toContain('a new active segment is made first')
  })

  test('takes no empty active segment', () => {
    const [old, active] = segments(900, 800)
    if (old === undefined || active === undefined) return expect.fail()
    const verdicts = plan([old, { ...active, sizeBytes: 0, nextOffset: 10 }], ['retention.ms=300'])
    expect(verdicts.map(({ action }) => action)).toEqual(['delete', 'keep'])
    expect(verdicts[1]?.reason).toBe('is empty and active')
  })

  test('stops at a timestamp in the future, and names it to all that lie behind', () => {
    const verdicts = plan(segments(900, -500, 900, 900), ['retention.ms=300'])
    expect(verdicts.map(({ action, blockedBy, atMs }) => [action, blockedBy, atMs])).toEqual([
      ['delete', null, null],
      ['keep', null, NOW + 801],
      ['keep', '10.log', NOW + 801],
      ['keep', '10.log', NOW + 801],
    ])
    expect(verdicts[1]?.reason).toMatch(/500ms in the future/)
    expect(verdicts[2]?.reason).toMatch(/^10\.log before it .*its own time is over$/)
  })

  test.each([
    [250, 1],
    [299, 1],
    [300, 1],
    [301, 0],
    [200, 2],
    [0, 4],
    [401, 0],
  ])('takes by size as long as retention.bytes=%i are left', (limit, count) => {
    const verdicts = plan(segments(1, 1, 1, 1), [`retention.bytes=${limit}`])
    expect(verdicts.filter(({ by, action }) => by === 'size' && action === 'delete')).toHaveLength(count)
  })

  test('says how far the log has to grow before its size takes the next', () => {
    const verdicts = plan(segments(1, 1, 1, 1), ['retention.bytes=350'])
    expect(verdicts[0]?.reason).toContain('once the log has grown by 50B')
    expect(verdicts[1]?.reason).toContain('once the log has grown by 150B')
  })

  test('takes what lies below the log start, whatever the policy', () => {
    const offsets = { logStartOffset: 20, highWatermark: 40 }
    const verdicts = plan(segments(1, 1, 1, 1), ['cleanup.policy=compact', 'retention.bytes=0'], offsets)
    expect(verdicts.map(({ action, by }) => [action, by])).toEqual([
      ['delete', 'log start'],
      ['delete', 'log start'],
      ['keep', null],
      ['keep', null],
    ])
    expect(verdicts[3]).toMatchObject({
      blockedBy: null,
      reason: expect.stringContaining('cleanup.policy is compact'),
    })
  })

  test('passes no high watermark', () => {
    const offsets = { logStartOffset: 0, highWatermark: 15 }
    const verdicts = plan(segments(900, 900, 900), ['retention.ms=300'], offsets)
    expect(verdicts.map(({ action, atMs, blockedBy }) => [action, atMs, blockedBy])).toEqual([
      ['delete', null, null],
      ['keep', null, null],
      ['keep', null, null],
    ])
    expect(verdicts[1]?.reason).toBe('waits for the high watermark: it is 15, and must reach 20')
  })

  test('keeps for ever what retention.ms=-1 keeps', () => {
    const verdicts = plan(segments(900, 900), ['retention.ms=-1'])
    expect(verdicts.map(({ reason }) => reason)).toEqual([
      'is kept for ever: retention.ms is -1',
      'is kept for ever: retention.ms is -1',
    ])
  })
})

describe('settings of a topic', () => {
  test('come from flags, then the topic, then the broker, then Kafka', () => {
    const known = {
      flags: parseSettings(['retention.ms=1']),
      topic: new Map([
        ['retention.ms', '2'],
        ['retention.bytes', '2'],
      ]),
      brokers: [new Map([['log.retention.bytes', '3']]), new Map([['log.roll.ms', '3']])],
    }
    expect(settingsOf('orders', known).sources).toMatchObject({
      'retention.ms': { value: '1', from: 'flag' },
      'retention.bytes': { value: '2', from: 'topic' },
      'segment.ms': { value: '3', from: 'broker' },
      'cleanup.policy': { value: 'delete', from: 'default' },
    })
    expect(settingsOf('__consumer_offsets', { ...known, flags: new Map() }).isCompacted).toBe(true)
  })

  test.each(['retention.ms', 'retention.hours=3', 'retention.ms=3d', 'cleanup.policy=shrink'])(
    'refuse "%s"',
    (text) => {
      expect(() => parseSettings([text])).toThrow(
        expect.objectContaining({ exitCode: 2, code: 'invalid-config' }),
      )
    },
  )
})
