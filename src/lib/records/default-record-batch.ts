import { crc32c } from '../bytes/crc32c.ts'
import { addInt64, type Int64, readInt64 } from '../bytes/int64.ts'
import { attributeBits } from './attributes.ts'
import { batchLayout, OFFSET } from './batch-layout.ts'
import { RecordBatch } from './record-batch.ts'
import { advanceSequence, NO_SEQUENCE } from './sequence.ts'

/** Magic 2: Kafka's format since 0.11, a header and then records, compressed as a whole. */
export class DefaultRecordBatch extends RecordBatch {
  get magic(): 2 {
    return 2
  }

  get attributes(): number {
    return this.bytes.readInt16BE(this.start + batchLayout.attributes)
  }

  get baseOffset(): Int64 {
    return readInt64(this.bytes, this.start + OFFSET)
  }

  get lastOffset(): Int64 {
    return addInt64(this.baseOffset, this.lastOffsetDelta)
  }

  /** Survives the cleaner: the batch still covers these offsets when its last records are gone. */
  get lastOffsetDelta(): number {
    return this.bytes.readInt32BE(this.start + batchLayout.lastOffsetDelta)
  }

  get count(): number {
    return this.bytes.readInt32BE(this.start + batchLayout.count)
  }

  /** What the records' timestamps are relative to; with a delete horizon this is the horizon. */
  get baseTimestamp(): Int64 {
    return readInt64(this.bytes, this.start + batchLayout.baseTimestamp)
  }

  get maxTimestamp(): Int64 {
    return readInt64(this.bytes, this.start + batchLayout.maxTimestamp)
  }

  get partitionLeaderEpoch(): number {
    return this.bytes.readInt32BE(this.start + batchLayout.partitionLeaderEpoch)
  }

  get producerId(): Int64 {
    return readInt64(this.bytes, this.start + batchLayout.producerId)
  }

  get producerEpoch(): number {
    return this.bytes.readInt16BE(this.start + batchLayout.producerEpoch)
  }

  get baseSequence(): number {
    return this.bytes.readInt32BE(this.start + batchLayout.baseSequence)
  }

  get lastSequence(): number {
    const { baseSequence } = this
    return baseSequence === NO_SEQUENCE ? NO_SEQUENCE : advanceSequence(baseSequence, this.lastOffsetDelta)
  }

  get isTransactional(): boolean {
    return (this.attributes & attributeBits.transactional) !== 0
  }

  get isControl(): boolean {
    return (this.attributes & attributeBits.control) !== 0
  }

  get deleteHorizonMs(): Int64 | null {
    return this.attributes & attributeBits.deleteHorizon ? this.baseTimestamp : null
  }

  get crc(): number {
    return this.bytes.readUInt32BE(this.start + batchLayout.crc)
  }

  computeCrc(): number {
    return crc32c(this.bytes, this.start + batchLayout.attributes, this.start + this.sizeBytes)
  }
}
