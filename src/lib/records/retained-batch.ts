import { type Int64, subtractInt64 } from '../bytes/int64.ts'
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from '../bytes/varint.ts'
import type { Writer } from '../bytes/writer.ts'
import { codecOf } from '../compression/codec.ts'
import { compress } from '../compression/compress.ts'
import { NO_TIMESTAMP } from './attributes.ts'
import { type BatchFields, emptyBatch, writeBatchHeader } from './batch-header.ts'
import { batchLayout } from './batch-layout.ts'
import { BatchWriter } from './batch-writer.ts'
import { DefaultRecordBatch } from './default-record-batch.ts'
import { DefaultRecordCursor } from './default-record-cursor.ts'
import type { RecordBatch } from './record-batch.ts'
import type { RecordCursor } from './record-cursor.ts'

/** Which records of a batch stay, by their place in it: 1 stays. */
export type Keep = Uint8Array

/**
 * What the cleaner leaves of a batch: some of its records, at their offsets, in a batch of magic 2 with the same
 * producer, offsets and codec. Times are relative to the first that stays, or to the delete horizon (KIP-534).
 * It is written over what the writer has written, and is good until that is used again.
 */
export function retainedBatch(
  batch: RecordBatch,
  records: RecordCursor,
  keep: Keep,
  deleteHorizonMs: Int64 | null,
  writer: Writer,
): Buffer {
  if (batch instanceof DefaultRecordBatch && records instanceof DefaultRecordCursor) {
    return retainedOf(batch, records, keep, deleteHorizonMs, writer)
  }
  return convertedOf(batch, records, keep, deleteHorizonMs)
}

/** It keeps the last sequence of a producer, or the last offset of all, though all its records have gone. */
export function emptiedBatch(batch: RecordBatch): Buffer {
  return emptyBatch({
    ...fieldsOf(batch),
    baseOffset: batch.baseOffset ?? batch.lastOffset,
    lastOffset: batch.lastOffset,
    maxTimestamp: batch.maxTimestamp,
  })
}

function fieldsOf(batch: RecordBatch): BatchFields {
  const { partitionLeaderEpoch, producerId, producerEpoch, baseSequence, isTransactional, isControl } = batch
  return {
    ...{ partitionLeaderEpoch, producerId, producerEpoch, baseSequence, isTransactional, isControl },
    ...(batch.timestampType === 'LogAppendTime' && { logAppendTime: batch.maxTimestamp }),
  }
}

function retainedOf(
  batch: DefaultRecordBatch,
  records: DefaultRecordCursor,
  keep: Keep,
  deleteHorizonMs: Int64 | null,
  writer: Writer,
): Buffer {
  writer.position = 0
  writer.reserve(batchLayout.records)
  let baseTimestamp = deleteHorizonMs
  let maxTimestamp: Int64 = NO_TIMESTAMP
  let count = 0
  for (let i = 0, start = records.position; records.next(); start = records.position, i++) {
    if (keep[i] !== 1) continue
    const { timestamp } = records
    baseTimestamp ??= timestamp
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    const isSame = !records.isOneTime && baseTimestamp === batch.baseTimestamp
    if (isSame) writer.raw(records.bytes.subarray(start, records.position))
    else writeShifted(writer, records, subtractInt64(timestamp, baseTimestamp))
    count++
  }
  const bytes = compressed(writer.written(), batch.codecId)
  const { baseOffset, lastOffset } = batch
  const fields = { ...fieldsOf(batch), baseOffset, ...(deleteHorizonMs !== null && { deleteHorizonMs }) }
  writeBatchHeader(bytes, fields, {
    codecId: batch.codecId,
    count,
    lastOffset,
    baseTimestamp: baseTimestamp ?? NO_TIMESTAMP,
    maxTimestamp: fields.logAppendTime ?? maxTimestamp,
  })
  return bytes
}

function compressed(batch: Buffer, codecId: number): Buffer {
  if (codecId === 0) return batch
  const records = compress(codecOf(codecId), batch.subarray(batchLayout.records), { magic: 2 })
  return Buffer.concat([batch.subarray(0, batchLayout.records), records])
}

/** The record as it was, but for its time; what comes behind time and offset is copied. */
function writeShifted(writer: Writer, records: DefaultRecordCursor, timestampDelta: Int64): void {
  const { bytes, offsetDelta, keyStart, position, keyLength } = records
  const key = Math.max(-1, keyLength)
  const tail = bytes.subarray(keyStart, position)
  const head = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOfVarint(key)
  writeVarint(writer, head + tail.length)
  writer.int8(0)
  writeVarlong(writer, timestampDelta)
  writeVarint(writer, offsetDelta)
  writeVarint(writer, key)
  writer.raw(tail)
}

/** Kafka 4 writes what is left of the older formats in the newest one (KIP-724). */
function convertedOf(
  batch: RecordBatch,
  records: RecordCursor,
  keep: Keep,
  deleteHorizonMs: Int64 | null,
): Buffer {
  let writer: BatchWriter | undefined
  for (let i = 0; records.next(); i++) {
    if (keep[i] !== 1) continue
    const { offset, timestamp, key, value } = records
    writer ??= new BatchWriter({
      ...fieldsOf(batch),
      baseOffset: offset,
      codec: codecOf(batch.codecId),
      ...(deleteHorizonMs !== null && { deleteHorizonMs }),
    })
    writer.append({ offset, timestamp, key, value, headers: [] })
  }
  return writer?.finish() ?? Buffer.alloc(0)
}
