import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseTransactionIndex } from '../files/transaction-index.ts'
import type { Segment } from '../partition-folder.ts'
import type { Turns } from '../turns.ts'
import { FilePool } from './file-pool.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import { ProducerState } from './producer-state.ts'
import type { Producers } from './producers.ts'
import { recoverSegment } from './recover-segment.ts'
import { type ResumePoint, resumePoint } from './resume-point.ts'
import type { SnapshotStore } from './snapshot-store.ts'
import { type KnownBatches, StartSegment } from './start-segment.ts'

export interface LoadFacts {
  readonly isClean: boolean
  readonly logStartOffset?: Int64 | undefined
  readonly recoveryPoint?: Int64 | undefined
  readonly intervalBytes: number
  readonly turns: Turns
  /**
   * Of the first segment to be recovered only what was not flushed is read, and none without an index before those in
   * front of it. Kafka reads all of the first, and what is missing at once: it cannot start where a hole comes earlier.
   */
  readonly skipsFlushed?: boolean
  readonly known?: ReadonlyMap<string, KnownBatches>
  readonly epochs: LeaderEpochs
  readonly store: SnapshotStore
}

export interface LoadedLog {
  readonly logStartOffset: Int64
  readonly logEndOffset: Int64
  readonly segments: readonly StartSegment[]
  /** Renamed, to be deleted a minute later. */
  readonly removed: readonly StartSegment[]
  /** The base offset of a segment that is made because none is left. */
  readonly created: Int64 | null
  /** As they are at the end of the log. */
  readonly producers: Producers
  /** Of the newest snapshot of them. */
  readonly lastSnapshot: Int64
}

/** One load of a log, step by step as Kafka does it. */
export class LogLoad {
  readonly #facts: LoadFacts
  readonly #checkpoint: Int64
  readonly #files: FilePool
  readonly #all: StartSegment[]
  #segments: StartSegment[] = []
  readonly #removed: StartSegment[] = []

  constructor(disk: ReadableDisk, segments: readonly Segment[], facts: LoadFacts) {
    this.#facts = facts
    this.#checkpoint = facts.logStartOffset ?? 0
    this.#files = new FilePool(disk)
    this.#all = segments.map((segment) => {
      const file = this.#files.file(segment.log.path)
      return new StartSegment(disk, file, segment, facts.known?.get(segment.log.path) ?? { soundUpTo: 0 })
    })
  }

  close(): void {
    this.#files.close()
  }

  async run(): Promise<LoadedLog> {
    const { epochs, store, isClean } = this.#facts
    await this.#loadSegments()
    if (!isClean) await this.#recover()
    const end = this.#logEnd()
    const created = this.#segments.length === 0 ? this.#checkpoint : null
    const logEndOffset = end ?? this.#checkpoint
    epochs.truncateEnd(logEndOffset)
    const firstBase = this.#segments[0]?.baseOffset ?? this.#checkpoint
    const logStartOffset = firstBase > this.#checkpoint ? firstBase : this.#checkpoint
    epochs.truncateStart(this.#checkpoint)
    this.#removeStraySnapshots(created)
    const state = new ProducerState(store)
    state.rebuild(this.#segments, logStartOffset, logEndOffset, isClean)
    const { producers, lastSnapshot } = state
    const offsets = { logStartOffset, logEndOffset, lastSnapshot }
    return { ...offsets, segments: this.#segments, removed: this.#removed, created, producers }
  }

  async #loadSegments(): Promise<void> {
    for (const segment of this.#all) {
      if (segment.timeindex.before === undefined) segment.timeindex.rebuilt = Buffer.alloc(0)
      if (!this.#isRecoveredInTurn(segment) && isSuspect(segment)) await this.#recoverOne(segment)
      this.#segments.push(segment)
    }
  }

  #isRecoveredInTurn({ baseOffset }: StartSegment): boolean {
    const { skipsFlushed = false, isClean, recoveryPoint = 0 } = this.#facts
    return skipsFlushed && !isClean && baseOffset >= recoveryPoint
  }

  async #recover(): Promise<void> {
    const { recoveryPoint = 0 } = this.#facts
    const floor = this.#segments.findLast(({ baseOffset }) => baseOffset <= recoveryPoint)
    const unflushed = this.#segments.filter(
      (segment) => segment === floor || segment.baseOffset >= recoveryPoint,
    )
    for (const [i, segment] of unflushed.entries()) {
      const from = this.#resumePoint(segment, recoveryPoint)
      if ((await this.#recoverOne(segment, from)) === 0) continue
      this.#remove(unflushed.slice(i + 1))
      return
    }
  }

  #resumePoint(segment: StartSegment, recoveryPoint: Int64): ResumePoint | undefined {
    const { skipsFlushed = false, store } = this.#facts
    return skipsFlushed ? resumePoint(segment, recoveryPoint, store.offsets()) : undefined
  }

  async #recoverOne(segment: StartSegment, from?: ResumePoint): Promise<number> {
    const { epochs, store, intervalBytes, turns, skipsFlushed: doubtsOffsets = false } = this.#facts
    const state = new ProducerState(store)
    state.rebuild(this.#segments, this.#checkpoint, from?.offset ?? segment.baseOffset, false)
    return recoverSegment(segment, state, epochs, { intervalBytes, turns, from, doubtsOffsets })
  }

  /** Nothing where no segment is left: a log start beyond the end makes a broker drop them all. */
  #logEnd(): Int64 | undefined {
    const end = this.#segments.at(-1)?.nextOffset()
    if (end === undefined || end >= this.#checkpoint) return end
    const { epochs, store } = this.#facts
    this.#remove(this.#segments)
    epochs.clear()
    for (const offset of store.offsets()) store.delete(offset)
    return undefined
  }

  #remove(segments: readonly StartSegment[]): void {
    this.#removed.push(...segments)
    this.#segments = this.#segments.filter((segment) => !segments.includes(segment))
    for (const { baseOffset } of segments) this.#facts.store.rename(baseOffset)
  }

  /** A snapshot belongs to a segment of the same offset; of the others the newest stays, if it is above all. */
  #removeStraySnapshots(created: Int64 | null): void {
    const { store } = this.#facts
    const bases = new Set<Int64>(this.#segments.map(({ baseOffset }) => baseOffset))
    if (created !== null) bases.add(created)
    const strays = store.offsets().filter((offset) => !bases.has(offset))
    const last = [...bases].reduce((a, b) => (a > b ? a : b))
    for (const [i, offset] of strays.entries()) {
      if (i < strays.length - 1 || offset < last) store.delete(offset)
    }
  }
}

function isSuspect(segment: StartSegment): boolean {
  return segment.index.before === undefined || hasForeignAborts(segment)
}

/** An aborted transaction that ended before its segment: the one thing of an index that a start looks at. */
function hasForeignAborts(segment: StartSegment): boolean {
  if (segment.txnindex.before === undefined) return false
  const entries = parseTransactionIndex(segment.bytesOf(segment.txnindex))
  return entries.some(({ lastOffset }) => lastOffset < segment.baseOffset)
}
