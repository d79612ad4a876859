const NOBODY = -1

/**
 * Whom to give to next, and whom to take from, among the subscribers of a topic. Two ranges grow towards each other over
 * the members as they are sorted by what they had at the beginning; all in a range have had their turn equally often.
 */
export class MemberBalancer {
  readonly #loads: readonly number[]
  #sorted: number[] = []
  #leastEnd = 0
  #leastLoad = 0
  #nextLeast = 0
  #mostStart = 0
  #mostEnd = 0
  #mostLoad = 0
  #nextMost = NOBODY

  constructor(loads: readonly number[]) {
    this.#loads = loads
  }

  /** By how much the most loaded has more than the least loaded. */
  begin(members: readonly number[]): number {
    this.#sorted = members.toSorted((a, b) => this.#loadOf(a) - this.#loadOf(b) || a - b)
    const count = this.#sorted.length
    this.#leastEnd = 0
    this.#leastLoad = this.#loadAt(0) - 1
    this.#nextLeast = 0
    this.#mostStart = count
    this.#mostEnd = count
    this.#mostLoad = this.#loadAt(count - 1) + 1
    this.#nextMost = count - 1
    return this.#loadAt(count - 1) - this.#loadAt(0)
  }

  leastLoaded(): number {
    if (this.#nextLeast >= this.#leastEnd) {
      this.#leastLoad++
      while (this.#leastEnd < this.#sorted.length && this.#loadAt(this.#leastEnd) === this.#leastLoad) {
        this.#leastEnd++
      }
      this.#nextLeast = 0
    }
    return this.#sorted[this.#nextLeast++] ?? NOBODY
  }

  /** −1: nobody has anything to give. */
  mostLoaded(): number {
    if (this.#nextMost < this.#mostStart) this.#widenMost()
    if (this.#nextMost < 0) return NOBODY
    return this.#sorted[this.#nextMost--] ?? NOBODY
  }

  /** The one that was named last has nothing of the topic to give. */
  excludeMostLoaded(): void {
    const at = this.#nextMost + 1
    const last = this.#mostEnd - 1
    const excluded = this.#sorted[at] ?? NOBODY
    this.#sorted[at] = this.#sorted[last] ?? NOBODY
    this.#sorted[last] = excluded
    this.#mostEnd--
  }

  isBalanced(): boolean {
    return this.#mostLoad - this.#leastLoad <= 1
  }

  #widenMost(): void {
    // Where all in the range were excluded, it begins anew with the next load that there is.
    const isEmpty = this.#mostEnd <= this.#mostStart && this.#mostStart > 0
    this.#mostLoad = isEmpty ? this.#loadAt(this.#mostStart - 1) : this.#mostLoad - 1
    while (this.#mostStart > 0 && this.#loadAt(this.#mostStart - 1) === this.#mostLoad) this.#mostStart--
    this.#nextMost = this.#mostEnd - 1
  }

  #loadAt(index: number): number {
    return this.#loadOf(this.#sorted[index] ?? NOBODY)
  }

  #loadOf(member: number): number {
    return this.#loads[member] ?? 0
  }
}
