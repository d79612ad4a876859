import { crc32 } from '../bytes/crc32.ts'
import { type Int64, readInt64 } from '../bytes/int64.ts'
import { NO_TIMESTAMP } from './attributes.ts'
import { MAGIC, messageLayout, OFFSET } from './batch-layout.ts'
import { RecordBatch } from './record-batch.ts'
import { NO_SEQUENCE } from './sequence.ts'

/**
 * Magic 0 and 1: one message, which Kafka treats as a batch. Compressed, it is the wrapper of a whole
 * message set, and its offset is that of the last message inside.
 */
export class LegacyRecordBatch extends RecordBatch {
  get magic(): 0 | 1 {
    return this.bytes.readInt8(this.start + MAGIC) === 0 ? 0 : 1
  }

  get attributes(): number {
    return this.bytes.readInt8(this.start + messageLayout.attributes)
  }

  get isWrapper(): boolean {
    return this.codecId !== 0
  }

  get baseOffset(): Int64 | null {
    return this.isWrapper ? null : this.lastOffset
  }

  get lastOffset(): Int64 {
    return readInt64(this.bytes, this.start + OFFSET)
  }

  get count(): number | null {
    return this.isWrapper ? null : 1
  }

  get maxTimestamp(): Int64 {
    return this.magic === 0 ? NO_TIMESTAMP : readInt64(this.bytes, this.start + messageLayout.timestamp)
  }

  get partitionLeaderEpoch(): number {
    return -1
  }

  get producerId(): Int64 {
    return -1
  }

  get producerEpoch(): number {
    return -1
  }

  get baseSequence(): number {
    return NO_SEQUENCE
  }

  get lastSequence(): number {
    return NO_SEQUENCE
  }

  get isTransactional(): boolean {
    return false
  }

  get isControl(): boolean {
    return false
  }

  get deleteHorizonMs(): Int64 | null {
    return null
  }

  get crc(): number {
    return this.bytes.readUInt32BE(this.start + messageLayout.crc)
  }

  computeCrc(): number {
    return crc32(this.bytes, this.start + MAGIC, this.start + this.sizeBytes)
  }
}
