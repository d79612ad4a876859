import { KtoolError } from '../../errors.ts'
import { flushFile } from '../../log/write/flush-file.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Disk } from '../../ports/disk.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { MetadataJournal } from './metadata-journal.ts'
import { snapshotBytes } from './snapshot-bytes.ts'
import { snapshotRecords } from './snapshot-records.ts'
import { snapshotFiles, writeSnapshot } from './snapshots.ts'

/** Asked each time: they are settings of the broker. */
export interface SnapshotLimits {
  maxBytes(): number
  maxIntervalMs(): number
  retentionBytes(): number
  retentionMs(): number
}

interface SnapshotPorts {
  readonly disk: Disk
  readonly clock: Clock
  readonly log: LogSink
}

const MOST_BYTES_TO_START_FROM = 256 * 1024

/** When the metadata log gets a snapshot, and how long what it stands for is kept. */
export class SnapshotPolicy {
  readonly #journal: MetadataJournal
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #log: LogSink
  readonly #limits: SnapshotLimits
  /** Names of snapshots that outlive a power cut. */
  readonly #flushed = new Set<string>()
  #lastMs: number

  constructor(journal: MetadataJournal, ports: SnapshotPorts, limits: SnapshotLimits) {
    this.#journal = journal
    this.#disk = ports.disk
    this.#clock = ports.clock
    this.#log = ports.log
    this.#limits = limits
    this.#lastMs = ports.clock.nowMs()
  }

  takeIfDue(): void {
    if (this.#isTooMuch(this.#limits.maxBytes()) || this.#isTooLong()) this.#tryToTake()
  }

  /** Each start writes of every partition, and reads all that was written: many starts would become slow ones. */
  takeIfDueAtStart(): void {
    const maxBytes = Math.min(this.#limits.maxBytes(), MOST_BYTES_TO_START_FROM)
    if (this.#isTooMuch(maxBytes) || this.#isTooLong()) this.#tryToTake()
  }

  #isTooMuch(maxBytes: number): boolean {
    return this.#journal.sizeBytes >= maxBytes && !this.#journal.isInTransaction
  }

  #isTooLong(): boolean {
    if (this.#journal.sizeBytes === 0 || this.#journal.isInTransaction) return false
    const maxMs = this.#limits.maxIntervalMs()
    return maxMs > 0 && this.#clock.nowMs() - this.#lastMs >= maxMs
  }

  /** After a change that is done: a disk that has no room for a snapshot takes nothing of it back. */
  #tryToTake(): void {
    try {
      this.#take()
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      this.#log.log('warn', `no snapshot of the metadata: ${cause.message}`)
    }
  }

  #take(): void {
    const journal = this.#journal
    const { endOffset, epoch, lastTimestampMs, log } = journal
    const nowMs = this.#clock.nowMs()
    const quorum = journal.kept.quorum()
    const facts = { epoch, lastContainedMs: lastTimestampMs, nowMs, quorum }
    const bytes = snapshotBytes(snapshotRecords(journal.state, journal.kept), facts)
    writeSnapshot(this.#disk, log.path, { endOffset, epoch }, bytes)
    this.#lastMs = nowMs
    journal.snapshotTaken()
    this.#forget(nowMs)
    void this.#flushAll()
  }

  /** What is not flushed now is not known to be safe, and nothing older goes for its sake. */
  async #flushAll(): Promise<void> {
    const { path } = this.#journal.log
    try {
      const files = snapshotFiles(this.#disk, path).filter(({ name }) => !this.#flushed.has(name))
      for (const file of files) await flushFile(this.#disk, file.path)
      await this.#disk.flushFolder(path)
      for (const { name } of files) this.#flushed.add(name)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
    }
  }

  /** All but the newest that is safe may go, with the part of the log that only they needed. */
  #forget(nowMs: number): void {
    const { log } = this.#journal
    const files = [...snapshotFiles(this.#disk, log.path)]
    let sizeBytes = log.sizeBytes + files.reduce((sum, file) => sum + file.sizeBytes, 0)
    for (let [oldest, next] = files; oldest !== undefined && next !== undefined; [oldest, next] = files) {
      const isOld = nowMs - oldest.modifiedMs > this.#limits.retentionMs()
      if (!isOld && sizeBytes <= this.#limits.retentionBytes()) return
      if (!this.#flushed.has(next.name)) return
      this.#disk.remove(oldest.path)
      files.shift()
      const before = log.sizeBytes
      log.raiseLogStart(Number(next.baseOffset))
      log.deleteOldSegments(nowMs)
      sizeBytes -= oldest.sizeBytes + before - log.sizeBytes
    }
  }
}
