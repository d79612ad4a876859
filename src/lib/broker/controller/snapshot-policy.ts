import type { Clock } from '../../ports/clock.ts'
import type { Disk } from '../../ports/disk.ts'
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

/** When the metadata log gets a snapshot, and how long what it stands for is kept. */
export class SnapshotPolicy {
  readonly #journal: MetadataJournal
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #limits: SnapshotLimits
  #lastMs: number

  constructor(journal: MetadataJournal, ports: { disk: Disk; clock: Clock }, limits: SnapshotLimits) {
    this.#journal = journal
    this.#disk = ports.disk
    this.#clock = ports.clock
    this.#limits = limits
    this.#lastMs = ports.clock.nowMs()
  }

  isDue(): boolean {
    const { sizeBytes } = this.#journal
    if (sizeBytes === 0 || this.#journal.isInTransaction) return false
    if (sizeBytes >= this.#limits.maxBytes()) return true
    const maxMs = this.#limits.maxIntervalMs()
    return maxMs > 0 && this.#clock.nowMs() - this.#lastMs >= maxMs
  }

  take(): void {
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
  }

  /** All but the newest may go, with the part of the log that only they needed. */
  #forget(nowMs: number): void {
    const { log } = this.#journal
    const files = [...snapshotFiles(this.#disk, log.path)]
    let sizeBytes = log.sizeBytes + files.reduce((sum, file) => sum + file.sizeBytes, 0)
    for (let [oldest, next] = files; oldest !== undefined && next !== undefined; [oldest, next] = files) {
      const isOld = nowMs - oldest.modifiedMs > this.#limits.retentionMs()
      if (!isOld && sizeBytes <= this.#limits.retentionBytes()) return
      this.#disk.remove(oldest.path)
      files.shift()
      const before = log.sizeBytes
      log.raiseLogStart(Number(next.baseOffset))
      log.deleteOldSegments(nowMs)
      sizeBytes -= oldest.sizeBytes + before - log.sizeBytes
    }
  }
}
