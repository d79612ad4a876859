import { crc32 } from '../bytes/crc32.ts'
import { addInt64, type Int64, subtractInt64, writeInt64 } from '../bytes/int64.ts'
import { Writer } from '../bytes/writer.ts'
import { type Codec, idOf } from '../compression/codec.ts'
import { compress } from '../compression/compress.ts'
import { BugError } from '../errors.ts'
import { attributesByte, NO_TIMESTAMP } from './attributes.ts'
import {
  keyLengthAt,
  LENGTH,
  LOG_OVERHEAD,
  MAGIC,
  messageLayout,
  messageOverhead,
  OFFSET,
} from './batch-layout.ts'
import type { RecordFields } from './record-fields.ts'

export interface MessageSetFields {
  readonly magic: 0 | 1
  readonly baseOffset?: Int64
  readonly codec?: Codec
  readonly level?: number
  /** Given, it stands for the time of every message (LogAppendTime, magic 1). */
  readonly logAppendTime?: Int64
}

/**
 * Writes messages of magic 0 or 1 as Kafka's own builder does: one after the other, or compressed together in
 * a wrapper. Inside a wrapper magic 0 keeps its offsets, magic 1 counts from the first one's.
 */
export class MessageSetWriter {
  readonly #fields: MessageSetFields
  readonly #codec: Codec
  readonly #writer = new Writer(1024)
  #count = 0
  #nextOffset: Int64
  #maxTimestamp: Int64 = NO_TIMESTAMP

  constructor(fields: MessageSetFields) {
    this.#fields = fields
    this.#codec = fields.codec ?? 'none'
    this.#nextOffset = fields.baseOffset ?? 0
  }

  get count(): number {
    return this.#count
  }

  append(record: RecordFields): void {
    const offset = record.offset ?? this.#nextOffset
    if (offset < this.#nextOffset) {
      throw new BugError('offset-order', `offset ${offset} in a message set comes after ${this.#nextOffset}`)
    }
    if (record.headers !== undefined && record.headers.length > 0) {
      throw new BugError('headers-in-message', `magic ${this.#fields.magic} has no headers`)
    }
    const timestamp = this.#fields.logAppendTime ?? record.timestamp
    this.#message(this.#writer, { ...record, timestamp, offset: this.#written(offset) }, 0)
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    this.#nextOffset = addInt64(offset, 1)
    this.#count++
  }

  /** The message set; without messages no bytes at all. */
  finish(): Buffer {
    const messages = this.#writer.written()
    const codec = this.#codec
    if (codec === 'none' || this.#count === 0) return messages
    const { magic, level } = this.#fields
    const value = compress(codec, messages, { level, magic })
    const writer = new Writer(messageOverhead(magic) + value.length)
    const timestamp = this.#maxTimestamp
    this.#message(
      writer,
      { offset: addInt64(this.#nextOffset, -1), timestamp, key: null, value },
      idOf(codec),
    )
    return writer.written()
  }

  #written(offset: Int64): Int64 {
    const isRelative = this.#fields.magic === 1 && this.#codec !== 'none'
    return isRelative ? subtractInt64(offset, this.#fields.baseOffset ?? 0) : offset
  }

  #message(writer: Writer, record: RecordFields & { readonly offset: Int64 }, codecId: number): void {
    const { magic } = this.#fields
    const isLogAppendTime = magic === 1 && this.#fields.logAppendTime !== undefined
    const start = writer.reserve(keyLengthAt(magic))
    writeSized(writer, record.key)
    writeSized(writer, record.value)
    const bytes = writer.written().subarray(start)
    writeInt64(bytes, OFFSET, record.offset)
    bytes.writeInt32BE(bytes.length - LOG_OVERHEAD, LENGTH)
    bytes.writeInt8(magic, MAGIC)
    bytes.writeInt8(attributesByte({ codecId, isLogAppendTime }), messageLayout.attributes)
    if (magic === 1) writeInt64(bytes, messageLayout.timestamp, record.timestamp)
    bytes.writeUInt32BE(crc32(bytes, MAGIC), messageLayout.crc)
  }
}

function writeSized(writer: Writer, bytes: Uint8Array | null): void {
  writer.int32(bytes === null ? -1 : bytes.length)
  if (bytes !== null) writer.raw(bytes)
}
