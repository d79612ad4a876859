import type { LogStore } from '../../log/write/log-store.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import type { Partitions } from '../partitions/partitions.ts'
import { Cleaner } from './cleaner.ts'
import { Repeat, type RepeatedWork } from './repeat.ts'

export interface MaintenanceFacts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'log'>
  readonly configs: BrokerConfigs
  readonly store: Pick<LogStore, 'all' | 'moves' | 'flushDirty' | 'writeCheckpoint' | 'writeCleanerOffsets'>
  readonly partitions: Pick<Partitions, 'all'>
  /** A disk that cannot keep what it was given: whoever runs the broker has to stop it. */
  readonly failed: (cause: unknown) => void
}

/** What a power cut may take with it, where not every acknowledgement waits for the disk, and no topic asks for less. */
const FLUSH_INTERVAL_MS = 1000

/** Work that no client asks for: keeping what is to be kept, on the disk itself, and no more than that. */
export class Maintenance {
  readonly #facts: MaintenanceFacts
  readonly #repeats: readonly Repeat[]
  readonly #cleaner: Cleaner

  constructor(facts: MaintenanceFacts) {
    this.#facts = facts
    const { clock } = facts.ports
    this.#cleaner = new Cleaner(facts)
    this.#repeats = this.#works().map((work) => new Repeat(clock, work, (...why) => this.#failed(...why)))
  }

  start(): void {
    for (const repeat of this.#repeats) repeat.start()
    this.#cleaner.start()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#cleaner.stop(), ...this.#repeats.map((repeat) => repeat.stop())])
  }

  /** Deletes segments that are beyond retention, or below the log start; of compacted logs the cleaner does it. */
  deleteOldSegments(): void {
    const nowMs = this.#facts.ports.clock.nowMs()
    for (const { name, log, configs } of this.#facts.partitions.all()) {
      if (configs.cleanupPolicy.has('compact') || this.#cleaner.isCleaning(log)) continue
      // One that the disk refuses must not keep the others from getting smaller.
      try {
        log.deleteOldSegments(nowMs)
      } catch (cause) {
        this.#failed(`retention of ${name}`, cause)
      }
    }
  }

  expireProducers(): void {
    const nowMs = this.#facts.ports.clock.nowMs()
    const olderThanMs = this.#facts.configs.int('producer.id.expiration.ms')
    for (const { log } of this.#facts.partitions.all()) log.expireProducers(nowMs, olderThanMs)
  }

  #works(): RepeatedWork[] {
    const { configs, store } = this.#facts
    return [
      { name: 'flush', everyMs: () => this.#flushIntervalMs(), run: () => store.flushDirty() },
      {
        name: 'retention',
        firstDelayMs: configs.long('log.initial.task.delay.ms'),
        everyMs: () => configs.long('log.retention.check.interval.ms'),
        run: () => this.deleteOldSegments(),
      },
      {
        name: 'recovery point checkpoint',
        everyMs: () => configs.int('log.flush.offset.checkpoint.interval.ms'),
        run: () => store.writeCheckpoint('recoveryPoint'),
      },
      {
        name: 'log start checkpoint',
        everyMs: () => configs.int('log.flush.start.offset.checkpoint.interval.ms'),
        run: () => store.writeCheckpoint('logStartOffset'),
      },
      {
        name: 'high watermark checkpoint',
        everyMs: () => configs.long('replica.high.watermark.checkpoint.interval.ms'),
        run: () => store.writeCheckpoint('highWatermark'),
      },
      {
        name: 'producer expiry',
        everyMs: () => configs.int('producer.id.expiration.check.interval.ms'),
        run: () => this.expireProducers(),
      },
    ]
  }

  /** By the topic that waits for it least. */
  #flushIntervalMs(): number {
    let shortestMs = FLUSH_INTERVAL_MS
    for (const { configs } of this.#facts.partitions.all()) shortestMs = Math.min(shortestMs, configs.flushMs)
    return shortestMs
  }

  #failed(work: string, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause)
    this.#facts.ports.log.log('error', 'maintenance failed', { work, reason })
    if (work === 'flush') this.#facts.failed(cause)
  }
}
