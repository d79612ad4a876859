const MOST_DIFFERENCES = 10

/** What is said beside the answers. Copies of a cluster that was killed differ in every second partition. */
export class Warnings {
  readonly #said: string[] = []
  #differences = 0

  add(sentence: string): void {
    this.#said.push(sentence)
  }

  addDifference(sentence: string): void {
    this.#differences += 1
    if (this.#differences <= MOST_DIFFERENCES) this.#said.push(sentence)
  }

  all(): string[] {
    const more = this.#differences - MOST_DIFFERENCES
    return more > 0 ? [...this.#said, `the copies of ${more} more partitions differ`] : [...this.#said]
  }
}
