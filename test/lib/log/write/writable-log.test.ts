import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog, openLog } from '../../../../src/lib/log/write/open-log.ts'
import type { LogSettings } from '../../../../src/lib/log/write/partition-log.ts'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'
import { batchOf, defaults, LogRig, turns } from './log-rig.ts'

const topicId = 'c2VhLW9mLXJlY29yZHMtMQ'
let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

function create(settings: Partial<LogSettings> = {}): WritableLog {
  return createLog(rig.room(), join(rig.path, 'orders-0'), { ...defaults, ...settings }, topicId)
}

function reopen(isClean: boolean, checkpoints: { recoveryPoint?: number; logStartOffset?: number } = {}) {
  return openLog(rig.room(), join(rig.path, 'orders-0'), defaults, { isClean, turns, ...checkpoints })
}

function offsetsIn(log: WritableLog, from = 0): string[] {
  return [...log.batches(from)].map(({ baseOffset, lastOffset }) => `${baseOffset}..${lastOffset}`)
}

describe('a log that is written to', () => {
  it('gives back what was appended, from the batch that holds the offset on', () => {
    const log = create()
    log.append(batchOf(0, { count: 3 }))
    log.append(Buffer.concat([batchOf(3, { count: 2 }), batchOf(5)]))
    expect(log.logEndOffset).toBe(6)
    expect(offsetsIn(log)).toEqual(['0..2', '3..4', '5..5'])
    expect(offsetsIn(log, 4)).toEqual(['3..4', '5..5'])
    expect(offsetsIn(log, 6)).toEqual([])
  })

  it('begins a segment where the last one would grow beyond its size', () => {
    const log = create({ segmentBytes: 1000 })
    for (let offset = 0; offset < 10; offset++) log.append(batchOf(offset, { valueBytes: 300 }))
    expect(Object.keys(rig.files('orders-0')).filter((name) => name.endsWith('.log'))).toEqual([
      '00000000000000000000.log',
      '00000000000000000002.log',
      '00000000000000000004.log',
      '00000000000000000006.log',
      '00000000000000000008.log',
    ])
    expect(offsetsIn(log, 5).at(0)).toBe('5..5')
    expect(offsetsIn(log)).toHaveLength(10)
  })

  it.each([
    ['a clean stop', true],
    ['a kill', false],
  ])('is as it was after %s', async (_, isClean) => {
    const log = create({ segmentBytes: 1000 })
    for (let offset = 0; offset < 10; offset++) {
      log.append(batchOf(offset, { valueBytes: 300, producerId: 7, producerEpoch: 1, baseSequence: offset }))
    }
    if (isClean) await log.close()
    const again = await reopen(isClean)
    expect(again.logEndOffset).toBe(10)
    expect(again.logStartOffset).toBe(0)
    expect(again.recoveryPoint).toBe(isClean ? 10 : 0)
    expect(again.latestEpoch).toBe(0)
    expect(offsetsIn(again)).toEqual(offsetsIn(log))
    const batches = again.producer(7)?.batches.map(({ lastSequence }) => lastSequence)
    expect(batches).toEqual(isClean ? [9] : [5, 6, 7, 8, 9])
    again.append(batchOf(10))
    expect(offsetsIn(again, 10)).toEqual(['10..10'])
  })
})
