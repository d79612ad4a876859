import { dirname } from 'node:path'
import type { WritableLog } from './writable-log.ts'

/** Which of several directories a new log goes to. */
export class LogPlaces {
  readonly #paths: readonly string[]
  /** By partition: what somebody wished for before it was there. */
  readonly #preferred = new Map<string, string>()
  #cordoned: ReadonlySet<string> = new Set()

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  prefer(name: string, path: string): void {
    this.#preferred.set(name, path)
  }

  /** These get no new logs, but where it is wished for. */
  cordon(paths: Iterable<string>): void {
    this.#cordoned = new Set(paths)
  }

  /** The wish, which is fulfilled by that; or the directory with the fewest logs, the first of those as they are named. */
  choose(name: string, logs: Iterable<WritableLog>): string {
    const preferred = this.#preferred.get(name)
    this.#preferred.delete(name)
    if (preferred !== undefined) return preferred
    const [first = ''] = this.#paths
    if (this.#paths.length === 1) return first
    const open = this.#paths.filter((path) => !this.#cordoned.has(path))
    const counts = new Map(open.map((path) => [path, 0]))
    for (const { path } of logs) {
      const directory = dirname(path)
      counts.set(directory, (counts.get(directory) ?? 0) + 1)
    }
    // Who insists on this broker where all are cordoned gets the first.
    const [firstOpen = first] = open
    return open.reduce((a, b) => ((counts.get(b) ?? 0) < (counts.get(a) ?? 0) ? b : a), firstOpen)
  }
}
