import { addInt64, type Int64 } from '../../bytes/int64.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import type { Turns } from '../turns.ts'
import type { BrokenAt, ReplicaCursor } from './replica-cursor.ts'
import { type Difference, differenceOf } from './same-record.ts'

/** Where a record lies. */
export interface RecordPlace {
  readonly file: string
  readonly position: number
  readonly epoch: number
}

export interface Comparison {
  /** The first offset that says one thing here and another there. */
  readonly parting: {
    readonly offset: Int64
    readonly difference: Difference
    readonly places: readonly [RecordPlace, RecordPlace]
  } | null
  /** Records that one copy has and the other has not, below where the comparison ended. */
  readonly onlyHere: readonly [number, number]
  /** Of the first such record. */
  readonly firstOnlyHere: readonly [Int64 | null, Int64 | null]
  readonly broken: readonly [BrokenAt | null, BrokenAt | null]
  /** Everything below was compared. */
  readonly comparedTo: Int64
}

type Side = 0 | 1

/** Compares two copies until one ends, or they part. Both are compared batch by batch as long as bytes agree. */
export class ReplicaComparison {
  readonly #cursors: readonly [ReplicaCursor, ReplicaCursor]
  readonly #from: Int64
  readonly #ends: readonly [Int64, Int64]
  readonly #onlyHere: [number, number] = [0, 0]
  readonly #firstOnlyHere: [Int64 | null, Int64 | null] = [null, null]
  #parting: Comparison['parting'] = null
  #comparedTo: Int64

  constructor(cursors: readonly [ReplicaCursor, ReplicaCursor], from: Int64, ends: readonly [Int64, Int64]) {
    this.#cursors = cursors
    this.#from = from
    this.#ends = ends
    this.#comparedTo = from
  }

  async run(turns: Turns, totalBytes: number): Promise<Comparison> {
    const [a, b] = this.#cursors
    let doneBytes = 0
    while (a.batch !== null && b.batch !== null && this.#parting === null) {
      if (a.record === null && b.record === null) doneBytes += a.batch.sizeBytes
      this.#step()
      if (turns.isDue()) await turns.turn(Math.min(doneBytes, totalBytes), totalBytes)
    }
    this.#drain(0, this.#ends[1])
    this.#drain(1, this.#ends[0])
    return {
      parting: this.#parting,
      onlyHere: this.#onlyHere,
      firstOnlyHere: this.#firstOnlyHere,
      broken: [a.broken, b.broken],
      comparedTo: this.#comparedTo,
    }
  }

  /** The other copy may reach further than its records: the cleaner keeps the end of a batch without them. */
  #drain(side: Side, otherEnd: Int64): void {
    const cursor = this.#cursors[side]
    if (this.#parting !== null || this.#isBroken()) return
    while (cursor.batch !== null && (cursor.record === null || cursor.record.offset < otherEnd)) {
      if (cursor.record === null) cursor.nextRecord()
      else this.#passOver(side, cursor.record)
    }
  }

  #isBroken(): boolean {
    return this.#cursors.some(({ broken }) => broken !== null && !broken.isEnd)
  }

  #step(): void {
    const [a, b] = this.#cursors
    if (a.batch === null || b.batch === null) return
    if (a.record === null && b.record === null && a.batch.raw.equals(b.batch.raw)) {
      this.#comparedTo = addInt64(a.batch.lastOffset, 1)
      a.nextBatch()
      b.nextBatch()
    } else if (a.record === null) a.nextRecord()
    else if (b.record === null) b.nextRecord()
    else this.#compareRecords(a.record, b.record)
  }

  #compareRecords(a: RecordCursor, b: RecordCursor): void {
    if (a.offset === b.offset) this.#compareSame(a, b)
    else this.#passOver(a.offset < b.offset ? 0 : 1, a.offset < b.offset ? a : b)
  }

  #compareSame(a: RecordCursor, b: RecordCursor): void {
    const { offset } = a
    const difference = differenceOf(a, b)
    if (difference !== null) {
      const [ofA, ofB] = this.#cursors
      this.#parting = { offset, difference, places: [placeOf(ofA, a), placeOf(ofB, b)] }
      return
    }
    this.#comparedTo = addInt64(offset, 1)
    for (const cursor of this.#cursors) cursor.nextRecord()
  }

  #passOver(side: Side, { offset }: RecordCursor): void {
    // A batch may begin below what both have.
    if (offset >= this.#from) {
      this.#onlyHere[side] += 1
      this.#firstOnlyHere[side] ??= offset
      this.#comparedTo = addInt64(offset, 1)
    }
    this.#cursors[side].nextRecord()
  }
}

function placeOf({ file }: ReplicaCursor, { batch }: RecordCursor): RecordPlace {
  return { file, position: batch.position, epoch: batch.partitionLeaderEpoch }
}
