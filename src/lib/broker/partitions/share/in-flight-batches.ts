import type { InFlightBatch } from './in-flight-batch.ts'

/** Batches by their first offset, in order. */
export class InFlightBatches {
  #batches: InFlightBatch[] = []

  get isEmpty(): boolean {
    return this.#batches.length === 0
  }

  get first(): InFlightBatch | undefined {
    return this.#batches[0]
  }

  get last(): InFlightBatch | undefined {
    return this.#batches.at(-1)
  }

  [Symbol.iterator](): Iterator<InFlightBatch> {
    return this.#batches[Symbol.iterator]()
  }

  /** The last that begins at or below the offset. */
  floor(offset: number): InFlightBatch | undefined {
    return this.#batches[this.#above(offset) - 1]
  }

  /** The first that begins above the offset. */
  higher(offset: number): InFlightBatch | undefined {
    return this.#batches[this.#above(offset)]
  }

  /** The last that begins below the offset. */
  lower(offset: number): InFlightBatch | undefined {
    return this.#batches[this.#above(offset - 1) - 1]
  }

  /** Those that begin at one of these offsets, as they are now. */
  between(from: number, to: number): InFlightBatch[] {
    return this.#batches.slice(this.#above(from - 1), this.#above(to))
  }

  put(batch: InFlightBatch): void {
    const at = this.#above(batch.firstOffset - 1)
    const isThere = this.#batches[at]?.firstOffset === batch.firstOffset
    this.#batches.splice(at, isThere ? 1 : 0, batch)
  }

  removeUpTo(firstOffset: number): void {
    this.#batches.splice(0, this.#above(firstOffset))
  }

  clear(): void {
    this.#batches = []
  }

  /** How many begin at or below the offset. */
  #above(offset: number): number {
    let low = 0
    let high = this.#batches.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#batches[middle] as InFlightBatch).firstOffset <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
