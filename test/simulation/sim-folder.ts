import type { SimFile } from './sim-file.ts'
import type { SimRandom } from './sim-random.ts'

export type SimNode = SimFile | SimFolder

type Names = Map<string, SimNode>

/** What was done to names, and how much of it is on the disk itself: what was done last is lost first. */
export class NameJournal {
  #unsafe: (() => void)[] = []
  #safeChanges = 0

  /** How often names were changed. */
  get changes(): number {
    return this.#safeChanges + this.#unsafe.length
  }

  add(makeSafe: () => void): void {
    this.#unsafe.push(makeSafe)
  }

  /** So many of all changes are safe from now on. */
  makeSafe(changes: number): void {
    const safe = this.#unsafe.splice(0, Math.max(0, changes - this.#safeChanges))
    for (const change of safe) change()
    this.#safeChanges += safe.length
  }

  losePower(random: SimRandom): void {
    this.makeSafe(this.#safeChanges + random.below(this.#unsafe.length + 1))
    this.#unsafe = []
  }
}

/** Names as programs see them, and as they would be found after a power cut. */
export class SimFolder {
  readonly journal: NameJournal
  #names: Names = new Map()
  readonly #safe: Names = new Map()

  constructor(journal: NameJournal) {
    this.journal = journal
  }

  get names(): ReadonlyMap<string, SimNode> {
    return this.#names
  }

  set(name: string, node: SimNode, journal = this.journal): void {
    this.#change((names) => names.set(name, node), journal)
  }

  delete(name: string): void {
    this.#change((names) => names.delete(name))
  }

  rename(from: string, to: string): void {
    this.#change((names) => {
      const node = names.get(from)
      names.delete(from)
      if (node !== undefined) names.set(to, node)
    })
  }

  /** What is left once journals have lost what they lose. */
  losePower(random: SimRandom): void {
    this.#names = new Map(this.#safe)
    for (const node of this.#names.values()) node.losePower(random)
  }

  #change(change: (names: Names) => void, journal = this.journal): void {
    change(this.#names)
    journal.add(() => change(this.#safe))
  }
}
