import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CountedDisk } from '../../../../src/lib/log/lookup/counted-disk.ts'
import { createLog, openLog } from '../../../../src/lib/log/write/open-log.ts'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'
import type { Disk } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { batchOf, defaults, LogRig, markerOf, turns } from './log-rig.ts'

const seed = seedOfRun()
const MiB = 1024 * 1024

let rig: LogRig

beforeEach(() => {
  rig = new LogRig()
})

afterEach(() => rig.remove())

/** Producers come and go, some in transactions, half of which are aborted. */
function write(log: WritableLog, draw: () => number, bytes: number): void {
  const target = log.sizeBytes + bytes
  while (log.sizeBytes < target) {
    const producer = { producerId: 1 + Math.floor(draw() * 4), producerEpoch: 0 }
    const known = log.producer(producer.producerId)
    const baseOffset = log.logEndOffset
    const timestamp = 1_700_000_000_000 + Math.floor(draw() * 1e9)
    if (known?.currentTxnFirstOffset != null && draw() < 0.3) {
      log.append(markerOf(baseOffset, draw() < 0.5 ? 'ABORT' : 'COMMIT', producer, timestamp))
      continue
    }
    const baseSequence = (known?.batches.at(-1)?.lastSequence ?? -1) + 1
    const isTransactional = producer.producerId > 2
    const batch = { ...producer, baseSequence, isTransactional, timestamp, epoch: log.latestEpoch ?? 0 }
    log.append(batchOf(baseOffset, { ...batch, count: 3, valueBytes: Math.floor(draw() * 16_000) }))
  }
  log.raiseHighWatermark(log.logEndOffset)
}

/** Too small for an index entry of its own. */
function abortOne(log: WritableLog): void {
  const producer = { producerId: 9, producerEpoch: 0 }
  log.append(batchOf(log.logEndOffset, { ...producer, baseSequence: 0, isTransactional: true, epoch: 3 }))
  log.append(markerOf(log.logEndOffset, 'ABORT', producer))
  log.raiseHighWatermark(log.logEndOffset)
}

/** All that a log knows. */
function known(log: WritableLog) {
  const times = Array.from({ length: 20 }, (_, i) => log.findByTime(1_700_000_000_000 + i * 5e7))
  const wish = { maxBytes: 100_000, upTo: log.logEndOffset, atLeastOne: true }
  const slices = Array.from({ length: 50 }, (_, i) => {
    const slice = log.read(Math.floor((log.logEndOffset * i) / 50), wish)
    return [slice?.baseOffset, slice?.position, slice?.sizeBytes]
  })
  return {
    end: log.logEndOffset,
    epoch: log.latestEpoch,
    producers: [...log.producers()]
      .map((producer) => ({ ...producer, batches: producer.batches }))
      .sort((a, b) => Number(a.producerId) - Number(b.producerId)),
    aborted: log.abortedTransactions(0, log.logEndOffset),
    latest: log.findMaxTimestamp(),
    times,
    slices,
  }
}

describe(`a recovery from the recovery point, seed ${seed}`, () => {
  it('reads what was not flushed, and comes to the same end as one from the beginning', async () => {
    const draw = randomDraw(seed)
    const path = join(rig.path, 'orders-0')
    const log = createLog(rig.room(), path, defaults, 'c2VhLW9mLXJlY29yZHMtMQ')
    log.beginEpoch(3)
    write(log, draw, 5 * MiB)
    await log.prepareCheckpoint()
    write(log, draw, 17 * MiB)
    abortOne(log)
    await log.prepareCheckpoint()
    const recoveryPoint = log.checkpointed
    expect(recoveryPoint).toBe(log.logEndOffset)
    log.beginEpoch(4)
    write(log, draw, MiB)
    abortOne(log)
    log.writeIndexes()
    await log.flush()
    expect(log.checkpointed).toBe(recoveryPoint)
    cpSync(path, join(rig.path, 'whole', 'orders-0'), { recursive: true })

    const counted = new CountedDisk(systemDisk)
    const disk: Disk = { ...systemDisk, openToRead: (file) => counted.openToRead(file) }
    const facts = { isClean: false, turns, highWatermark: log.logEndOffset }
    const resumed = await openLog(rig.room(disk), path, defaults, { ...facts, recoveryPoint })
    // The indexes are as long as they may grow; producers are looked for in the last batches by their headers.
    expect(counted.readBytes).toBeLessThan(2 * MiB + 2 * defaults.segmentIndexBytes + 5 * MiB)
    const whole = await openLog(rig.room(), join(rig.path, 'whole', 'orders-0'), defaults, facts)
    expect(known(resumed)).toEqual(known(whole))
    expect(known(resumed)).toEqual(known(log))
  })

  it('begins at the beginning where the index does not fit the log', async () => {
    const draw = randomDraw(seed)
    const path = join(rig.path, 'orders-0')
    const log = createLog(rig.room(), path, defaults, 'c2VhLW9mLXJlY29yZHMtMQ')
    write(log, draw, 5 * MiB)
    await log.prepareCheckpoint()
    // Asked before its index is spoilt, which it may read again.
    const before = known(log)
    // The last one: a segment that has been rolled is not looked at by a recovery.
    const name =
      readdirSync(path)
        .filter((each) => each.endsWith('.index'))
        .sort()
        .at(-1) ?? ''
    const index = systemDisk.openToAppend(join(path, name))
    const entry = Buffer.alloc(8)
    for (let at = 0; index.read(entry, at) === 8 && entry.readInt32BE(0) > 0; at += 8) {
      entry.writeInt32BE(entry.readInt32BE(4) + 1, 4)
      index.write(entry, at)
    }
    index.close()
    const again = await openLog(rig.room(), path, defaults, {
      ...{ isClean: false, turns, highWatermark: log.logEndOffset },
      recoveryPoint: log.checkpointed,
    })
    expect(known(again)).toEqual(before)
  })

  it('ends at a hole in what was not flushed, whatever files are missing behind it', async () => {
    const path = join(rig.path, 'orders-0')
    const log = createLog(rig.room(), path, defaults, 'c2VhLW9mLXJlY29yZHMtMQ')
    for (let offset = 0; offset < 6; offset++) {
      log.append(batchOf(offset))
      if (offset === 3) log.roll()
    }
    log.writeIndexes()
    const { length } = batchOf(0)
    const file = systemDisk.openToAppend(join(path, '00000000000000000000.log'))
    file.write(Buffer.alloc(length), 2 * length)
    file.close()
    for (const kind of ['index', 'snapshot']) systemDisk.remove(join(path, `00000000000000000004.${kind}`))
    const again = await openLog(rig.room(), path, defaults, { isClean: false, turns })
    expect(again.logEndOffset).toBe(2)
  })

  it('ends at an offset whose first bytes, which no CRC covers, a power cut left unwritten', async () => {
    const path = join(rig.path, 'orders-0')
    const log = createLog(rig.room(), path, defaults, 'c2VhLW9mLXJlY29yZHMtMQ')
    for (let offset = 0; log.sizeBytes % 512 < 505; offset++) log.append(batchOf(offset))
    const { sizeBytes, logEndOffset } = log
    for (let more = 0; more < 100; more++) log.append(batchOf(logEndOffset + more))
    const file = systemDisk.openToAppend(join(path, '00000000000000000000.log'))
    file.write(Buffer.alloc(8), sizeBytes)
    file.close()
    const again = await openLog(rig.room(), path, defaults, { isClean: false, turns })
    expect(again.logEndOffset).toBe(logEndOffset)
  })
})
