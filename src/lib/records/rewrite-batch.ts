import { type Int64, subtractInt64, writeInt64 } from '../bytes/int64.ts'
import { BugError } from '../errors.ts'
import { attributeBits } from './attributes.ts'
import { batchLayout, messageLayout, OFFSET } from './batch-layout.ts'
import { DefaultRecordBatch } from './default-record-batch.ts'
import type { RecordBatch } from './record-batch.ts'

/**
 * What a broker changes of a batch that it takes in, in place and without looking at its records. Offset and
 * leader epoch lie outside the CRC on purpose.
 */

/** Moves the batch so that this is its last offset. */
export function setLastOffset(batch: RecordBatch, lastOffset: Int64): void {
  const isDefault = batch instanceof DefaultRecordBatch
  const offset = isDefault ? subtractInt64(lastOffset, batch.lastOffsetDelta) : lastOffset
  writeInt64(batch.bytes, batch.start + OFFSET, offset)
}

export function setBaseOffset(batch: DefaultRecordBatch, baseOffset: Int64): void {
  writeInt64(batch.bytes, batch.start + OFFSET, baseOffset)
}

export function setPartitionLeaderEpoch(batch: DefaultRecordBatch, epoch: number): void {
  batch.bytes.writeInt32BE(epoch, batch.start + batchLayout.partitionLeaderEpoch)
}

/** Says when a batch was created or appended, and seals it again with a new CRC if that is new. */
export function setMaxTimestamp(
  batch: RecordBatch,
  type: 'CreateTime' | 'LogAppendTime',
  maxTimestamp: Int64,
): void {
  if (batch.magic === 0) throw new BugError('no-timestamp', 'a message of magic 0 has no timestamp')
  if (batch.timestampType === type && batch.maxTimestamp === maxTimestamp) return
  const { bytes, start } = batch
  const { logAppendTime } = attributeBits
  const attributes =
    type === 'LogAppendTime' ? batch.attributes | logAppendTime : batch.attributes & ~logAppendTime
  if (batch instanceof DefaultRecordBatch) {
    bytes.writeInt16BE(attributes, start + batchLayout.attributes)
    writeInt64(bytes, start + batchLayout.maxTimestamp, maxTimestamp)
    bytes.writeUInt32BE(batch.computeCrc(), start + batchLayout.crc)
  } else {
    bytes.writeInt8(attributes, start + messageLayout.attributes)
    writeInt64(bytes, start + messageLayout.timestamp, maxTimestamp)
    bytes.writeUInt32BE(batch.computeCrc(), start + messageLayout.crc)
  }
}
