import { addInt64, type Int64, toInt64 } from '../bytes/int64.ts'
import { Reader } from '../bytes/reader.ts'
import { readVarlong } from '../bytes/varint.ts'
import type { DefaultRecordBatch } from './default-record-batch.ts'
import { RecordCursor, type RecordHeader } from './record-cursor.ts'
import { advanceSequence, NO_SEQUENCE } from './sequence.ts'

/** The largest values of a varint in so many bytes, before the sign is unfolded. */
const ONE_BYTE = 0x7f
const TWO_BYTES = 0x3fff
const THREE_BYTES = 0x1fffff

/**
 * The records of a batch of magic 2. This is the innermost loop of everything that reads records: fields are
 * decoded into small integers in place, and each byte is checked to be there before it is believed.
 */
export class DefaultRecordCursor extends RecordCursor {
  readonly baseOffset: Int64
  readonly count: number
  offsetDelta = 0
  /** Relative to the base timestamp, even where the log append time stands for all of them. */
  timestampDelta: Int64 = 0
  readonly #numericBase: number
  readonly #baseTimestamp: Int64
  readonly #appendTime: Int64 | undefined
  readonly #baseSequence: number
  readonly #batch: DefaultRecordBatch
  readonly #start: number
  readonly #end: number
  /** The end of the record being read, or of all records between two of them. */
  #limit: number
  #at: number
  #left: number
  #headersStart = 0

  /** `start` and `end` enclose the records in `bytes`, which are no longer compressed. */
  constructor(batch: DefaultRecordBatch, bytes: Buffer, start: number, end: number) {
    super(batch, bytes)
    this.baseOffset = batch.baseOffset
    this.count = batch.count
    this.#numericBase = typeof this.baseOffset === 'number' ? this.baseOffset : Number.NaN
    this.#baseTimestamp = batch.baseTimestamp
    this.#appendTime = batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : undefined
    this.#baseSequence = batch.baseSequence
    this.#batch = batch
    this.#start = start
    this.#end = end
    this.#limit = end
    this.#at = start
    this.#left = this.count
    if (this.count < 0) throw this.#failure('count', `is ${this.count}`)
    if (this.count === 0 && start !== end) throw this.#leftOver()
  }

  get offset(): Int64 {
    const offset = this.#numericBase + this.offsetDelta
    return Number.isSafeInteger(offset) ? offset : addInt64(this.baseOffset, this.offsetDelta)
  }

  get timestamp(): Int64 {
    return this.#appendTime ?? addInt64(this.#baseTimestamp, this.timestampDelta)
  }

  get sequence(): number {
    const base = this.#baseSequence
    return base < 0 ? NO_SEQUENCE : advanceSequence(base, this.offsetDelta)
  }

  again(): DefaultRecordCursor {
    return new DefaultRecordCursor(this.#batch, this.bytes, this.#start, this.#end)
  }

  next(): boolean {
    if (this.#left === 0) return false
    this.#left--
    if (!this.#plainRecord()) this.#anyRecord()
    if (this.#left === 0 && this.#at !== this.#end) throw this.#leftOver()
    return true
  }

  /** What the records' times count from, or the time of all of them. */
  get baseTimestamp(): Int64 {
    return this.#appendTime ?? this.#baseTimestamp
  }

  get isOneTime(): boolean {
    return this.#appendTime !== undefined
  }

  get baseSequence(): number {
    return this.#baseSequence
  }

  /** Where the next record starts; further on, where the last one ends, and how many are left. */
  get position(): number {
    return this.#at
  }

  get end(): number {
    return this.#end
  }

  get left(): number {
    return this.#left
  }

  /** Goes on at a place that somebody else has read up to. */
  skipTo(position: number, left: number): void {
    this.#at = position
    this.#left = left
  }

  /**
   * Reads a record of the usual shape: no headers, no length beyond two bytes, no delta beyond three. Where it
   * is not of that shape, or is not whole, the answer is false and the record is left to `#anyRecord`.
   *
   * Written out, since a call for each varint halves the speed. Nothing is checked on the way: positions only
   * grow, so if the last one is the record's end, every byte read was inside; and a varint that goes on behind
   * its last allowed byte leaves a bit beyond its width.
   */
  #plainRecord(): boolean {
    const { bytes } = this
    let at = this.#at
    let size = bytes[at++] as number
    if (size > ONE_BYTE) size = (size & ONE_BYTE) | ((bytes[at++] as number) << 7)
    const end = at + (size >>> 1)
    at++ // The record's own attributes, of which none has ever been defined.
    let timestamp = bytes[at++] as number
    if (timestamp > ONE_BYTE) timestamp = (timestamp & ONE_BYTE) | ((bytes[at++] as number) << 7)
    if (timestamp > TWO_BYTES) timestamp = (timestamp & TWO_BYTES) | ((bytes[at++] as number) << 14)
    let offset = bytes[at++] as number
    if (offset > ONE_BYTE) offset = (offset & ONE_BYTE) | ((bytes[at++] as number) << 7)
    if (offset > TWO_BYTES) offset = (offset & TWO_BYTES) | ((bytes[at++] as number) << 14)
    let key = bytes[at++] as number
    if (key > ONE_BYTE) key = (key & ONE_BYTE) | ((bytes[at++] as number) << 7)
    const keyStart = at
    const keyLength = unfold(key)
    if (keyLength > 0) at += keyLength
    let value = bytes[at++] as number
    if (value > ONE_BYTE) value = (value & ONE_BYTE) | ((bytes[at++] as number) << 7)
    const valueStart = at
    const valueLength = unfold(value)
    if (valueLength > 0) at += valueLength
    const headerCount = bytes[at++]
    if (headerCount !== 0 || at !== end || end > this.#end || size & 1) return false
    if ((size | key | value) > TWO_BYTES || (timestamp | offset) > THREE_BYTES) return false
    this.#at = at
    this.timestampDelta = unfold(timestamp)
    this.offsetDelta = unfold(offset)
    this.keyStart = keyStart
    this.keyLength = keyLength
    this.valueStart = valueStart
    this.valueLength = valueLength
    this.headerCount = 0
    return true
  }

  #anyRecord(): void {
    this.#limit = this.#end
    const length = this.#varint('length')
    if (length < 1 || length > this.#end - this.#at) throw this.#tooLong('length', length)
    this.#limit = this.#at + length
    this.#at++ // attributes
    this.timestampDelta = this.#varlong('timestampDelta')
    this.offsetDelta = this.#varint('offsetDelta')
    this.keyLength = this.#varint('key')
    this.keyStart = this.#skip('key', this.keyLength)
    this.valueLength = this.#varint('value')
    this.valueStart = this.#skip('value', this.valueLength)
    this.headerCount = this.#varint('headers')
    this.#headersStart = this.#at
    if (this.headerCount !== 0) this.#skipHeaders()
    if (this.#at !== this.#limit) throw this.#failure('length', `leaves ${this.#limit - this.#at} bytes over`)
  }

  headers(): RecordHeader[] {
    const headers: RecordHeader[] = []
    const resume = this.#at
    this.#at = this.#headersStart
    for (let i = 0; i < this.headerCount; i++) {
      const keyLength = this.#varint('header key')
      const keyStart = this.#skip('header key', keyLength)
      const valueLength = this.#varint('header value')
      const valueStart = this.#skip('header value', valueLength)
      headers.push({
        key: this.bytes.subarray(keyStart, keyStart + keyLength),
        value: valueLength < 0 ? null : this.bytes.subarray(valueStart, valueStart + valueLength),
      })
    }
    this.#at = resume
    return headers
  }

  #skipHeaders(): void {
    const count = this.headerCount
    if (count < 0 || count > this.#limit - this.#at) throw this.#tooLong('headers', count)
    for (let i = 0; i < count; i++) {
      const keyLength = this.#varint('header key')
      if (keyLength < 0) throw this.#failure('header key', `has the length ${keyLength}`)
      this.#skip('header key', keyLength)
      this.#skip('header value', this.#varint('header value'))
    }
  }

  /** Where a part of this length starts. Any negative length is null, as Kafka reads it. */
  #skip(field: string, length: number): number {
    const start = this.#at
    if (length > 0) {
      if (length > this.#limit - start) throw this.#tooLong(field, length)
      this.#at = start + length
    }
    return start
  }

  #varint(field: string): number {
    const { bytes } = this
    const limit = this.#limit
    let at = this.#at
    let folded = 0
    for (let shift = 0; shift < 35; shift += 7) {
      if (at >= limit) throw this.#failure(field, 'is cut off')
      const byte = bytes[at++] as number
      folded |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        this.#at = at
        return unfold(folded)
      }
    }
    throw this.#failure(field, 'has a varint longer than 5 bytes')
  }

  /** In four bytes, as it nearly always is, a varlong is a varint. */
  #varlong(field: string): Int64 {
    const { bytes } = this
    const limit = this.#limit
    let at = this.#at
    let folded = 0
    for (let shift = 0; shift < 28 && at < limit; shift += 7) {
      const byte = bytes[at++] as number
      folded |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        this.#at = at
        return unfold(folded)
      }
    }
    return this.#longVarlong(field)
  }

  #longVarlong(field: string): Int64 {
    const reader = new Reader(this.bytes, this.#at, this.#limit)
    try {
      const value = readVarlong(reader)
      this.#at = reader.position
      return toInt64(value)
    } catch (cause) {
      throw this.#failure(field, 'is cut off or longer than 10 bytes', cause)
    }
  }

  #leftOver(): Error {
    return this.#failure('count', `is ${this.count}, but ${this.#end - this.#at} more bytes follow`)
  }

  #tooLong(field: string, length: number): Error {
    return this.#failure(field, `declares ${length}, ${this.#limit - this.#at} bytes are left`)
  }

  #failure(field: string, problem: string, cause?: unknown): Error {
    const record = Math.max(0, this.count - this.#left - 1)
    this.#left = 0
    return this.failure(record, field, this.#at, problem, cause)
  }
}

/** The sign of a varint is its lowest bit (zigzag). */
function unfold(folded: number): number {
  return (folded >>> 1) ^ -(folded & 1)
}
