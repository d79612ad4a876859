import type { Int64 } from '../../../src/lib/bytes/int64.ts'
import { batchLayout, LENGTH, LOG_OVERHEAD, messageLayout } from '../../../src/lib/records/batch-layout.ts'
import { BatchWriter, type BatchWriterFields } from '../../../src/lib/records/batch-writer.ts'
import { controlRecordKey } from '../../../src/lib/records/control-record-type.ts'
import { type MessageSetFields, MessageSetWriter } from '../../../src/lib/records/message-set-writer.ts'
import type { RecordBatch } from '../../../src/lib/records/record-batch.ts'
import type { RecordFields } from '../../../src/lib/records/record-fields.ts'
import { batchAt } from '../../../src/lib/records/scan-batches.ts'

export const T0 = 1_700_000_000_000

export const records: readonly RecordFields[] = [
  { timestamp: T0, key: Buffer.from('a'), value: Buffer.from('first') },
  {
    timestamp: T0 + 70_000,
    key: null,
    value: Buffer.from('second'),
    headers: [
      { key: Buffer.from('trace'), value: Buffer.from([0, 255]) },
      { key: Buffer.from(''), value: null },
    ],
  },
  { timestamp: T0 - 3, key: Buffer.from('c'), value: null },
]

export function batchOf(fields: BatchWriterFields = {}, from: readonly RecordFields[] = records): Buffer {
  const writer = new BatchWriter(fields)
  for (const record of from) writer.append(record)
  return writer.finish()
}

export function messagesOf(fields: MessageSetFields, from: readonly RecordFields[] = records): Buffer {
  const writer = new MessageSetWriter(fields)
  for (const { timestamp, key, value } of from) writer.append({ timestamp, key, value })
  return writer.finish()
}

export function commitMarker(fields: BatchWriterFields = {}): Buffer {
  const value = Buffer.from([0, 0, 0, 0, 0, 7])
  return batchOf({ producerId: 9, producerEpoch: 1, isTransactional: true, isControl: true, ...fields }, [
    { timestamp: T0, key: controlRecordKey('COMMIT'), value },
  ])
}

/** Every kind of batch, each small enough to be broken at every bit. */
export const kinds: readonly [string, Buffer][] = [
  ['a batch', batchOf({ baseOffset: 100, partitionLeaderEpoch: 4 })],
  ['a compressed batch', batchOf({ baseOffset: 100, codec: 'gzip' })],
  [
    'a transactional batch',
    batchOf({ producerId: 9, producerEpoch: 0, baseSequence: 5, isTransactional: true }),
  ],
  ['a control batch', commitMarker({ baseOffset: 103 })],
  ['a message of magic 0', messagesOf({ magic: 0, baseOffset: 7 }, records.slice(0, 1))],
  ['a message of magic 1', messagesOf({ magic: 1, baseOffset: 7 }, records.slice(0, 1))],
  ['a wrapper of magic 0', messagesOf({ magic: 0, baseOffset: 7, codec: 'gzip' })],
  ['a wrapper of magic 1', messagesOf({ magic: 1, baseOffset: 7, codec: 'gzip' })],
]

/** The batch at the start of these bytes. */
export function theBatch(bytes: Buffer): RecordBatch {
  const found = batchAt(bytes, 0)
  if (found.kind === 'damage') throw new Error(found.finding)
  return found
}

/** Gives a batch that was tampered with the CRC of what it has become. */
export function sealed(bytes: Buffer): Buffer {
  const batch = theBatch(bytes)
  bytes.writeUInt32BE(batch.computeCrc(), batch.magic === 2 ? batchLayout.crc : messageLayout.crc)
  return bytes
}

/** A batch of magic 2 whose records are these bytes, whatever they mean. */
export function batchAround(recordBytes: Buffer, count: number, baseTimestamp: Int64 = T0): Buffer {
  const header = batchOf({}, [{ timestamp: baseTimestamp, key: null, value: null }]).subarray(
    0,
    batchLayout.records,
  )
  const bytes = Buffer.concat([header, recordBytes])
  bytes.writeInt32BE(bytes.length - LOG_OVERHEAD, LENGTH)
  bytes.writeInt32BE(count, batchLayout.count)
  return sealed(bytes)
}
