/** What a search may touch for each byte of the file: room for files that are damaged all over. */
const TIMES_FILE = 16
const ALWAYS_BYTES = 64 * 1024 * 1024

/**
 * Keeps the search for the next batch linear: a hostile file can hold a header at every byte, each of which
 * has to be refuted by a checksum over all the rest.
 */
export class SearchBudget {
  readonly limitBytes: number
  spentBytes = 0

  constructor(fileBytes: number) {
    this.limitBytes = TIMES_FILE * fileBytes + ALWAYS_BYTES
  }

  get isSpent(): boolean {
    return this.spentBytes > this.limitBytes
  }

  spend(sizeBytes: number): void {
    this.spentBytes += sizeBytes
  }
}
