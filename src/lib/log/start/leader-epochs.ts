import type { Int64 } from '../../bytes/int64.ts'
import type { EpochEntry } from '../files/leader-epoch-checkpoint.ts'

/** The epochs of a log while a broker starts on it. */
export class LeaderEpochs {
  #entries: EpochEntry[] = []

  constructor(entries: readonly EpochEntry[]) {
    for (const entry of entries) this.#assign(entry)
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries
  }

  /** A recovered segment adds what is newer than all that is known. */
  seen(epoch: number, startOffset: Int64): void {
    const latest = this.#entries.at(-1)
    if (epoch >= 0 && (latest === undefined || epoch > latest.epoch)) this.#assign({ epoch, startOffset })
  }

  truncateEnd(endOffset: Int64): void {
    this.#entries = this.#entries.filter(({ startOffset }) => startOffset < endOffset)
  }

  truncateStart(startOffset: Int64): void {
    const before = this.#entries.filter((entry) => entry.startOffset <= startOffset)
    const current = before.at(-1)
    if (current === undefined) return
    const rest = this.#entries.filter((entry) => entry.startOffset > startOffset)
    this.#entries = [{ epoch: current.epoch, startOffset }, ...rest]
  }

  clear(): void {
    this.#entries = []
  }

  /** Back to what they were. */
  restore(entries: readonly EpochEntry[]): void {
    this.#entries = [...entries]
  }

  /** The file that keeps them. */
  bytes(): Buffer {
    const lines = this.#entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}\n`)
    return Buffer.from(`0\n${lines.length}\n${lines.join('')}`)
  }

  #assign(entry: EpochEntry): void {
    const latest = this.#entries.at(-1)
    if (latest !== undefined && entry.epoch === latest.epoch && entry.startOffset >= latest.startOffset)
      return
    while (this.#conflicts(entry)) this.#entries.pop()
    this.#entries.push(entry)
  }

  #conflicts(entry: EpochEntry): boolean {
    const latest = this.#entries.at(-1)
    return latest !== undefined && (latest.epoch >= entry.epoch || latest.startOffset >= entry.startOffset)
  }
}
