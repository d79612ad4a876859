import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { segmentFileName } from '../files/file-names.ts'
import type { IndexEntries } from '../files/index-entries.ts'
import { OFFSET_ENTRY_BYTES, type OffsetEntry, offsetEntries } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES, type TimeEntry, timeEntries } from '../files/time-index.ts'
import { pathBeside, type Segment, type SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { Findings } from './finding.ts'

/** An entry comes with each append, or each few kilobytes; no append is as large as this. */
const MOST_UNINDEXED_BYTES = 16 * 1024 * 1024

/** Compares both indexes of a segment with its batches, as these come by. One wrong entry is told of each file. */
export class IndexVerifier {
  /** The zeros of an index that was never closed: the broker did not stop well. */
  readonly isPreallocated: boolean
  readonly #disk: ReadableDisk
  readonly #segment: Segment
  readonly #findings: Findings
  readonly #isActive: boolean
  readonly #index: Checked<OffsetEntry>
  readonly #timeindex: Checked<TimeEntry>
  #largestTimestamp: Int64 = -1
  #lastOffset: Int64 = -1
  #indexedBytes = 0
  #isDamaged = false

  constructor(
    disk: ReadableDisk,
    segment: Segment,
    { isActive }: { readonly isActive: boolean },
    findings: Findings,
  ) {
    this.#disk = disk
    this.#segment = segment
    this.#findings = findings
    this.#isActive = isActive
    const index = read(disk, segment.index, OFFSET_ENTRY_BYTES, (bytes) =>
      offsetEntries(bytes, segment.baseOffset),
    )
    const timeindex = read(disk, segment.timeindex, TIME_ENTRY_BYTES, (bytes) =>
      timeEntries(bytes, segment.baseOffset),
    )
    this.isPreallocated = index.zeroBytes > 0 || timeindex.zeroBytes > 0
    this.#index = index
    this.#timeindex = timeindex
    for (const checked of [index, timeindex]) this.#checkShape(checked)
    this.#checkOrder(index, (a, b) => a.offset < b.offset && a.position < b.position)
    this.#checkOrder(timeindex, (a, b) => a.timestamp < b.timestamp && a.offset <= b.offset)
  }

  add(batch: RecordBatch): void {
    this.#addToIndex(batch)
    this.#lastOffset = batch.lastOffset
    this.#indexedBytes = batch.position
    if (batch.maxTimestamp > this.#largestTimestamp) this.#largestTimestamp = batch.maxTimestamp
    const times = this.#timeindex
    for (
      let entry = times.entries.at(times.next);
      entry !== undefined;
      entry = times.entries.at(++times.next)
    ) {
      if (entry.offset > batch.lastOffset) break
      if (!this.#isDamaged && entry.timestamp !== this.#largestTimestamp) {
        this.#wrong(
          times,
          times.next,
          `says that ${entry.timestamp} is the largest timestamp up to offset ${entry.offset}, which it is not`,
        )
      }
    }
  }

  /** Where a batch begins at or behind a place, if the index is right. */
  positionBehind(position: number): number | undefined {
    const { entries } = this.#index
    const at = entries.findIndex((entry) => entry.position >= position)
    return at === -1 ? undefined : entries.at(at)?.position
  }

  /** What stands in the place of batches cannot be compared. */
  skip(end: number): void {
    const { entries } = this.#index
    while ((entries.at(this.#index.next)?.position ?? Number.POSITIVE_INFINITY) < end) this.#index.next++
    // How late its records were is not known, nor how far they went.
    this.#isDamaged = true
  }

  finish(hasBatches: boolean, hasTimestamps: boolean): void {
    this.#checkThere(hasBatches, hasTimestamps)
    const entry = this.#index.entries.at(this.#index.next)
    if (entry !== undefined) {
      this.#wrong(
        this.#index,
        this.#index.next,
        `points to position ${entry.position}, where no batch begins`,
      )
    }
    this.#checkLast()
    const time = this.#timeindex.entries.at(this.#timeindex.next)
    if (time !== undefined) {
      this.#wrong(
        this.#timeindex,
        this.#timeindex.next,
        `has an entry for offset ${time.offset}, and the log ends at ${this.#lastOffset}`,
      )
    }
    const { file, entries, zeroBytes } = this.#timeindex
    if (
      file !== undefined &&
      entries.length === 0 &&
      zeroBytes === 0 &&
      hasTimestamps &&
      !this.#timeindex.isWrong
    ) {
      const reason = 'is empty: retention by time goes by when the log file was last changed'
      this.#findings.add(file.name, 'timeindex-empty', 'warning', reason)
    }
  }

  /** Whatever the last entry of an index leaves out is looked for behind it; what it promises has to be there. */
  #checkLast(): void {
    if (this.#isDamaged) return
    const offset = this.#index.entries.at(-1)?.offset ?? -1
    if (offset > this.#lastOffset) {
      const told = `has an entry for offset ${offset}, and the log ends at ${this.#lastOffset}`
      this.#wrong(this.#index, this.#index.entries.length - 1, told)
    }
    const timestamp = this.#timeindex.entries.at(-1)?.timestamp
    if (timestamp !== undefined && timestamp < this.#largestTimestamp && !this.#isActive) {
      const told = `ends with the timestamp ${timestamp}, and the largest of its log is ${this.#largestTimestamp}`
      this.#wrong(this.#timeindex, this.#timeindex.entries.length - 1, told)
    }
  }

  #checkThere(hasBatches: boolean, hasTimestamps: boolean): void {
    const index = this.#index
    const times = this.#timeindex
    if (index.file === undefined && hasBatches) this.#sayMissing('index')
    if (times.file === undefined && hasTimestamps) this.#sayMissing('timeindex')
    if (index.entries.length === 0 && index.file !== undefined && this.#indexedBytes > MOST_UNINDEXED_BYTES) {
      this.#wrong(index, null, `has no entries for the ${this.#indexedBytes} bytes of its log`)
    }
  }

  /** A live broker makes it after the log, which may be after the folder was listed. */
  #sayMissing(kind: 'index' | 'timeindex'): void {
    const path = pathBeside(this.#segment, kind)
    if (path !== undefined && this.#disk.stat(path) !== undefined) return
    const name = segmentFileName(this.#segment.baseOffset, kind)
    this.#findings.add(name, 'index-missing', 'warning', 'is not there')
  }

  #addToIndex({ position, baseOffset, lastOffset }: RecordBatch): void {
    const index = this.#index
    for (
      let entry = index.entries.at(index.next);
      entry !== undefined;
      entry = index.entries.at(++index.next)
    ) {
      if (entry.position > position) return
      if (entry.position < position) {
        this.#wrong(index, index.next, `points to position ${entry.position}, where no batch begins`)
      } else if (
        entry.offset <= this.#lastOffset ||
        ((baseOffset ?? lastOffset) > entry.offset && baseOffset !== null)
      ) {
        this.#wrong(
          index,
          index.next,
          `points for offset ${entry.offset} to position ${position}, which is not the way to it`,
        )
      }
    }
  }

  #checkShape({ file, entryBytes, zeroBytes, isBroken, entries }: Checked<unknown>): void {
    if (file === undefined) return
    const { name, sizeBytes } = file
    if (isBroken) {
      this.#findings.add(name, 'index-zeros', 'warning', 'has entries behind zeros')
    } else if (sizeBytes % entryBytes !== 0) {
      const reason = `has ${sizeBytes} bytes, which is no whole number of entries`
      this.#findings.add(name, 'index-size', 'warning', reason)
    } else if (zeroBytes > 0 && this.#isActive) {
      const reason = `ends in ${zeroBytes} bytes of room for entries: it was not closed`
      this.#findings.add(name, 'index-preallocated', 'info', reason, { position: sizeBytes - zeroBytes })
    } else if (zeroBytes > 0) {
      const reason = `${entries.length === 0 ? 'is' : 'ends in'} ${zeroBytes} bytes of zeros, though its segment is complete`
      this.#findings.add(name, 'index-zeros', 'warning', reason, { position: sizeBytes - zeroBytes })
    }
  }

  #checkOrder<Entry extends { readonly offset: Int64 }>(
    checked: Checked<Entry>,
    isInOrder: (a: Entry, b: Entry) => boolean,
  ): void {
    const { entries } = checked
    const at = entries.findIndex((entry, i) => i > 0 && !isInOrder(entries.at(i - 1) as Entry, entry))
    if (at !== -1) this.#wrong(checked, at, `is not in ascending order at entry ${at}`)
  }

  #wrong(checked: Checked<{ readonly offset: Int64 }>, at: number | null, told: string): void {
    if (checked.isWrong || checked.file === undefined) return
    checked.isWrong = true
    const entry = at === null ? undefined : checked.entries.at(at)
    const place =
      at === null || entry === undefined ? {} : { position: at * checked.entryBytes, offset: entry.offset }
    this.#findings.add(checked.file.name, 'index-wrong', 'warning', told, place)
  }
}

interface Checked<Entry> {
  readonly file: SegmentFile | undefined
  readonly entryBytes: number
  readonly entries: IndexEntries<Entry>
  readonly zeroBytes: number
  readonly isBroken: boolean
  next: number
  isWrong: boolean
}

function read<Entry>(
  disk: ReadableDisk,
  file: SegmentFile | undefined,
  entryBytes: number,
  parse: (bytes: Buffer) => IndexEntries<Entry>,
): Checked<Entry> {
  const bytes = file === undefined ? Buffer.alloc(0) : readSmallFile(disk, file.path)
  const entries = parse(bytes)
  const rest = bytes.subarray(entries.length * entryBytes)
  const isZero = rest.every((byte) => byte === 0)
  const zeroBytes = isZero && rest.length >= entryBytes ? rest.length : 0
  return {
    file,
    entryBytes,
    entries,
    zeroBytes,
    isBroken: !isZero && rest.length >= entryBytes,
    next: 0,
    isWrong: false,
  }
}
