/** As many rounds as are drawn. */
export const TREND_WIDTH = 16

/** The last values of rows, by their names. Rows that are gone are forgotten. */
export class Trends {
  #values = new Map<string, readonly (number | null)[]>()

  add(round: ReadonlyMap<string, number | null>): void {
    this.#values = new Map(
      [...round].map(([name, value]) => [
        name,
        [...(this.#values.get(name) ?? []), value].slice(-TREND_WIDTH),
      ]),
    )
  }

  of(name: string): readonly (number | null)[] {
    return this.#values.get(name) ?? []
  }
}
