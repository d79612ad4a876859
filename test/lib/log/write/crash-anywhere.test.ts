import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type LogStore, openLogStore } from '../../../../src/lib/log/write/log-store.ts'
import type { LogSettings } from '../../../../src/lib/log/write/partition-log.ts'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'
import type { Disk } from '../../../../src/lib/ports/disk.ts'
import { systemRandom } from '../../../../src/lib/ports/random.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'
import { Crash, CrashingDisk } from './crashing-disk.ts'
import { batchOf, defaults, LogRig, markerOf } from './log-rig.ts'

const topicId = 'c2VhLW9mLXJlY29yZHMtMQ'
const settings: LogSettings = {
  ...{ ...defaults, segmentBytes: 2000, segmentIndexBytes: 400, indexIntervalBytes: 100 },
  retentionMs: 3_600_000,
}
const seed = seedOfRun()
const RUNS = 25

/** What was acknowledged of the log, and what went. */
interface Journal {
  readonly batches: { base: number; bytes: Buffer }[]
  readonly aborted: { producerId: number; firstOffset: number }[]
  logStart: number
}

describe(`a log between two directories whose broker dies at any moment, seed ${seed}`, () => {
  it('has all that was acknowledged after the next start, which needs no help', async () => {
    const draw = randomDraw(seed)
    for (let run = 0; run < RUNS; run++) await dieOnce(draw, run)
  }, 60_000)
})

async function dieOnce(draw: () => number, run: number): Promise<void> {
  const rig = new LogRig()
  for (const path of dirsOf(rig)) {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'meta.properties'), 'version=1\nnode.id=1\ncluster.id=a\ndirectory.id=b\n')
  }
  const journal: Journal = { batches: [], aborted: [], logStart: 0 }
  await (await open(rig, unflushed(systemDisk))).close(1)
  const crashing = new CrashingDisk(unflushed(systemDisk), Math.floor(draw() * 400))
  try {
    const store = await open(rig, crashing.disk)
    const log = store.create('orders', 0, topicId, settings)
    log.beginEpoch(0)
    for (let step = 0; step < 400; step++) await act(store, journal, draw, rig)
    await store.close(2)
  } catch (cause) {
    if (!(cause instanceof Crash)) throw cause
  }
  const label = `run ${run}`
  const named = dirsOf(rig).filter((path) => existsSync(join(path, 'orders-0')))
  expect(named.length, label).toBeLessThanOrEqual(1)
  const again = await open(rig, unflushed(systemDisk))
  const log = again.get('orders', 0)
  if (log !== undefined) check(log, journal, label)
  else expect(journal.batches, label).toEqual([])
  await again.close(3)
  const last = await open(rig, unflushed(systemDisk))
  const clean = last.get('orders', 0)
  if (clean !== undefined) check(clean, journal, `${label}, after a clean stop`)
  rig.remove()
}

async function act(store: LogStore, journal: Journal, draw: () => number, rig: LogRig): Promise<void> {
  const luck = draw()
  if (draw() < 0.25) await move(store, rig, draw)
  const log = store.get('orders', 0)
  if (log === undefined) throw new Error('there is no log')
  rig.clock.pass(Math.floor(draw() * 60_000))
  if (luck < 0.85) append(log, journal, draw, rig.clock.nowMs())
  else if (luck < 0.88) log.roll()
  else if (luck < 0.92) await store.flushDirty()
  else if (luck < 0.95) await store.writeCheckpoints()
  else if (luck < 0.98) log.deleteOldSegments(rig.clock.nowMs())
  else log.raiseLogStart(Math.min(log.highWatermark, log.logStartOffset + Math.floor(draw() * 5)))
  journal.logStart = log.logStartOffset
}

/** To the other directory: some way, all the way, or not after all. */
async function move(store: LogStore, rig: LogRig, draw: () => number): Promise<void> {
  const name = 'orders-0'
  const { moves } = store
  const luck = draw()
  if (moves.get(name) === undefined) {
    const here = store.directoryOf(store.get('orders', 0) ?? { path: '' })?.path
    moves.begin(name, dirsOf(rig).find((path) => path !== here) ?? '')
    await store.writeCheckpoints()
  } else if (luck < 0.1) moves.giveUp(name)
  else if (luck < 0.6) await moves.copySome(name, 1000)
  else {
    const former = await moves.swap(name, { announce: () => {}, tell: () => {} })
    if (former !== undefined) await moves.rename(name, former)
    await store.writeCheckpoints()
  }
}

function dirsOf({ path }: LogRig): string[] {
  return [path, join(path, 'more')]
}

function append(log: WritableLog, journal: Journal, draw: () => number, timestamp: number): void {
  const producer = { producerId: 1 + Math.floor(draw() * 3), producerEpoch: 0 }
  const known = log.producer(producer.producerId)
  const first = known?.currentTxnFirstOffset ?? null
  const base = log.logEndOffset
  if (first !== null && draw() < 0.3) {
    const type = draw() < 0.6 ? 'ABORT' : 'COMMIT'
    const bytes = markerOf(base, type, producer, timestamp)
    log.append(bytes)
    if (type === 'ABORT') journal.aborted.push({ producerId: producer.producerId, firstOffset: first })
    journal.batches.push({ base, bytes })
  } else {
    const baseSequence = (known?.batches.at(-1)?.lastSequence ?? -1) + 1
    const isTransactional = producer.producerId > 1
    const wish = { ...producer, baseSequence, isTransactional, timestamp, count: 1 + Math.floor(draw() * 3) }
    const bytes = batchOf(base, { ...wish, valueBytes: Math.floor(draw() * 200) })
    log.append(bytes)
    journal.batches.push({ base, bytes })
  }
  log.raiseHighWatermark(log.logEndOffset)
}

function check(log: WritableLog, { batches, aborted, logStart }: Journal, label: string): void {
  const raw = [...log.batches(logStart)].map((batch) => Buffer.from(batch.raw).toString('hex'))
  const wanted = batches.filter(({ base, bytes }) => base + bytes.readInt32BE(23) >= logStart)
  // One more may have been written that nobody was told of.
  expect(raw.slice(0, wanted.length), label).toEqual(wanted.map(({ bytes }) => bytes.toString('hex')))
  expect(raw.length - wanted.length, label).toBeLessThanOrEqual(1)
  if (raw.length === wanted.length) {
    const seen = log.abortedTransactions(logStart, log.logEndOffset)
    const known = aborted.filter(({ firstOffset }) => firstOffset >= logStart)
    expect(seen, label).toEqual(expect.arrayContaining(known))
  }
  const last = batches.at(-1)
  if (last === undefined || last.bytes.readInt16BE(21) & 0x20 || raw.length !== wanted.length) return
  const producerId = Number(last.bytes.readBigInt64BE(43))
  const lastOffset = last.base + last.bytes.readInt32BE(23)
  expect(log.producer(producerId)?.batches.at(-1)?.lastOffset, label).toBe(lastOffset)
}

async function open(rig: LogRig, disk: Disk): Promise<LogStore> {
  const dirs = { logDirs: dirsOf(rig), metadataDir: rig.path }
  const store = await openLogStore({ ...rig.room(disk), random: systemRandom }, dirs)
  await store.load(() => settings)
  return store
}

/** Nobody cuts the power here. */
function unflushed(disk: Disk): Disk {
  return {
    ...disk,
    openToAppend(path) {
      const file = disk.openToAppend(path)
      file.flush = async () => file.sizeBytes()
      return file
    },
    flushFolder: async () => {},
  }
}
