import type { Disk } from '../../ports/disk.ts'
import {
  type AbortedTransaction,
  formatTransactionIndex,
  parseTransactionIndex,
  TRANSACTION_ENTRY_BYTES,
} from '../files/transaction-index.ts'
import { readSmallFile } from '../read-small-file.ts'

/** The aborted transactions of a segment. There is no file as long as there is none. */
export class AbortedIndex {
  path: string
  readonly #disk: Disk
  #entries: AbortedTransaction[] | undefined
  #writtenCount = 0

  constructor(disk: Disk, path: string) {
    this.#disk = disk
    this.path = path
  }

  get entries(): readonly AbortedTransaction[] {
    return this.#loaded()
  }

  /** Reads what is there, so that `add` cannot fail. */
  load(): void {
    this.#loaded()
  }

  add(entry: AbortedTransaction): void {
    this.#loaded().push(entry)
  }

  writeOut(): void {
    const entries = this.#entries
    if (entries === undefined || entries.length === this.#writtenCount) return
    const bytes = formatTransactionIndex(entries.slice(this.#writtenCount))
    const file = this.#disk.openToAppend(this.path)
    try {
      file.write(bytes, this.#writtenCount * TRANSACTION_ENTRY_BYTES)
    } finally {
      file.close()
    }
    this.#writtenCount = entries.length
  }

  #loaded(): AbortedTransaction[] {
    if (this.#entries !== undefined) return this.#entries
    const isThere = this.#disk.stat(this.path) !== undefined
    this.#entries = isThere ? parseTransactionIndex(readSmallFile(this.#disk, this.path)) : []
    this.#writtenCount = this.#entries.length
    return this.#entries
  }
}
