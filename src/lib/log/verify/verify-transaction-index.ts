import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import {
  type AbortedTransaction,
  parseTransactionIndex,
  TRANSACTION_ENTRY_BYTES,
} from '../files/transaction-index.ts'
import type { Segment, SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { Findings } from './finding.ts'

/** Each entry stands for a transaction whose abort marker lies in the segment. */
export class TransactionIndexVerifier {
  readonly #file: SegmentFile | undefined
  readonly #findings: Findings
  readonly #entries: readonly AbortedTransaction[]
  readonly #markers = new Set<string>()

  constructor(disk: ReadableDisk, { txnindex, baseOffset }: Segment, findings: Findings) {
    this.#file = txnindex
    this.#findings = findings
    this.#entries = txnindex === undefined ? [] : this.#read(disk, txnindex, baseOffset)
  }

  aborted(producerId: Int64, offset: Int64): void {
    if (this.#entries.length > 0) this.#markers.add(keyOf(producerId, offset))
  }

  finish(isDamaged: boolean): void {
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

  #read(disk: ReadableDisk, file: SegmentFile, baseOffset: Int64): AbortedTransaction[] {
    const { sizeBytes } = file
    const rest = sizeBytes % TRANSACTION_ENTRY_BYTES
    if (rest !== 0) this.#say('txnindex-size', `has ${sizeBytes} bytes, which is no whole number of entries`)
    try {
      const entries = parseTransactionIndex(readSmallFile(disk, file.path))
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
    if (this.#file === undefined) return
    this.#findings.add(this.#file.name, code, 'warning', reason, offset === undefined ? {} : { offset })
  }
}

function keyOf(producerId: Int64, offset: Int64): string {
  return `${producerId} ${offset}`
}
