import type { Int64 } from '../bytes/int64.ts'
import { type Codec, codecs } from '../compression/codec.ts'
import { attributeBits, type TimestampType, timestampTypeOf } from './attributes.ts'
import { LENGTH, LOG_OVERHEAD, type Magic } from './batch-layout.ts'
import { type Damage, damage } from './damage.ts'

/**
 * A view of one batch where it lies in a buffer: nothing is copied, each field is read when asked for.
 * The first bytes are believed only as far as framing goes; `damage()` tells whether the rest may be.
 */
export abstract class RecordBatch {
  readonly kind = 'batch'
  /** The buffer that the batch lies in, and where in it. */
  readonly bytes: Buffer
  readonly start: number
  readonly sizeBytes: number
  /** Where it starts in its file or response. */
  readonly position: number

  constructor(bytes: Buffer, start: number, position: number) {
    this.bytes = bytes
    this.start = start
    this.sizeBytes = LOG_OVERHEAD + bytes.readInt32BE(start + LENGTH)
    this.position = position
  }

  /** The batch as it was received, for passing on. */
  get raw(): Buffer {
    return this.bytes.subarray(this.start, this.start + this.sizeBytes)
  }

  get codecId(): number {
    return this.attributes & attributeBits.codec
  }

  /** Its name, or the number that none of ours has. */
  get codec(): Codec | number {
    return codecs[this.codecId] ?? this.codecId
  }

  get timestampType(): TimestampType {
    return timestampTypeOf(this.magic, this.attributes)
  }

  abstract get magic(): Magic
  abstract get attributes(): number
  /** Null for the wrapper of a compressed message set: only its content tells (see `RecordCursor`). */
  abstract get baseOffset(): Int64 | null
  abstract get lastOffset(): Int64
  /** How many records it says it holds. Null for a wrapper, which does not say. */
  abstract get count(): number | null
  abstract get maxTimestamp(): Int64
  abstract get partitionLeaderEpoch(): number
  abstract get producerId(): Int64
  abstract get producerEpoch(): number
  abstract get baseSequence(): number
  abstract get lastSequence(): number
  abstract get isTransactional(): boolean
  abstract get isControl(): boolean
  abstract get deleteHorizonMs(): Int64 | null
  /** The checksum it carries. */
  abstract get crc(): number
  /** The checksum that its bytes have. */
  abstract computeCrc(): number

  /** The proof of the CRC: null if the batch is what was once written. */
  damage(): Damage | null {
    const computed = this.computeCrc()
    const stored = this.crc
    if (computed === stored) return null
    const finding = `its CRC is ${hex(stored)}, its bytes have ${hex(computed)}`
    return damage('crc', this.position, this.sizeBytes, finding, { stored, computed })
  }
}

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(8, '0')}`
}
