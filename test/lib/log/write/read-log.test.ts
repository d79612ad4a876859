import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../../../src/lib/log/write/open-log.ts'
import type { LogSettings, ReadWish } from '../../../../src/lib/log/write/partition-log.ts'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'
import type { Disk } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { LENGTH } from '../../../../src/lib/records/batch-layout.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { batchOf, defaults, LogRig, markerOf } from './log-rig.ts'

const topicId = 'c2VhLW9mLXJlY29yZHMtMQ'
const start = 1_700_000_000_000

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

function create(settings: Partial<LogSettings> = {}): WritableLog {
  return createLog(rig.room(), join(rig.path, 'orders-0'), { ...defaults, ...settings }, topicId)
}

/** What lies in a slice, read from its file. */
function read(log: WritableLog, offset: number, wish: Partial<ReadWish> = {}): string[] | undefined {
  const slice = log.read(offset, { maxBytes: 1 << 20, upTo: log.logEndOffset, atLeastOne: true, ...wish })
  if (slice === undefined) return undefined
  const bytes = Buffer.alloc(slice.sizeBytes)
  expect(slice.file.read(bytes, slice.position)).toBe(slice.sizeBytes)
  const batches = [...scanBatches(slice.whole(bytes))].map((found) =>
    found.kind === 'batch' ? `${found.baseOffset}..${found.lastOffset}` : found.finding,
  )
  expect(batches[0]?.split('..')[0]).toBe(String(slice.baseOffset))
  return batches
}

describe('a slice of a log', () => {
  it('holds whole batches, the first of which may begin below the offset', () => {
    const log = create()
    log.append(batchOf(0, { count: 3 }))
    log.append(batchOf(3, { count: 3 }))
    log.append(batchOf(6))
    expect(read(log, 4)).toEqual(['3..5', '6..6'])
    expect(read(log, 7)).toBeUndefined()
  })

  it('ends before the batch that would be too much, and gives a first one that is if it is asked to', () => {
    const log = create()
    const { length } = batchOf(0)
    for (let offset = 0; offset < 4; offset++) log.append(batchOf(offset))
    expect(read(log, 1, { maxBytes: 2 * length })).toEqual(['1..1', '2..2'])
    expect(read(log, 1, { maxBytes: 2 * length - 1 })).toEqual(['1..1'])
    expect(read(log, 1, { maxBytes: 1 })).toEqual(['1..1'])
    expect(read(log, 1, { maxBytes: 1, atLeastOne: false })).toBeUndefined()
  })

  it('has no batch that begins at or above the bound', () => {
    const log = create()
    for (let offset = 0; offset < 12; offset += 3) log.append(batchOf(offset, { count: 3 }))
    expect(read(log, 0, { upTo: 6 })).toEqual(['0..2', '3..5'])
    expect(read(log, 0, { upTo: 7 })).toEqual(['0..2', '3..5', '6..8'])
    expect(read(log, 6, { upTo: 6 })).toBeUndefined()
  })

  it('is of one segment, and cold if that is closed', () => {
    const log = create()
    log.append(batchOf(0))
    log.roll()
    log.append(batchOf(1))
    const wish = { maxBytes: 1 << 20, upTo: 2, atLeastOne: true }
    expect(log.read(0, wish)?.isCold).toBe(true)
    expect(log.read(1, wish)?.isCold).toBe(false)
    expect(read(log, 0)).toEqual(['0..0'])
  })

  it('costs one read of the file where its reader goes on', () => {
    let reads = 0
    const counting: Disk = {
      ...systemDisk,
      openToAppend: (path) => {
        const file = systemDisk.openToAppend(path)
        const { read } = file
        file.read = (into, position) => {
          reads++
          return read.call(file, into, position)
        }
        return file
      },
    }
    const log = createLog(rig.room(counting), join(rig.path, 'orders-0'), defaults, topicId)
    for (let offset = 0; offset < 40; offset++) log.append(batchOf(offset, { valueBytes: 3000 }))
    const wish = { maxBytes: 16_000 }
    expect(read(log, 0, wish)).toHaveLength(5)
    reads = 0
    for (let offset = 5; offset < 40; offset += 5) expect(read(log, offset, wish)).toHaveLength(5)
    expect(reads).toBe(7)
  })

  it('goes on with the next segment where the last batches of one were cleaned away', () => {
    const log = create()
    log.append(batchOf(0))
    log.append(batchOf(5))
    log.roll()
    log.append(batchOf(9))
    expect(read(log, 2)).toEqual(['5..5'])
    expect(read(log, 7)).toEqual(['9..9'])
  })

  it('does not pass over damage as if the log went on behind it, or ended there', () => {
    const log = create()
    for (let offset = 0; offset < 4; offset++) log.append(batchOf(offset))
    const file = openSync(join(log.path, '00000000000000000000.log'), 'r+')
    writeSync(file, Buffer.alloc(4), 0, 4, 2 * batchOf(0).length + LENGTH)
    closeSync(file)
    const damage = expect.objectContaining({ code: 'damaged-log' })
    expect(() => read(log, 3)).toThrow(damage)
    expect(() => [...log.batches(0)]).toThrow(damage)
    expect(() => log.findByTime(start + 10_000_000)).not.toThrow()
    expect(read(log, 1, { maxBytes: 10 })).toEqual(['1..1'])
  })

  const seed = seedOfRun()
  it(`is what a walk through all batches finds, for logs of any kind: seed ${seed}`, () => {
    const draw = randomDraw(seed)
    const below = (limit: number) => Math.floor(draw() * limit)
    const log = create({ segmentBytes: 20_000, indexIntervalBytes: 1 + below(2000) })
    const all: { base: number; last: number; size: number }[] = []
    for (let i = 0; i < 300; i++) {
      const base = log.logEndOffset + (below(10) === 0 ? below(5) : 0)
      const bytes = batchOf(base, { count: 1 + below(4), valueBytes: below(800) })
      log.append(bytes)
      all.push({ base, last: log.logEndOffset - 1, size: bytes.length })
    }
    const bases = rig.folder('orders-0').segments.map(({ baseOffset }) => Number(baseOffset))
    const segmentOf = (at: number) => bases.findLast((base) => base <= at) ?? 0
    let next = 0
    for (let i = 0; i < 500; i++) {
      // Most readers go on where they were.
      const offset = below(3) > 0 ? next : below(log.logEndOffset)
      const wish = {
        maxBytes: 1 + below(6000),
        upTo: 1 + below(log.logEndOffset),
        atLeastOne: below(2) === 0,
      }
      const found = read(log, offset, wish) ?? []
      expect(found).toEqual(expected(segmentOf, all, offset, wish))
      next = found.length === 0 ? 0 : Number(found.at(-1)?.split('..')[1]) + 1
    }
  })

  it(`is the same for one who follows a log that grows, is rolled and loses its oldest: seed ${seed}`, () => {
    const draw = randomDraw(seed)
    const below = (limit: number) => Math.floor(draw() * limit)
    const log = create({ segmentBytes: 6_000, indexIntervalBytes: 1 + below(2000), retentionBytes: 15_000 })
    const told: string[] = []
    const appended: string[] = []
    let next = 0
    const follow = () => {
      const maxBytes = 1 + below(4000)
      for (
        let part = read(log, next, { maxBytes });
        part !== undefined;
        part = read(log, next, { maxBytes })
      ) {
        told.push(...part)
        next = Number(part.at(-1)?.split('..')[1]) + 1
      }
    }
    for (let i = 0; i < 300; i++) {
      const base = log.logEndOffset + (below(10) === 0 ? below(5) : 0)
      log.append(batchOf(base, { count: 1 + below(4), valueBytes: below(800) }))
      appended.push(`${base}..${log.logEndOffset - 1}`)
      log.raiseHighWatermark(log.logEndOffset)
      if (below(3) === 0) follow()
      if (below(20) === 0) log.deleteOldSegments(start)
    }
    follow()
    // Those that were deleted before it came to them.
    expect(told).toEqual(appended.filter((each) => told.includes(each)))
    expect(told.length).toBeGreaterThan(200)
    expect(new Set(told).size).toBe(told.length)
  })

  function expected(
    segmentOf: (offset: number) => number,
    all: readonly { base: number; last: number; size: number }[],
    offset: number,
    { maxBytes, upTo, atLeastOne }: ReadWish,
  ): string[] {
    const first = all.findIndex(({ last }) => last >= offset)
    const found: string[] = []
    let left = maxBytes
    for (const batch of offset < upTo ? all.slice(first) : []) {
      const isOther = segmentOf(batch.base) !== segmentOf(all[first]?.base ?? 0)
      const isTooMuch = batch.size > left && !(found.length === 0 && atLeastOne)
      if (batch.base >= upTo || isOther || isTooMuch) break
      left -= batch.size
      found.push(`${batch.base}..${batch.last}`)
    }
    return found
  }
})

describe('a record is found by its time', () => {
  it('in the first segment with one as late, and not below the log start', () => {
    const log = create({ indexIntervalBytes: 1 })
    for (let i = 0; i < 20; i++) {
      log.append(batchOf(2 * i, { count: 2, timestamp: start + 100 * i, epoch: i < 10 ? 0 : 1 }))
      if (i % 5 === 4) log.roll()
    }
    expect(log.findByTime(0)).toEqual({ offset: 0, timestamp: start, leaderEpoch: 0 })
    expect(log.findByTime(start + 701)).toEqual({ offset: 15, timestamp: start + 701, leaderEpoch: 0 })
    expect(log.findByTime(start + 702)).toEqual({ offset: 16, timestamp: start + 800, leaderEpoch: 0 })
    expect(log.findByTime(start + 1901)).toEqual({ offset: 39, timestamp: start + 1901, leaderEpoch: 1 })
    expect(log.findByTime(start + 1902)).toBeUndefined()
    log.raiseLogStart(7)
    expect(log.findByTime(0)).toEqual({ offset: 7, timestamp: start + 301, leaderEpoch: 0 })
  })

  it('and the latest of all is found without one', () => {
    const log = create()
    expect(log.findMaxTimestamp()).toBeUndefined()
    log.append(batchOf(0, { timestamp: start + 5 }))
    log.append(batchOf(1, { timestamp: start + 900, count: 2 }))
    log.roll()
    log.append(batchOf(3, { timestamp: start + 7 }))
    expect(log.findMaxTimestamp()).toEqual({ offset: 2, timestamp: start + 901, leaderEpoch: 0 })
  })
})

describe('the transactions of a log', () => {
  const producer = { producerId: 9, producerEpoch: 0 }
  const other = { producerId: 11, producerEpoch: 2 }

  it('hold the last stable offset back until their markers are replicated', () => {
    const log = create()
    log.append(batchOf(0))
    log.append(batchOf(1, { ...producer, baseSequence: 0, isTransactional: true }))
    log.append(batchOf(2))
    log.raiseHighWatermark(3)
    expect(log.lastStableOffset).toBe(1)
    log.append(markerOf(3, 'COMMIT', producer))
    expect(log.lastStableOffset).toBe(1)
    log.raiseHighWatermark(4)
    expect(log.lastStableOffset).toBe(4)
    expect(log.producer(9)).toMatchObject({ currentTxnFirstOffset: null, coordinatorEpoch: 3 })
  })

  it('are listed where they were aborted, for as far as a reader goes', () => {
    const log = create()
    log.append(batchOf(0, { ...producer, baseSequence: 0, isTransactional: true }))
    log.append(batchOf(1, { ...other, baseSequence: 0, isTransactional: true }))
    log.append(markerOf(2, 'ABORT', producer))
    log.roll()
    log.append(markerOf(3, 'ABORT', other))
    log.append(markerOf(4, 'ABORT', producer))
    const first = { producerId: 9, firstOffset: 0 }
    const second = { producerId: 11, firstOffset: 1 }
    expect(log.abortedTransactions(0, 5)).toEqual([first, second])
    expect(log.abortedTransactions(0, 1)).toEqual([first])
    expect(log.abortedTransactions(3, 5)).toEqual([second])
    expect(log.abortedTransactions(4, 5)).toEqual([])
  })

  it('are forgotten with producers that were idle for long, but not while one is open', () => {
    const log = create()
    log.append(batchOf(0, { ...producer, baseSequence: 0, timestamp: start }))
    log.append(batchOf(1, { ...other, baseSequence: 0, timestamp: start, isTransactional: true }))
    log.expireProducers(start + 999, 1000)
    expect([...log.producers()]).toHaveLength(2)
    log.expireProducers(start + 1000, 1000)
    expect([...log.producers()].map(({ producerId }) => producerId)).toEqual([11])
  })
})

describe('the epochs of a log', () => {
  it('say where each ended, as followers and consumers ask', () => {
    const log = create()
    log.beginEpoch(2)
    log.append(batchOf(0, { count: 5, epoch: 2 }))
    log.beginEpoch(4)
    log.append(batchOf(5, { count: 5, epoch: 4 }))
    log.beginEpoch(7)
    expect(log.latestEpoch).toBe(7)
    expect(log.endOffsetOfEpoch(7)).toEqual({ epoch: 7, endOffset: 10 })
    expect(log.endOffsetOfEpoch(4)).toEqual({ epoch: 4, endOffset: 10 })
    expect(log.endOffsetOfEpoch(3)).toEqual({ epoch: 2, endOffset: 5 })
    expect(log.endOffsetOfEpoch(2)).toEqual({ epoch: 2, endOffset: 5 })
    expect(log.endOffsetOfEpoch(1)).toEqual({ epoch: 1, endOffset: 0 })
    expect(log.endOffsetOfEpoch(8)).toBeUndefined()
    expect(log.endOffsetOfEpoch(-1)).toBeUndefined()
    expect([0, 4, 5, 9, 10].map((offset) => log.epochAt(offset))).toEqual([2, 2, 4, 4, 7])
    expect(rig.bytes('orders-0', 'leader-epoch-checkpoint').toString()).toBe('0\n3\n2 0\n4 5\n7 10\n')
  })
})
