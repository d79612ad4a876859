import { addInt64, type Int64, subtractInt64 } from '../bytes/int64.ts'
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from '../bytes/varint.ts'
import { Writer } from '../bytes/writer.ts'
import { type Codec, idOf } from '../compression/codec.ts'
import { compress } from '../compression/compress.ts'
import { BugError } from '../errors.ts'
import { NO_TIMESTAMP } from './attributes.ts'
import { type BatchFields, offsetDelta, writeBatchHeader } from './batch-header.ts'
import { batchLayout } from './batch-layout.ts'
import type { HeaderFields, RecordFields } from './record-fields.ts'

export interface BatchWriterFields extends BatchFields {
  readonly codec?: Codec
  readonly level?: number
}

/** Writes a batch of magic 2, byte for byte as Kafka's own builder does. */
export class BatchWriter {
  readonly #fields: BatchWriterFields
  readonly #writer = new Writer(1024)
  #count = 0
  #nextOffset: Int64
  #baseTimestamp: Int64 | undefined
  #maxTimestamp: Int64 = NO_TIMESTAMP

  constructor(fields: BatchWriterFields = {}) {
    this.#fields = fields
    this.#nextOffset = fields.baseOffset ?? 0
    this.#baseTimestamp = fields.deleteHorizonMs
    this.#writer.reserve(batchLayout.records)
  }

  get count(): number {
    return this.#count
  }

  /** Of the batch so far, before compression. */
  get sizeBytes(): number {
    return this.#writer.position
  }

  append(record: RecordFields): void {
    const offset = record.offset ?? this.#nextOffset
    if (offset < this.#nextOffset) {
      throw new BugError('offset-order', `offset ${offset} in a batch comes after ${this.#nextOffset}`)
    }
    this.#baseTimestamp ??= record.timestamp
    const delta = offsetDelta(offset, this.#fields.baseOffset ?? 0)
    writeRecord(this.#writer, delta, subtractInt64(record.timestamp, this.#baseTimestamp), record)
    if (record.timestamp > this.#maxTimestamp) this.#maxTimestamp = record.timestamp
    this.#nextOffset = addInt64(offset, 1)
    this.#count++
  }

  /**
   * The batch; without records there is none, and no bytes (see `emptyBatch`). A producer knows the number of its
   * first record only when the batch leaves: what is said of the batch here goes before what was said at the start.
   */
  finish(late: Omit<BatchWriterFields, 'baseOffset' | 'deleteHorizonMs'> = {}): Buffer {
    if (this.#count === 0) return Buffer.alloc(0)
    const fields = { ...this.#fields, ...late }
    const codec = fields.codec ?? 'none'
    const bytes = codec === 'none' ? this.#writer.written() : this.#compressed(codec)
    writeBatchHeader(bytes, fields, {
      codecId: idOf(codec),
      count: this.#count,
      lastOffset: fields.lastOffset ?? addInt64(this.#nextOffset, -1),
      baseTimestamp: this.#baseTimestamp ?? NO_TIMESTAMP,
      maxTimestamp: fields.logAppendTime ?? this.#maxTimestamp,
    })
    return bytes
  }

  #compressed(codec: Codec): Buffer {
    const written = this.#writer.written()
    const records = compress(codec, written.subarray(batchLayout.records), {
      level: this.#fields.level,
      magic: 2,
    })
    return Buffer.concat([written.subarray(0, batchLayout.records), records])
  }
}

function writeRecord(writer: Writer, offset: number, timestamp: Int64, record: RecordFields): void {
  const headers = record.headers ?? []
  writeVarint(writer, bodySize(offset, timestamp, record, headers))
  writer.int8(0)
  writeVarlong(writer, timestamp)
  writeVarint(writer, offset)
  writeSized(writer, record.key)
  writeSized(writer, record.value)
  writeVarint(writer, headers.length)
  for (const header of headers) {
    writeSized(writer, header.key)
    writeSized(writer, header.value)
  }
}

function bodySize(
  offset: number,
  timestamp: Int64,
  record: RecordFields,
  headers: readonly HeaderFields[],
): number {
  let size = 1 + sizeOfVarlong(timestamp) + sizeOfVarint(offset) + sizeOfVarint(headers.length)
  size += sizeWithLength(record.key) + sizeWithLength(record.value)
  for (const header of headers) size += sizeWithLength(header.key) + sizeWithLength(header.value)
  return size
}

function sizeWithLength(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length
}

function writeSized(writer: Writer, bytes: Uint8Array | null): void {
  writeVarint(writer, bytes === null ? -1 : bytes.length)
  if (bytes !== null) writer.raw(bytes)
}
