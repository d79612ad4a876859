import { crc32c } from '../bytes/crc32c.ts'
import { type Int64, subtractInt64, writeInt64 } from '../bytes/int64.ts'
import { BugError } from '../errors.ts'
import { attributesByte, NO_TIMESTAMP } from './attributes.ts'
import { batchLayout, LENGTH, LOG_OVERHEAD, MAGIC, OFFSET } from './batch-layout.ts'
import { NO_SEQUENCE } from './sequence.ts'

/** What a batch of magic 2 says besides its records. Nothing given is what a plain producer sends. */
export interface BatchFields {
  readonly baseOffset?: Int64
  readonly partitionLeaderEpoch?: number
  readonly producerId?: Int64
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly isTransactional?: boolean
  readonly isControl?: boolean
  /** Given, it stands for the time of every record (LogAppendTime). */
  readonly logAppendTime?: Int64
  /** Given, tombstones and markers in the batch may be cleaned away from this time on. */
  readonly deleteHorizonMs?: Int64
  /** The last offset that the batch covers, where its last records were cleaned away. */
  readonly lastOffset?: Int64
}

interface Content {
  readonly codecId: number
  readonly count: number
  readonly lastOffset: Int64
  readonly baseTimestamp: Int64
  readonly maxTimestamp: Int64
}

const LARGEST_DELTA = 0x7fffffff

/** Fills in the header of a batch whose records lie in `bytes` behind it, to the end. */
export function writeBatchHeader(bytes: Buffer, fields: BatchFields, content: Content): void {
  const baseOffset = fields.baseOffset ?? 0
  writeInt64(bytes, OFFSET, baseOffset)
  bytes.writeInt32BE(bytes.length - LOG_OVERHEAD, LENGTH)
  bytes.writeInt32BE(fields.partitionLeaderEpoch ?? -1, batchLayout.partitionLeaderEpoch)
  bytes.writeInt8(2, MAGIC)
  bytes.writeInt16BE(attributes(fields, content.codecId), batchLayout.attributes)
  bytes.writeInt32BE(offsetDelta(content.lastOffset, baseOffset), batchLayout.lastOffsetDelta)
  writeInt64(bytes, batchLayout.baseTimestamp, content.baseTimestamp)
  writeInt64(bytes, batchLayout.maxTimestamp, content.maxTimestamp)
  writeInt64(bytes, batchLayout.producerId, fields.producerId ?? -1)
  bytes.writeInt16BE(fields.producerEpoch ?? -1, batchLayout.producerEpoch)
  bytes.writeInt32BE(fields.baseSequence ?? NO_SEQUENCE, batchLayout.baseSequence)
  bytes.writeInt32BE(content.count, batchLayout.count)
  bytes.writeUInt32BE(crc32c(bytes, batchLayout.attributes), batchLayout.crc)
}

/**
 * A batch without records, as the cleaner keeps one for the sake of its producer's state or its last offset.
 */
export function emptyBatch(fields: BatchFields & { readonly maxTimestamp?: Int64 }): Buffer {
  const bytes = Buffer.alloc(batchLayout.records)
  writeBatchHeader(bytes, fields, {
    codecId: 0,
    count: 0,
    lastOffset: fields.lastOffset ?? fields.baseOffset ?? 0,
    baseTimestamp: NO_TIMESTAMP,
    maxTimestamp: fields.logAppendTime ?? fields.maxTimestamp ?? NO_TIMESTAMP,
  })
  return bytes
}

export function offsetDelta(offset: Int64, baseOffset: Int64): number {
  const delta = subtractInt64(offset, baseOffset)
  if (delta < 0 || delta > LARGEST_DELTA) {
    throw new BugError(
      'offset-out-of-batch',
      `offset ${offset} is not in a batch that starts at ${baseOffset}`,
    )
  }
  return Number(delta)
}

function attributes(fields: BatchFields, codecId: number): number {
  return attributesByte({
    codecId,
    isLogAppendTime: fields.logAppendTime !== undefined,
    isTransactional: fields.isTransactional ?? false,
    isControl: fields.isControl ?? false,
    hasDeleteHorizon: fields.deleteHorizonMs !== undefined,
  })
}
