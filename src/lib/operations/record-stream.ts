import { KtoolError } from '../errors.ts'
import type { RecordTest } from '../model/record-sink.ts'
import type { ReadablePartition, RecordsPart } from '../model/records.ts'
import { openRecords } from '../records/open-records.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { RecordCursor } from '../records/record-cursor.ts'
import type { ReadFailure } from './open-partitions.ts'
import type { OffsetRange } from './read-range.ts'
import { failureIn, type RangeOf } from './read-records.ts'

interface At {
  readonly partition: ReadablePartition
  readonly batch: RecordBatch
  readonly cursor: RecordCursor
}

/** The records of one partition, one by one. */
export class RecordStream {
  readonly #partition: ReadablePartition
  readonly #range: OffsetRange
  readonly #parts: AsyncIterator<RecordsPart>
  readonly #isWanted: RecordTest
  #at: At | undefined
  #failure: KtoolError | undefined

  constructor({ partition, range }: RangeOf, isWanted: RecordTest = () => true) {
    this.#partition = partition
    this.#range = range
    this.#isWanted = isWanted
    this.#parts = partition.read(range.from, range.to)[Symbol.asyncIterator]()
  }

  /** Where it stands; asked for only when it stands somewhere. */
  get at(): At {
    return this.#at as At
  }

  get order(): readonly [timestamp: number | bigint, partition: number] {
    return [this.at.cursor.timestamp, this.#partition.partition]
  }

  /** The next one of the same batch. */
  advanceWithin(): boolean {
    const { from, to } = this.#range
    const cursor = this.#at?.cursor
    try {
      while (cursor?.next()) {
        if (cursor.offset >= from && cursor.offset < to && this.#isWanted(cursor)) return true
      }
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      this.#failure = error
    }
    return false
  }

  /** The first one of a batch to come. */
  async advance(failed: ReadFailure[]): Promise<boolean> {
    for (;;) {
      this.#tell(failed)
      const part = await this.#next()
      if (part === undefined) {
        this.#tell(failed)
        return false
      }
      this.#open(part)
      if (this.advanceWithin()) return true
    }
  }

  leave(): void {
    this.#parts.return?.()?.catch(() => undefined)
  }

  #tell(failed: ReadFailure[]): void {
    if (this.#failure !== undefined) failed.push(failureIn(this.#partition, this.#failure))
    this.#failure = undefined
  }

  async #next(): Promise<RecordsPart | undefined> {
    try {
      const { done, value } = await this.#parts.next()
      return done === true ? undefined : value
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      this.#failure = error
      return undefined
    }
  }

  #open(part: RecordsPart): void {
    this.#at = undefined
    if (part.kind === 'lost') {
      this.#failure = part.error
      return
    }
    try {
      const { batch } = part
      this.#at = { partition: this.#partition, batch, cursor: openRecords(batch, { checkCrc: false }) }
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      this.#failure = error
    }
  }
}
