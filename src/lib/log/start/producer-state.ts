import type { Int64 } from '../../bytes/int64.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { LogWalk } from './log-walk.ts'
import { Producers } from './producers.ts'
import type { SnapshotStore } from './snapshot-store.ts'

/** A segment as producers are read from it. */
export interface ReadSegment {
  readonly baseOffset: Int64
  readonly sizeBytes: number
  /** A walk from the first batch with an offset at or above this one; nothing if there is none. */
  walkFrom(offset: Int64): { walk: LogWalk; first: RecordBatch } | undefined
}

/** One of the memories of producers that a starting broker builds, with what it makes of the snapshots. */
export class ProducerState {
  producers = new Producers()
  mapEnd: Int64 = 0
  #lastSnapshot: Int64 = 0
  readonly #store: SnapshotStore

  constructor(store: SnapshotStore) {
    this.#store = store
  }

  /** Reads on from the newest snapshot that lies between log start and this offset. */
  rebuild(segments: readonly ReadSegment[], logStart: Int64, lastOffset: Int64, isClean: boolean): void {
    const bases = segments.slice(-2).map(({ baseOffset }) => baseOffset)
    if (isClean && this.#store.offsets().length === 0) {
      // No snapshot after a clean stop: a log of a broker that knew none, whose producers nobody remembers.
      for (const offset of [...bases, lastOffset]) this.#snapshotAt(offset)
      return
    }
    this.#reload(logStart, lastOffset)
    for (const segment of between(segments, this.mapEnd, lastOffset)) {
      const start = largest(segment.baseOffset, this.mapEnd, logStart)
      this.mapEnd = start
      if (bases.includes(segment.baseOffset) || segment.baseOffset === lastOffset) this.takeSnapshot()
      this.#read(segment, start, segment === floorOf(segments, lastOffset) ? lastOffset : undefined)
    }
    this.#snapshotAt(lastOffset)
  }

  get lastSnapshot(): Int64 {
    return this.#lastSnapshot
  }

  takeSnapshot(): void {
    if (this.mapEnd <= this.#lastSnapshot) return
    this.#store.write(this.mapEnd, this.producers)
    this.#lastSnapshot = this.mapEnd
  }

  #snapshotAt(offset: Int64): void {
    this.mapEnd = offset
    this.takeSnapshot()
  }

  #reload(logStart: Int64, lastOffset: Int64): void {
    for (const offset of this.#store.offsets()) {
      if (offset > lastOffset || offset <= logStart) this.#store.delete(offset)
    }
    if (lastOffset === this.mapEnd) {
      if (this.mapEnd < logStart) this.mapEnd = logStart
      this.#lastSnapshot = this.#store.offsets().at(-1) ?? logStart
      return
    }
    for (const offset of this.#store.offsets().reverse()) {
      const producers = this.#store.read(offset)
      if (producers === undefined) {
        this.#store.delete(offset)
        continue
      }
      this.producers = producers
      this.mapEnd = offset
      this.#lastSnapshot = offset
      return
    }
    this.mapEnd = logStart
    this.#lastSnapshot = logStart
  }

  /** Up to the batch that holds `before`, without it. */
  #read(segment: ReadSegment, from: Int64, before: Int64 | undefined): void {
    const found = segment.walkFrom(from)
    if (found === undefined) return
    const { walk } = found
    for (let batch: RecordBatch | undefined = found.first; batch !== undefined; batch = walk.next()) {
      if (before !== undefined && batch.lastOffset >= before) return
      const current = batch
      this.producers.add(batch, () => walk.whole(current))
    }
  }
}

function floorOf(segments: readonly ReadSegment[], offset: Int64): ReadSegment | undefined {
  return segments.findLast(({ baseOffset }) => baseOffset <= offset)
}

/** As Kafka picks them: from the one that holds `from`, to those that start before `to`. */
function between(segments: readonly ReadSegment[], from: Int64, to: Int64): readonly ReadSegment[] {
  if (from >= to) return []
  const floor = floorOf(segments, from)
  return segments.filter(
    (segment) => segment.baseOffset < to && (segment === floor || segment.baseOffset >= from),
  )
}

function largest(...offsets: Int64[]): Int64 {
  return offsets.reduce((a, b) => (a > b ? a : b))
}
