import { cleanLog } from '../../log/clean/clean-log.ts'
import { type Cleanable, cleanableOf } from '../../log/clean/cleanable.ts'
import { type Cleaning, CleaningOver } from '../../log/clean/cleaning.ts'
import { OffsetMap } from '../../log/clean/offset-map.ts'
import { clockTurns } from '../../log/write/clock-turns.ts'
import type { LogStore } from '../../log/write/log-store.ts'
import type { WritableLog } from '../../log/write/writable-log.ts'
import { pause } from '../../ports/pause.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import { Throttle } from './throttle.ts'

export interface CleanerFacts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'log'>
  readonly configs: BrokerConfigs
  readonly store: Pick<LogStore, 'all' | 'moves' | 'writeCleanerOffsets'>
}

/** Kafka's default would be more than all the rest of a broker takes; who has more keys has more rounds. */
const LARGEST_MAP_BYTES = 24 * 1024 * 1024
/** Small logs need no more than their keys can fill, compressed as they may be. */
const MAP_BYTES_PER_DIRTY_BYTE = 4
const SMALLEST_CHUNK_BYTES = 4096
/** With each piece that is read, others get their turn: small records take a while. */
const LARGEST_CHUNK_BYTES = 64 * 1024
/** Nobody who asks the broker waits for longer than a piece of work takes, and this. */
const TURN_MS = 0.1
/** Kafka lets the backoff be 0, which would leave time for nothing else. */
const SHORTEST_BACKOFF_MS = 100

/** Compacts the logs whose topics want it, the dirtiest first, one in each of `log.cleaner.threads` at a time. */
export class Cleaner {
  readonly #facts: CleanerFacts
  readonly #throttle: Throttle
  readonly #inProgress = new Set<WritableLog>()
  /** Those in which something was found that cannot be cleaned: they are left alone until the next start. */
  readonly #uncleanable = new WeakSet<WritableLog>()
  readonly #stopping = new AbortController()
  #waking = new AbortController()
  #running: Promise<void>[] = []

  constructor(facts: CleanerFacts) {
    this.#facts = facts
    const { configs, ports } = facts
    this.#throttle = new Throttle(ports.clock, () => configs.double('log.cleaner.io.max.bytes.per.second'))
    configs.onChange((topic) => {
      if (topic === null) this.#reconfigure()
    })
  }

  get isEnabled(): boolean {
    return this.#facts.configs.boolean('log.cleaner.enable')
  }

  /** Whatever else would take segments away waits for the next time. */
  isCleaning(log: unknown): boolean {
    return this.#inProgress.has(log as WritableLog)
  }

  start(): void {
    if (this.isEnabled) this.#reconfigure()
  }

  /** Resolves once nothing is under way; what was begun is given up. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#waking.abort()
    await Promise.all(this.#running)
  }

  /** Cleans the log that needs it most. Returns whether there was one. */
  async cleanDirtiest(): Promise<boolean> {
    const cleanable = this.#dirtiest()
    if (cleanable !== undefined) await this.#clean(cleanable)
    this.deleteOldSegments()
    return cleanable !== undefined
  }

  /** Of compacted logs: those that are deleted from too, and below the log start. */
  deleteOldSegments(): void {
    const nowMs = this.#facts.ports.clock.nowMs()
    for (const log of this.#compacted()) {
      try {
        log.deleteOldSegments(nowMs)
      } catch (cause) {
        this.#putAside(log, cause)
      }
    }
  }

  #reconfigure(): void {
    if (!this.isEnabled || this.#stopping.signal.aborted) return
    this.#waking.abort()
    this.#waking = new AbortController()
    const threads = this.#threads()
    while (this.#running.length < threads) this.#running.push(this.#work(this.#running.length))
  }

  /** One that is beyond what is configured by now waits, and does nothing. */
  async #work(index: number): Promise<void> {
    const { ports, configs } = this.#facts
    await pause(ports.clock, 0, this.#stopping.signal)
    while (!this.#stopping.signal.aborted) {
      const isDone = index < this.#threads() && (await this.cleanDirtiest())
      if (isDone) continue
      const backoffMs = Math.max(SHORTEST_BACKOFF_MS, configs.long('log.cleaner.backoff.ms'))
      await pause(ports.clock, backoffMs, this.#waking.signal)
    }
  }

  #threads(): number {
    return Math.max(1, this.#facts.configs.int('log.cleaner.threads'))
  }

  *#compacted(): Generator<WritableLog> {
    for (const log of this.#facts.store.all()) {
      const isKept = this.#inProgress.has(log) || this.#facts.store.moves.isMoving(log)
      const isFree = !isKept && !this.#uncleanable.has(log)
      if (isFree && log.settings.cleanupPolicy.has('compact')) yield log
    }
  }

  #dirtiest(): Cleanable | undefined {
    const nowMs = this.#facts.ports.clock.nowMs()
    let dirtiest: Cleanable | undefined
    for (const log of this.#compacted()) {
      const cleanable = this.#reckon(log, nowMs)
      if (cleanable?.isDue && cleanable.dirtyRatio > (dirtiest?.dirtyRatio ?? -1)) dirtiest = cleanable
    }
    return dirtiest
  }

  #reckon(log: WritableLog, nowMs: number): Cleanable | undefined {
    try {
      const cleanable = cleanableOf(log, nowMs)
      const { distrust, firstDirtyOffset } = cleanable
      if (distrust !== null)
        this.#tell('warn', log, 'the offset up to which a log was compacted is not believed', { distrust })
      if (log.cleanedOffset !== undefined) log.cleanedOffset = firstDirtyOffset
      return cleanable
    } catch (cause) {
      this.#putAside(log, cause)
      return undefined
    }
  }

  async #clean(cleanable: Cleanable): Promise<void> {
    const { log, firstDirtyOffset } = cleanable
    this.#inProgress.add(log)
    try {
      const { endOffset, counts } = await cleanLog(cleanable, this.#cleaning(cleanable))
      log.cleanedOffset = endOffset
      await this.#facts.store.writeCleanerOffsets()
      this.#tell('debug', log, 'a log was compacted', { from: firstDirtyOffset, to: endOffset, ...counts })
      if (counts.keylessRecords === 0) return
      this.#tell('warn', log, 'records without a key were cleaned away', { records: counts.keylessRecords })
    } catch (cause) {
      if (!(cause instanceof CleaningOver) && !log.isRetired) this.#putAside(log, cause)
    } finally {
      this.#inProgress.delete(log)
    }
  }

  #cleaning({ log, cleanableBytes }: Cleanable): Cleaning {
    const { configs, ports } = this.#facts
    const threads = this.#threads()
    const mapBytes = Math.min(
      configs.long('log.cleaner.dedupe.buffer.size') / threads,
      LARGEST_MAP_BYTES / threads,
      MAP_BYTES_PER_DIRTY_BYTE * cleanableBytes,
    )
    const { signal } = this.#stopping
    return {
      map: new OffsetMap(mapBytes),
      loadFactor: configs.double('log.cleaner.io.buffer.load.factor'),
      nowMs: ports.clock.nowMs(),
      chunkBytes: Math.max(
        SMALLEST_CHUNK_BYTES,
        Math.min(LARGEST_CHUNK_BYTES, Math.floor(configs.int('log.cleaner.io.buffer.size') / threads / 2)),
      ),
      turns: clockTurns(ports.clock, TURN_MS),
      throttle: (bytes) => this.#throttle.take(bytes, signal),
      isOver: () =>
        signal.aborted ||
        log.isRetired ||
        this.#facts.store.moves.isMoving(log) ||
        !log.settings.cleanupPolicy.has('compact'),
    }
  }

  #putAside(log: WritableLog, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause)
    this.#uncleanable.add(log)
    this.#tell('error', log, 'a log cannot be compacted, and is left as it is until the next start', {
      reason,
    })
  }

  #tell(level: 'debug' | 'warn' | 'error', log: WritableLog, message: string, facts: object): void {
    this.#facts.ports.log.log(level, message, { partition: `${log.topic}-${log.partition}`, ...facts })
  }
}
