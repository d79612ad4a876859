/** Where the records of several inputs stood: a number for each, which grows from the first to the last. */
export class InputPlaces {
  readonly #starts: { readonly before: number; readonly name: string | null }[] = []
  #last = 0

  /** Null is an input that needs no name, since it is the only one. */
  begin(name: string | null): void {
    this.#starts.push({ before: this.#last, name })
  }

  placeOf(line: number): number {
    const before = this.#starts.at(-1)?.before ?? 0
    this.#last = Math.max(this.#last, before + line)
    return before + line
  }

  at(place: number): { readonly file: string | null; readonly line: number } {
    const start = this.#starts.findLast(({ before }) => before < place)
    return { file: start?.name ?? null, line: place - (start?.before ?? 0) }
  }

  /** In words: one line, or from where to where they stood among others. */
  words(places: readonly number[]): string {
    const [first = 0] = places
    const last = places.at(-1) ?? first
    if (places.length <= 1) return this.#word(first)
    const isRun = last - first === places.length - 1
    const ends = `${this.#word(first)} to ${this.at(last).line}`
    return isRun ? ends.replace(/\bline /, 'lines ') : `${places.length} records from ${ends}`
  }

  #word(place: number): string {
    const { file, line } = this.at(place)
    return file === null ? `line ${line}` : `${file} line ${line}`
  }
}
