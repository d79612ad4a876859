import { addInt64 } from '../../../src/lib/bytes/int64.ts'
import { codecOf } from '../../../src/lib/compression/codec.ts'
import { type BatchFields, emptyBatch } from '../../../src/lib/records/batch-header.ts'
import { BatchWriter } from '../../../src/lib/records/batch-writer.ts'
import type { DefaultRecordBatch } from '../../../src/lib/records/default-record-batch.ts'
import { DefaultRecordCursor } from '../../../src/lib/records/default-record-cursor.ts'
import type { LegacyRecordBatch } from '../../../src/lib/records/legacy-record-batch.ts'
import { MessageSetWriter } from '../../../src/lib/records/message-set-writer.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'

/** The batch written anew, uncompressed, from what was decoded of it. */
export function batchAgain(batch: DefaultRecordBatch): Buffer {
  if (batch.count === 0) return emptyBatch({ ...fieldsOf(batch), maxTimestamp: batch.maxTimestamp })
  const cursor = openRecords(batch)
  if (!(cursor instanceof DefaultRecordCursor)) throw new Error('not a cursor of magic 2')
  const writer = new BatchWriter(fieldsOf(batch))
  while (cursor.next()) {
    writer.append({
      offset: cursor.offset,
      timestamp: addInt64(batch.baseTimestamp, cursor.timestampDelta),
      key: cursor.key,
      value: cursor.value,
      headers: cursor.headers(),
    })
  }
  return writer.finish()
}

/** The message, or the whole wrapper with its codec, written anew from what was decoded of it. */
export function messagesAgain(batch: LegacyRecordBatch): Buffer {
  const cursor = openRecords(batch)
  const writer = new MessageSetWriter({
    magic: batch.magic,
    codec: codecOf(batch.codecId),
    baseOffset: cursor.baseOffset,
    ...(batch.timestampType === 'LogAppendTime' ? { logAppendTime: batch.maxTimestamp } : {}),
  })
  while (cursor.next()) {
    const { offset, timestamp, key, value } = cursor
    writer.append({ offset, timestamp, key, value })
  }
  return writer.finish()
}

function fieldsOf(batch: DefaultRecordBatch): BatchFields {
  const { deleteHorizonMs } = batch
  return {
    baseOffset: batch.baseOffset ?? 0,
    lastOffset: batch.lastOffset,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    ...(batch.timestampType === 'LogAppendTime' ? { logAppendTime: batch.maxTimestamp } : {}),
    ...(deleteHorizonMs === null ? {} : { deleteHorizonMs }),
  }
}
