/** Something in memory that can be had again from its file. */
export interface Forgettable {
  forget(): void
}

const MOST_LOADED = 32

/** Indexes of closed segments that were looked into: those that were loaded last stay in memory. */
export class LoadedIndexes {
  readonly #loaded = new Set<Forgettable>()

  add(index: Forgettable): void {
    this.#loaded.delete(index)
    this.#loaded.add(index)
    if (this.#loaded.size <= MOST_LOADED) return
    const [oldest] = this.#loaded
    if (oldest === undefined) return
    this.#loaded.delete(oldest)
    oldest.forget()
  }
}
