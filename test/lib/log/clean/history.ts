import { expect } from 'vitest'
import { CleaningOver } from '../../../../src/lib/log/clean/cleaning.ts'
import { MAP_ENTRY_BYTES, OffsetMap } from '../../../../src/lib/log/clean/offset-map.ts'
import { type LogStore, openLogStore } from '../../../../src/lib/log/write/log-store.ts'
import type { LogSettings, LogSlice } from '../../../../src/lib/log/write/partition-log.ts'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { SimClock } from '../../../simulation/sim-clock.ts'
import { SimDisk } from '../../../simulation/sim-disk.ts'
import { SimRandom } from '../../../simulation/sim-random.ts'
import { Crash, CrashingDisk } from '../write/crashing-disk.ts'
import { defaults, markerOf } from '../write/log-rig.ts'
import { cleanOnce } from './cleaning-rig.ts'
import { checkLog, HistoryModel, readOn, recordsOf } from './history-model.ts'

const topicId = 'c2VhLW9mLXJlY29yZHMtMQ'
const META = 'version=1\nnode.id=1\ncluster.id=a\ndirectory.id=b\n'
const LIVES = 3
const STEPS = 40
const KEYS = 8

/** What a reader was told of before the cleaner came, and reads afterwards. */
interface Held {
  readonly slice: LogSlice
  readonly bytes: Buffer
}

/** What became of a history: how much the cleaner did in it. */
export interface Lived {
  readonly cleanings: number
  readonly gone: number
}

/** A log through several lives of a broker: written to, cleaned, killed at any change of its disk. */
export class History {
  readonly #clock = new SimClock()
  readonly #random: SimRandom
  readonly #disk: SimDisk
  readonly #settings: LogSettings
  readonly #model = new HistoryModel()
  readonly #label: string
  #life = 0
  /** Then whatever is acknowledged was flushed before. */
  readonly #losesPower: boolean
  #cleanings = 0
  #gone = 0

  constructor(seed: number) {
    this.#label = `history ${seed}`
    const random = new SimRandom(seed)
    this.#random = random
    this.#losesPower = random.isTrue(0.5)
    this.#disk = new SimDisk(this.#clock, new SimRandom(seed + 1))
    this.#settings = {
      ...{ ...defaults, segmentIndexBytes: 400, retentionMs: -1 },
      segmentBytes: 300 + random.below(2500),
      indexIntervalBytes: 50 + random.below(400),
      deleteRetentionMs: random.pick([0, 5_000, 60_000]),
      minCompactionLagMs: random.pick([0, 0, 3_000]),
      cleanupPolicy: new Set(['compact']),
    }
  }

  async live(): Promise<Lived> {
    const disk = this.#disk.mount(() => false)
    disk.makeFolder('/data')
    const meta = disk.openToAppend('/data/meta.properties')
    meta.append(Buffer.from(META))
    await this.#clock.until(meta.flush().then(() => disk.flushFolder('/data')))
    for (let life = 0; life < LIVES; life++) await this.#liveOnce(life)
    await this.#end()
    return { cleanings: this.#cleanings, gone: this.#gone }
  }

  /** Ends by a crash at a change of the disk, or a stop. */
  async #liveOnce(life: number): Promise<void> {
    const number = ++this.#life
    const mounted = this.#disk.mount(() => this.#life !== number)
    const { disk } = new CrashingDisk(mounted, this.#random.below(500))
    let isStopped = false
    try {
      const store = await this.#open(disk)
      const log = store.get('orders', 0) ?? store.create('orders', 0, topicId, this.#settings)
      this.#check(log, `life ${life}`)
      for (let step = 0; step < STEPS; step++) await this.#act(store, log)
      await this.#clock.until(store.close(1))
      isStopped = true
    } catch (cause) {
      if (!(cause instanceof Crash)) throw cause
    }
    this.#life++
    this.#clock.forget()
    if (this.#losesPower && !isStopped) this.#disk.losePower()
  }

  /** Without another crash: once all is cleaned, no key is there twice. */
  async #end(): Promise<void> {
    const number = ++this.#life
    const store = await this.#open(this.#disk.mount(() => this.#life !== number))
    const log = store.get('orders', 0)
    if (log === undefined) return
    this.#check(log, 'the end')
    log.roll()
    await this.#clock.pass(100_000)
    for (let i = 0; i < 3; i++) {
      await this.#clock.pass(100_000)
      log.cleanedOffset = undefined
      await this.#clock.until(cleanOnce(log, this.#clock.nowMs()))
      this.#check(log, `the end, cleaned ${i}`)
    }
    const seen = new Set<string>()
    for (const batch of log.batches(log.logStartOffset)) {
      if (batch.isControl || Number(batch.lastOffset) >= (log.cleanedOffset ?? 0)) continue
      for (const { key, offset } of recordsOf(batch)) {
        if (offset < log.logStartOffset) continue
        expect(seen.has(key), `${this.#label}: ${key} at ${offset} is there twice`).toBe(false)
        seen.add(key)
      }
    }
    await this.#clock.until(store.close(2))
  }

  async #open(disk: ReturnType<SimDisk['mount']>): Promise<LogStore> {
    const ports = { clock: this.#clock, random: this.#random, disk, log: { log: () => {} } }
    const store = await this.#clock.until(openLogStore(ports, { logDirs: ['/data'], metadataDir: '/data' }))
    await this.#clock.until(store.load(() => this.#settings))
    return store
  }

  /** After a start: what was acknowledged is there, but for what a power cut may take. */
  #check(log: WritableLog, when: string): void {
    const label = `${this.#label}, ${when}`
    this.#model.truncate(log.logEndOffset)
    log.raiseHighWatermark(log.logEndOffset)
    const { deleteRetentionMs } = this.#settings
    checkLog(log, this.#model, { nowMs: this.#clock.nowMs(), deleteRetentionMs, label })
    readOn(log, log.logStartOffset + this.#random.below(log.logEndOffset - log.logStartOffset + 1), label)
  }

  async #act(store: LogStore, log: WritableLog): Promise<void> {
    const luck = this.#random.below(100)
    await this.#clock.pass(this.#random.below(1500))
    if (luck < 70) await this.#clock.until(this.#append(log))
    else if (luck < 74) log.roll()
    else if (luck < 80) await this.#clock.until(store.flushDirty())
    else if (luck < 84) await this.#clock.until(store.writeCheckpoints())
    else if (luck < 86) this.#raiseStart(log)
    else if (process.env.NOCLEAN === undefined) await this.#clean(store, log)
  }

  /** As somebody who deletes records does, though of a compacted topic nobody may. */
  #raiseStart(log: WritableLog): void {
    log.raiseLogStart(Math.min(log.lastStableOffset, log.logStartOffset + this.#random.below(6)))
    log.deleteOldSegments(this.#clock.nowMs())
  }

  async #clean(store: LogStore, log: WritableLog): Promise<void> {
    const random = this.#random
    const slots = random.pick([64, 64, 1024])
    const held = this.#hold(log)
    const givesUp = random.isTrue(0.15)
    let isOver = false
    const cleaning = cleanOnce(log, this.#clock.nowMs(), {
      map: new OffsetMap(slots * MAP_ENTRY_BYTES),
      loadFactor: random.pick([0.05, 0.9]),
      chunkBytes: random.pick([64, 300, 4096]),
      throttle: async () => {
        if (random.isTrue(0.3)) await this.#append(log)
        if (random.isTrue(0.05)) log.roll()
        if (random.isTrue(0.1)) await store.flushDirty()
        if (random.isTrue(0.05)) await store.writeCheckpoints()
        isOver = givesUp && random.isTrue(0.3)
      },
      isOver: () => isOver,
    })
    try {
      const { counts } = await this.#clock.until(cleaning)
      this.#cleanings++
      this.#gone += counts.readRecords - counts.keptRecords
      await this.#clock.until(store.writeCleanerOffsets())
    } catch (cause) {
      if (!(cause instanceof CleaningOver)) throw cause
    }
    this.#read(held)
    this.#check(log, `cleaning ${this.#cleanings}`)
  }

  /** A reader is told where something lies, and what it finds there must be that, whatever was cleaned since. */
  #hold(log: WritableLog): Held | undefined {
    const offset = this.#random.below(log.logEndOffset + 1)
    const wish = { maxBytes: 1000, upTo: log.highWatermark, atLeastOne: true }
    const slice = log.read(offset, wish)
    const now = log.read(offset, wish)
    if (slice === undefined || now === undefined) return undefined
    const room = Buffer.alloc(now.sizeBytes)
    return { slice, bytes: Buffer.from(now.whole(room.subarray(0, now.file.read(room, now.position)))) }
  }

  #read(held: Held | undefined): void {
    if (held === undefined) return
    const { slice, bytes } = held
    const room = Buffer.alloc(slice.sizeBytes)
    const read = slice.whole(room.subarray(0, slice.file.read(room, slice.position)))
    const least = Math.min(read.length, bytes.length)
    expect(read.subarray(0, least).equals(bytes.subarray(0, least)), `${this.#label}: held`).toBe(true)
    expect([...scanBatches(read)].every(({ kind }) => kind === 'batch')).toBe(true)
  }

  async #append(log: WritableLog): Promise<void> {
    const random = this.#random
    const producerId = random.below(5) - 1
    const known = producerId < 0 ? undefined : log.producer(producerId)
    const isOpen = known !== undefined && known.currentTxnFirstOffset !== null
    if (isOpen && random.isTrue(0.35)) this.#endTransaction(log, producerId, known.producerEpoch)
    else this.#appendData(log, producerId)
    if (this.#losesPower) await log.flush()
    log.raiseHighWatermark(log.logEndOffset)
  }

  #endTransaction(log: WritableLog, producerId: number, producerEpoch: number): void {
    const marker = this.#random.pick(['ABORT', 'COMMIT'] as const)
    const offset = log.logEndOffset
    // With transactions of the second version the marker raises the epoch.
    const epoch = producerEpoch + (producerId === 3 ? 1 : 0)
    const bytes = markerOf(offset, marker, { producerId, producerEpoch: epoch }, this.#clock.nowMs())
    this.#write(log, bytes, { producerId, isTransactional: true, marker, records: [] })
  }

  #appendData(log: WritableLog, producerId: number): void {
    const random = this.#random
    const known = producerId < 0 ? undefined : log.producer(producerId)
    const isTransactional = producerId >= 2
    const baseOffset = log.logEndOffset
    const writer = new BatchWriter({
      baseOffset,
      producerId,
      isTransactional,
      producerEpoch: producerId < 0 ? -1 : (known?.producerEpoch ?? 0),
      baseSequence: producerId < 0 ? -1 : ((known?.batches.at(-1)?.lastSequence ?? -1) + 1) % 2 ** 31,
      partitionLeaderEpoch: 0,
      codec: random.pick(['none', 'none', 'lz4', 'snappy']),
      ...(random.isTrue(0.1) && { logAppendTime: this.#clock.nowMs() }),
    })
    const records = Array.from({ length: 1 + random.below(5) }, (_, i) => {
      const value = random.isTrue(0.2) ? null : `${baseOffset + i} ${'v'.repeat(random.below(60))}`
      return { offset: baseOffset + i, key: `key ${random.below(KEYS)}`, value }
    })
    for (const { key, value } of records) {
      const timestamp = this.#clock.nowMs() - random.below(1000)
      const valueBytes = value === null ? null : Buffer.from(value)
      writer.append({ timestamp, key: Buffer.from(key), value: valueBytes, headers: [] })
    }
    this.#write(log, writer.finish(), { producerId, isTransactional, marker: null, records })
  }

  #write(
    log: WritableLog,
    bytes: Buffer,
    rest: Omit<HistoryModel['batches'][number], 'baseOffset' | 'lastOffset' | 'appendedMs'>,
  ): void {
    const baseOffset = log.logEndOffset
    expect(baseOffset, `${this.#label}: an offset is used again`).toBeGreaterThanOrEqual(
      this.#model.endOffset,
    )
    const lastOffset = baseOffset + bytes.readInt32BE(23)
    // Whoever is killed in the midst of it may have written it, without telling anybody.
    this.#model.batches.push({ baseOffset, lastOffset, appendedMs: this.#clock.nowMs(), ...rest })
    log.append(bytes)
  }
}
