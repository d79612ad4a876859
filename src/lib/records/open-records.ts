import { codecOf } from '../compression/codec.ts'
import { decompress } from '../compression/decompress.ts'
import { BugError, DataError } from '../errors.ts'
import { batchLayout, keyLengthAt } from './batch-layout.ts'
import { damageError } from './damage.ts'
import { DefaultRecordBatch } from './default-record-batch.ts'
import { DefaultRecordCursor } from './default-record-cursor.ts'
import { LegacyRecordBatch } from './legacy-record-batch.ts'
import { LegacyRecordCursor } from './legacy-record-cursor.ts'
import type { RecordBatch } from './record-batch.ts'
import { type RecordCursor, recordError } from './record-cursor.ts'

export interface OpenOptions {
  /** What the records of one batch may decompress to. */
  readonly maxBytes?: number
  /** False where the CRC was checked before, or where the damage is what someone wants to look into. */
  readonly checkCrc?: boolean
}

/** More than a hundred times a broker's default limit for a compressed batch. */
export const DEFAULT_MAX_BYTES = 128 * 1024 * 1024

/** The records of a batch. Its CRC is checked before anything in it is believed. */
export function openRecords(batch: RecordBatch, options: OpenOptions = {}): RecordCursor {
  if (options.checkCrc !== false) {
    const found = batch.damage()
    if (found !== null) throw damageError(found)
  }
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES
  if (batch instanceof DefaultRecordBatch) return openDefault(batch, maxBytes)
  if (batch instanceof LegacyRecordBatch) return openLegacy(batch, maxBytes)
  throw new BugError('unknown-batch', `no cursor for a ${batch.constructor.name}`)
}

function openDefault(batch: DefaultRecordBatch, maxBytes: number): RecordCursor {
  const { bytes, start, sizeBytes } = batch
  const from = start + batchLayout.records
  const end = start + sizeBytes
  if (batch.codecId === 0 || batch.count === 0) return new DefaultRecordCursor(batch, bytes, from, end)
  const records = decompressed(batch, bytes.subarray(from, end), maxBytes)
  return new DefaultRecordCursor(batch, records, 0, records.length)
}

function openLegacy(batch: LegacyRecordBatch, maxBytes: number): RecordCursor {
  const { bytes, start, sizeBytes } = batch
  if (!batch.isWrapper) return new LegacyRecordCursor(batch, bytes, start, start + sizeBytes)
  const messages = decompressed(batch, wrappedBytes(batch), maxBytes)
  return new LegacyRecordCursor(batch, messages, 0, messages.length)
}

/** The value of a wrapper, which is all that matters of it; its key is null. */
function wrappedBytes(batch: LegacyRecordBatch): Buffer {
  const { raw } = batch
  const keyAt = keyLengthAt(batch.magic)
  const valueAt = keyAt + 4 + Math.max(0, raw.readInt32BE(keyAt))
  if (valueAt > raw.length - 4) throw wrapperError(batch, 'key', keyAt, 'leaves no room for a value')
  const length = raw.readInt32BE(valueAt)
  if (length < 0) throw wrapperError(batch, 'value', valueAt, 'is null')
  const left = raw.length - valueAt - 4
  if (length !== left) {
    throw wrapperError(batch, 'value', valueAt, `declares ${length}, ${left} bytes are left`)
  }
  return raw.subarray(valueAt + 4)
}

function wrapperError(batch: LegacyRecordBatch, field: string, at: number, problem: string): DataError {
  return recordError(batch, { record: 0, field, at }, `of the wrapper ${problem}`)
}

function decompressed(batch: RecordBatch, input: Buffer, maxBytes: number): Buffer {
  const { magic, position } = batch
  try {
    const codec = codecOf(batch.codecId)
    if (codec === 'zstd' && magic < 2) throw new DataError('unknown-codec', `zstd in magic ${magic}`)
    return decompress(codec, input, { maxBytes }, { magic })
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new DataError(cause.code, `the records of the batch at position ${position}: ${cause.message}`, {
      hint: cause.hint,
      details: { ...cause.details, position, field: 'records', at: cause.details.position },
      cause,
    })
  }
}
