import type { Int64 } from '../bytes/int64.ts'
import { DataError } from '../errors.ts'
import type { RecordBatch } from './record-batch.ts'

/** Name and value as bytes: Kafka takes names to be UTF-8, but does not check. */
export interface RecordHeader {
  readonly key: Buffer
  readonly value: Buffer | null
}

/**
 * Goes through the records of one batch. There is no object per record: `next()` moves the cursor on, the
 * fields tell where the record's parts lie in `bytes`, and a part is made into something only when asked for.
 *
 *     const cursor = openRecords(batch)
 *     while (cursor.next()) use(cursor.offset, cursor.key)
 *
 * All that is read from a cursor is about the record that the last `next()` found. When `next()` throws, the
 * batch is not what it says it is, though the records before were as they were given; there are no more then.
 */
export abstract class RecordCursor {
  readonly batch: RecordBatch
  /** What the positions point into: the batch's own buffer, or the records decompressed. */
  readonly bytes: Buffer
  keyStart = 0
  /** −1 is a null key. */
  keyLength = -1
  valueStart = 0
  /** −1 is a null value. */
  valueLength = -1
  headerCount = 0

  constructor(batch: RecordBatch, bytes: Buffer) {
    this.batch = batch
    this.bytes = bytes
  }

  /** Moves to the next record; false when there is none. */
  abstract next(): boolean
  /** Of the batch; for a wrapper it is the offset of its first message. */
  abstract get baseOffset(): Int64
  /** How many records the batch declares, or how many messages the wrapper holds. */
  abstract get count(): number
  abstract get offset(): Int64
  abstract get timestamp(): Int64
  abstract get sequence(): number
  abstract headers(): RecordHeader[]
  /** Another cursor over the same records, before the first of them. Nothing is decompressed for it. */
  abstract again(): RecordCursor

  /** `at` is a place in `bytes`. */
  protected failure(record: number, field: string, at: number, problem: string, cause?: unknown): DataError {
    const { batch } = this
    const isCompressed = this.bytes !== batch.bytes
    return recordError(batch, { record, field, at: isCompressed ? at : at - batch.start }, problem, cause)
  }

  get key(): Buffer | null {
    const { keyLength, keyStart } = this
    return keyLength < 0 ? null : this.bytes.subarray(keyStart, keyStart + keyLength)
  }

  get value(): Buffer | null {
    const { valueLength, valueStart } = this
    return valueLength < 0 ? null : this.bytes.subarray(valueStart, valueStart + valueLength)
  }
}

interface Place {
  /** Counted from 0. */
  readonly record: number
  readonly field: string
  /** Where belief ended: from the batch's first byte on, or in its records if they are compressed. */
  readonly at: number
}

export function recordError(batch: RecordBatch, place: Place, problem: string, cause?: unknown): DataError {
  const { position } = batch
  const { record, field } = place
  return new DataError(
    'corrupt-record',
    `record ${record} of the batch at position ${position}: ${field} ${problem}`,
    { details: { position, ...place }, cause },
  )
}
