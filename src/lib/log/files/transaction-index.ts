import { type Int64, readInt64, writeInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'

/** An entry of a `.txnindex`: an aborted transaction whose marker lies in this segment. */
export interface AbortedTransaction {
  readonly version: number
  readonly producerId: Int64
  readonly firstOffset: Int64
  /** Of the abort marker. */
  readonly lastOffset: Int64
  /** Where readers that want committed records only could go to, right after this abort. */
  readonly lastStableOffset: Int64
}

export const TRANSACTION_ENTRY_BYTES = 34
const VERSION = 0

/** The entries in the order of their markers. A last one that is cut short is left out. */
export function parseTransactionIndex(bytes: Buffer): AbortedTransaction[] {
  const entries: AbortedTransaction[] = []
  for (let at = 0; at + TRANSACTION_ENTRY_BYTES <= bytes.length; at += TRANSACTION_ENTRY_BYTES) {
    const version = bytes.readInt16BE(at)
    if (version !== VERSION) throw unknownVersion(at, version)
    entries.push({
      version,
      producerId: readInt64(bytes, at + 2),
      firstOffset: readInt64(bytes, at + 10),
      lastOffset: readInt64(bytes, at + 18),
      lastStableOffset: readInt64(bytes, at + 26),
    })
  }
  return entries
}

export function formatTransactionIndex(entries: readonly AbortedTransaction[]): Buffer {
  const bytes = Buffer.alloc(entries.length * TRANSACTION_ENTRY_BYTES)
  for (const [i, entry] of entries.entries()) {
    const at = i * TRANSACTION_ENTRY_BYTES
    bytes.writeInt16BE(entry.version, at)
    writeInt64(bytes, at + 2, entry.producerId)
    writeInt64(bytes, at + 10, entry.firstOffset)
    writeInt64(bytes, at + 18, entry.lastOffset)
    writeInt64(bytes, at + 26, entry.lastStableOffset)
  }
  return bytes
}

function unknownVersion(position: number, version: number): DataError {
  return new DataError('unknown-version', `the entry at position ${position} has version ${version}, not 0`, {
    details: { position, version },
  })
}
