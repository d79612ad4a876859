/** Something that is counted up, by the name of what it belongs to, at a moment. */
export interface Counts {
  readonly atMs: number
  readonly counts: ReadonlyMap<string, number>
}

/** How fast counts grow between two rounds. What went back, as a topic that was made anew, has no rate. */
export class Rates {
  #before: Counts | undefined
  #perSecond: ReadonlyMap<string, number> = new Map()

  add(now: Counts): void {
    const before = this.#before
    this.#before = now
    if (before === undefined || now.atMs <= before.atMs) return
    const seconds = (now.atMs - before.atMs) / 1000
    this.#perSecond = new Map(
      [...now.counts].flatMap(([name, count]): [string, number][] => {
        const last = before.counts.get(name)
        return last === undefined || count < last ? [] : [[name, (count - last) / seconds]]
      }),
    )
  }

  /** Null before the second round, and for what was not there before. */
  of(name: string): number | null {
    return this.#perSecond.get(name) ?? null
  }

  /** Of several together; null where none of them is known. */
  ofAll(names: readonly string[]): number | null {
    const known = names.flatMap((name) => this.#perSecond.get(name) ?? [])
    return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0)
  }
}
