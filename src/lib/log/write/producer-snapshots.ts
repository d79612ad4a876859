import { basename, join } from 'node:path'
import type { Disk } from '../../ports/disk.ts'
import { segmentFileName } from '../files/file-names.ts'
import { formatProducerSnapshot, type ProducerEntry } from '../files/producer-snapshot.ts'
import type { LogFlush } from './log-flush.ts'
import { markDeleted } from './mark-deleted.ts'
import { writeFile } from './replace-file.ts'
import { inTableOrder } from './snapshot-order.ts'

/** So much of a log is read again for the sake of its producers, when it is recovered. */
const FAR_BYTES = 16 * 1024 * 1024

/** Where a log stands when its producers are to be written down. */
export interface SnapshotPlace {
  readonly path: string
  readonly logEndOffset: number
  readonly sizeBytes: number
}

/** The producer snapshots of a log that is written to. */
export class ProducerSnapshots {
  readonly #disk: Disk
  readonly #flush: LogFlush
  #lastOffset: number
  /** Of the log, when the last one was taken. */
  #logBytes: number
  /** Those that do not begin a segment. */
  readonly #forCheckpoints: string[] = []

  constructor(disk: Disk, flush: LogFlush, lastOffset: number, logBytes: number) {
    this.#disk = disk
    this.#flush = flush
    this.#lastOffset = lastOffset
    this.#logBytes = logBytes
  }

  /** Before the end of the log, as segments begin and as the broker stops. Returns its path if there is a new one. */
  take(
    { path, logEndOffset, sizeBytes }: SnapshotPlace,
    entries: readonly ProducerEntry[],
  ): string | undefined {
    if (logEndOffset <= this.#lastOffset) return undefined
    const file = join(path, segmentFileName(logEndOffset, 'snapshot'))
    writeFile(this.#disk, file, formatProducerSnapshot(inTableOrder(entries)))
    this.#lastOffset = logEndOffset
    this.#logBytes = sizeBytes
    this.#flush.add(file)
    return file
  }

  /**
   * Within a long segment, where the last one is far away. The one before stays, since the checkpoint on the disk
   * goes by it so far; no other is needed again.
   */
  takeForCheckpoint(place: SnapshotPlace, entries: readonly ProducerEntry[]): void {
    if (place.sizeBytes - this.#logBytes <= FAR_BYTES) return
    const path = this.take(place, entries)
    if (path === undefined) return
    this.#forCheckpoints.push(path)
    const oldest = this.#forCheckpoints.length > 2 ? this.#forCheckpoints.shift() : undefined
    if (oldest !== undefined && this.#disk.stat(oldest) !== undefined) this.#disk.remove(oldest)
  }

  /** Their folder has another name. */
  relocate(folder: string): void {
    for (const [i, path] of this.#forCheckpoints.entries())
      this.#forCheckpoints[i] = join(folder, basename(path))
  }

  /** It goes with the segment that begins there. Returns the name that it has from now on, if there is one. */
  setAside(folder: string, baseOffset: number): string[] {
    return markDeleted(this.#disk, [join(folder, segmentFileName(baseOffset, 'snapshot'))])
  }
}
