import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { segmentFileName } from '../files/file-names.ts'
import { type AbortedTransaction, TRANSACTION_ENTRY_BYTES } from '../files/transaction-index.ts'
import type { Segment, SegmentFile } from '../partition-folder.ts'
import { readTransactionIndex } from '../read-transaction-index.ts'
import type { Findings } from './finding.ts'

/** Where the transactions began of which data was seen and no marker yet, by producer id. They go on from segment to segment. */
export type OpenData = Map<Int64, Int64>

interface Aborted {
  readonly producerId: Int64
  /** Of its data, as far as the cleaner has left any. */
  readonly firstOffset: Int64
  readonly lastOffset: Int64
}

/**
 * Each entry stands for a transaction whose abort marker lies in the segment, and each abort marker behind data has an
 * entry: readers go by it, and are given as committed what it does not name.
 */
export class TransactionIndexVerifier {
  readonly #disk: ReadableDisk
  readonly #file: SegmentFile | undefined
  readonly #findings: Findings
  readonly #entries: readonly AbortedTransaction[]
  readonly #markers = new Set<string>()
  readonly #segment: Segment
  readonly #open: OpenData
  readonly #aborted: Aborted[] = []
  #isTold = false

  constructor(disk: ReadableDisk, segment: Segment, findings: Findings, open: OpenData) {
    const { txnindex, baseOffset } = segment
    this.#disk = disk
    this.#segment = segment
    this.#open = open
    this.#file = txnindex
    this.#findings = findings
    this.#entries = txnindex === undefined ? [] : this.#read(txnindex, baseOffset)
  }

  /** A sound batch; with the offset of its marker if it aborts a transaction. */
  add(batch: RecordBatch, abortOffset: Int64 | null): void {
    if (!batch.isTransactional) return
    const { isControl, producerId, baseOffset } = batch
    if (baseOffset === null) return
    if (!isControl) {
      if (!this.#open.has(producerId) && this.#open.size < MOST_OPEN) this.#open.set(producerId, baseOffset)
      return
    }
    const firstOffset = this.#open.get(producerId)
    this.#open.delete(producerId)
    if (abortOffset === null) return
    if (this.#entries.length > 0) this.#markers.add(keyOf(producerId, abortOffset))
    if (firstOffset !== undefined) this.#aborted.push({ producerId, firstOffset, lastOffset: abortOffset })
  }

  /** Behind damage nobody knows which markers were lost. */
  damaged(): void {
    this.#open.clear()
    this.#aborted.length = 0
  }

  finish(isDamaged: boolean): void {
    this.#checkEntries(isDamaged)
    this.#checkMarkers()
  }

  #checkMarkers(): void {
    if (this.#isTold || this.#unnamedBy(this.#entries) === undefined) return
    // A live broker may have written it since the file was read.
    const missing = this.#unnamedBy(this.#entriesNow())
    if (missing === undefined) return
    const { producerId, firstOffset, lastOffset } = missing
    const name = segmentFileName(this.#segment.baseOffset, 'txnindex')
    const transaction = `the transaction of producer ${producerId} from offset ${firstOffset} on, aborted at ${lastOffset}`
    const lacks = this.#file === undefined ? 'is not there to name' : 'does not name'
    const reason = `${lacks} ${transaction}: readers are given it as committed`
    this.#findings.add(name, 'txnindex-incomplete', 'warning', reason, { offset: firstOffset })
  }

  #unnamedBy(entries: readonly AbortedTransaction[]): Aborted | undefined {
    const byMarker = new Map(entries.map((entry) => [keyOf(entry.producerId, entry.lastOffset), entry]))
    return this.#aborted.find(({ producerId, firstOffset, lastOffset }) => {
      const entry = byMarker.get(keyOf(producerId, lastOffset))
      return entry === undefined || entry.firstOffset > firstOffset
    })
  }

  #entriesNow(): readonly AbortedTransaction[] {
    try {
      return readTransactionIndex(this.#disk, this.#segment)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      return this.#entries
    }
  }

  #checkEntries(isDamaged: boolean): void {
    const wrong = this.#entries.find(
      ({ producerId, lastOffset }) => !this.#markers.has(keyOf(producerId, lastOffset)),
    )
    if (wrong === undefined || isDamaged) return
    const { producerId, firstOffset, lastOffset } = wrong
    this.#say(
      'txnindex-wrong',
      `says that producer ${producerId} aborted a transaction at offset ${lastOffset}, where the log has no such marker`,
      firstOffset,
    )
  }

  #read(file: SegmentFile, baseOffset: Int64): AbortedTransaction[] {
    const { sizeBytes } = file
    const rest = sizeBytes % TRANSACTION_ENTRY_BYTES
    if (rest !== 0) this.#say('txnindex-size', `has ${sizeBytes} bytes, which is no whole number of entries`)
    try {
      const entries = readTransactionIndex(this.#disk, this.#segment)
      const foreign = entries.find(({ lastOffset }) => lastOffset < baseOffset)
      if (foreign === undefined) return entries
      const told = `has an entry for offset ${foreign.lastOffset}, before its segment begins`
      this.#say('txnindex-wrong', told, foreign.lastOffset)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      this.#say('txnindex-corrupt', `cannot be read: ${cause.message}`)
    }
    return []
  }

  #say(code: string, reason: string, offset?: Int64): void {
    this.#isTold = true
    if (this.#file === undefined) return
    this.#findings.add(this.#file.name, code, 'warning', reason, offset === undefined ? {} : { offset })
  }
}

/** Beyond so many at once they are no longer followed. */
const MOST_OPEN = 100_000

function keyOf(producerId: Int64, offset: Int64): string {
  return `${producerId} ${offset}`
}
