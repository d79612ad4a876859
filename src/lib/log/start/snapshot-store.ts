import { type Int64, subtractInt64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { type ProducerEntry, parseProducerSnapshot } from '../files/producer-snapshot.ts'
import type { SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import { Producers } from './producers.ts'

/** Null where the file cannot be believed. */
type Content = readonly ProducerEntry[] | null

const HEADER_BYTES = 10
const ENTRY_BYTES = 46
/** `producer.id.expiration.ms`, unless a broker is told otherwise. */
const EXPIRES_MS = 86_400_000

/** The producer snapshots of a folder while a broker starts on it. */
export class SnapshotStore {
  readonly #before = new Map<Int64, Content>()
  readonly #now = new Map<Int64, Content>()
  readonly #nowMs: number
  /** Those that were renamed away, and their size. */
  readonly renamed = new Map<Int64, number>()

  /** Those that are left of all that were there, once the folder is tidied. */
  constructor(disk: ReadableDisk, all: readonly SegmentFile[], left: readonly SegmentFile[], nowMs: number) {
    this.#nowMs = nowMs
    for (const { baseOffset, path } of all) this.#before.set(baseOffset, contentOf(disk, path))
    for (const { baseOffset } of left) this.#now.set(baseOffset, this.#before.get(baseOffset) ?? null)
  }

  offsets(): Int64[] {
    return [...this.#now.keys()].sort((a, b) => (a < b ? -1 : 1))
  }

  delete(offset: Int64): void {
    this.#now.delete(offset)
  }

  rename(offset: Int64): void {
    const content = this.#now.get(offset)
    if (this.#now.delete(offset)) this.renamed.set(offset, sizeOf(content))
  }

  write(offset: Int64, producers: Producers): void {
    this.#now.set(offset, [...producers.entries.values()])
  }

  /** Nothing where it cannot be believed. Producers that were idle for long are forgotten. */
  read(offset: Int64): Producers | undefined {
    const content = this.#now.get(offset)
    if (content === null || content === undefined) return undefined
    const isAlive = ({ currentTxnFirstOffset, timestamp }: ProducerEntry) =>
      currentTxnFirstOffset !== null || subtractInt64(this.#nowMs, timestamp) < EXPIRES_MS
    return new Producers(content.filter(isAlive))
  }

  /** What is in one that is there now. */
  entriesAt(offset: Int64): readonly ProducerEntry[] {
    return this.#now.get(offset) ?? []
  }

  /** What is there at the end, and whether it is what was there before. */
  outcome(): { offset: Int64; sizeBytes: number; isKept: boolean }[] {
    return this.offsets().map((offset) => {
      const content = this.#now.get(offset) ?? null
      const before = this.#before.get(offset)
      const isKept = before === content || (before != null && content !== null && isSame(before, content))
      return { offset, sizeBytes: sizeOf(content), isKept }
    })
  }
}

function sizeOf(content: Content | undefined): number {
  return HEADER_BYTES + ENTRY_BYTES * (content?.length ?? 0)
}

function contentOf(disk: ReadableDisk, path: string): Content {
  try {
    return parseProducerSnapshot(readSmallFile(disk, path))
  } catch (cause) {
    if (cause instanceof KtoolError) return null
    throw cause
  }
}

function isSame(a: readonly ProducerEntry[], b: readonly ProducerEntry[]): boolean {
  const text = (entries: readonly ProducerEntry[]) =>
    entries.map((entry) => Object.values(entry).join(' ')).sort()
  return a.length === b.length && text(a).join('\n') === text(b).join('\n')
}
