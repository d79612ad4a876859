import type { ReadableDisk } from '../ports/disk.ts'
import { type AbortedTransaction, parseTransactionIndex } from './files/transaction-index.ts'
import { pathBeside, type Segment } from './partition-folder.ts'
import { readSmallFile } from './read-small-file.ts'

/**
 * The aborted transactions whose markers lie in the segment. A live broker makes the file with the first of them, which
 * may be after the folder was listed.
 */
export function readTransactionIndex(disk: ReadableDisk, segment: Segment): AbortedTransaction[] {
  const { txnindex } = segment
  if (txnindex !== undefined) return parseTransactionIndex(readSmallFile(disk, txnindex.path))
  const path = pathBeside(segment, 'txnindex')
  if (path === undefined || disk.stat(path) === undefined) return []
  return parseTransactionIndex(readSmallFile(disk, path))
}
