/** Up to where a log can be cut: each share partition's last snapshot and all behind it are needed still. */
export class RedundantOffsets {
  readonly #lastSnapshots = new Map<string, number>()
  #redundant = Number.POSITIVE_INFINITY

  snapshotAt(key: string, offset: number, isTombstone: boolean): void {
    this.#lastSnapshots.set(key, offset)
    this.#redundant = this.#lowest(Math.min(this.#redundant, offset))
    // It counts for this once: all that was said of the key before is done with.
    if (isTombstone) this.#lastSnapshots.delete(key)
  }

  /** Null: nothing is. */
  get offset(): number | null {
    return this.#redundant <= 0 || this.#redundant === Number.POSITIVE_INFINITY ? null : this.#redundant
  }

  #lowest(bound: number): number {
    let lowest = Number.POSITIVE_INFINITY
    for (const offset of this.#lastSnapshots.values()) {
      lowest = Math.min(lowest, offset)
      if (lowest === bound) break
    }
    return lowest
  }
}
