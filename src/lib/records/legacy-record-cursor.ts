import { addInt64, type Int64, readInt64, subtractInt64 } from '../bytes/int64.ts'
import { attributeBits, NO_TIMESTAMP } from './attributes.ts'
import {
  keyLengthAt,
  LENGTH,
  LOG_OVERHEAD,
  MAGIC,
  messageLayout,
  messageOverhead,
  OFFSET,
} from './batch-layout.ts'
import type { LegacyRecordBatch } from './legacy-record-batch.ts'
import { RecordCursor, type RecordHeader } from './record-cursor.ts'
import { NO_SEQUENCE } from './sequence.ts'

/**
 * The messages of a batch of magic 0 or 1: the one message that it is, or those inside its wrapper.
 * A wrapper is walked once when it is opened, since the offsets inside one of magic 1 count from a base that
 * only the last of them reveals.
 */
export class LegacyRecordCursor extends RecordCursor {
  readonly baseOffset: Int64
  readonly count: number
  offset: Int64 = -1
  timestamp: Int64 = NO_TIMESTAMP
  readonly sequence = NO_SEQUENCE
  readonly #offsetShift: Int64
  readonly #appendTime: Int64 | undefined
  readonly #isInside: boolean
  readonly #batch: LegacyRecordBatch
  readonly #start: number
  readonly #end: number
  #at: number
  #record = -1

  /** `start` and `end` enclose the messages in `bytes`, which are no longer compressed. */
  constructor(batch: LegacyRecordBatch, bytes: Buffer, start: number, end: number) {
    super(batch, bytes)
    this.#batch = batch
    this.#start = start
    this.#at = start
    this.#end = end
    this.#isInside = batch.isWrapper
    this.#appendTime = batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : undefined
    const { count, lastOffset } = this.#walk()
    this.count = count
    this.#offsetShift = batch.isWrapper ? this.#shift(lastOffset) : 0
    this.baseOffset = addInt64(readInt64(bytes, start + OFFSET), this.#offsetShift)
  }

  again(): LegacyRecordCursor {
    return new LegacyRecordCursor(this.#batch, this.bytes, this.#start, this.#end)
  }

  next(): boolean {
    if (this.#at === this.#end) return false
    this.#record++
    const start = this.#at
    const end = this.#messageEnd()
    const magic = this.bytes.readInt8(start + MAGIC)
    this.offset = addInt64(readInt64(this.bytes, start + OFFSET), this.#offsetShift)
    this.timestamp = this.#timestamp(start, magic)
    this.#at = start + keyLengthAt(magic)
    this.keyLength = this.#length('key', end - 4)
    this.keyStart = this.#at
    this.#at += Math.max(0, this.keyLength)
    this.valueLength = this.#length('value', end)
    this.valueStart = this.#at
    this.#at += Math.max(0, this.valueLength)
    if (this.#at !== end) throw this.#failure('length', `leaves ${end - this.#at} bytes over`)
    return true
  }

  headers(): RecordHeader[] {
    return []
  }

  /** Follows the messages from length to length, before any of them is given out. */
  #walk(): { count: number; lastOffset: Int64 } {
    const start = this.#at
    let lastOffset: Int64 = -1
    while (this.#at < this.#end) {
      this.#record++
      const end = this.#messageEnd()
      lastOffset = readInt64(this.bytes, this.#at + OFFSET)
      this.#at = end
    }
    const count = this.#record + 1
    if (count === 0) throw this.#failure('value', 'is a message set without a message')
    this.#at = start
    this.#record = -1
    return { count, lastOffset }
  }

  #messageEnd(): number {
    const { bytes } = this
    const start = this.#at
    const left = this.#end - start
    if (left < messageOverhead(0)) throw this.#failure('length', `is cut off, ${left} bytes are left`)
    const length = bytes.readInt32BE(start + LENGTH)
    const magic = bytes.readInt8(start + MAGIC)
    if (magic !== 0 && magic !== 1) throw this.#failure('magic', `is ${magic} in a message set`)
    if (length < messageOverhead(magic) - LOG_OVERHEAD) throw this.#failure('length', `is ${length}`)
    if (length > left - LOG_OVERHEAD) {
      throw this.#failure('length', `is ${length}, ${left - LOG_OVERHEAD} bytes are left`)
    }
    if (this.#isInside && bytes.readInt8(start + messageLayout.attributes) & attributeBits.codec) {
      throw this.#failure('attributes', 'name a codec inside a compressed message set')
    }
    return start + LOG_OVERHEAD + length
  }

  /**
   * Magic 0 has absolute offsets inside, magic 1 relative ones, the last of which stands for the wrapper's.
   * A wrapper at 0 is what some versions of librdkafka produce: there the inner offsets are the offsets.
   */
  #shift(lastInner: Int64): Int64 {
    const { lastOffset, magic } = this.batch
    if (magic === 0 || lastOffset === 0) return 0
    if (lastOffset < lastInner) {
      throw this.#failure('offset', `of the wrapper is ${lastOffset}, of its last message ${lastInner}`)
    }
    return subtractInt64(lastOffset, lastInner)
  }

  #timestamp(start: number, magic: number): Int64 {
    if (magic === 0) return NO_TIMESTAMP
    return this.#appendTime ?? readInt64(this.bytes, start + messageLayout.timestamp)
  }

  /** Any negative length is null, as Kafka reads it. */
  #length(field: string, end: number): number {
    const at = this.#at
    const length = this.bytes.readInt32BE(at)
    this.#at = at + 4
    if (length > end - this.#at)
      throw this.#failure(field, `declares ${length}, ${end - this.#at} bytes are left`)
    return length
  }

  #failure(field: string, problem: string): Error {
    const at = this.#at
    this.#at = this.#end
    return this.failure(Math.max(0, this.#record), field, at, problem)
  }
}
