import { addInt64, type Int64, readInt64, subtractInt64 } from '../../bytes/int64.ts'
import { attributeBits } from '../../records/attributes.ts'
import {
  batchLayout,
  keyLengthAt,
  LENGTH,
  LOG_OVERHEAD,
  MAGIC,
  messageLayout,
  OFFSET,
  smallestBatch,
} from '../../records/batch-layout.ts'
import { checksumPlaces, type OffsetRange } from './candidate.ts'

/** What a damaged batch still says of itself; each part may be what was damaged. */
export interface DamagedFrame {
  readonly position: number
  readonly magic: number
  /** What its length says; it may lead anywhere. */
  readonly sizeBytes: number
  readonly storedCrc: number
  /** Where its checksum begins to count. */
  readonly checkedFrom: number
  /**
   * Its last offset, where the header looks as one does at this place. Such a batch is damaged either in its
   * length alone, which its CRC shows, or behind the header, and then its length is right.
   */
  readonly lastOffset: Int64 | undefined
}

/** More than any batch holds: a claim beyond it is part of the damage. */
const MOST_RECORDS = 2 ** 24
const MOST_BYTES = 128 * 1024 * 1024
const CODECS = 5
const NO_MORE_BITS = 0x80

/** Nothing where there is not even room for a header. */
export function damagedFrame(header: Buffer, position: number, range: OffsetRange): DamagedFrame | undefined {
  if (header.length < batchLayout.attributes + 2) return undefined
  const saidMagic = header.readInt8(MAGIC)
  const magic = saidMagic === 0 || saidMagic === 1 ? saidMagic : 2
  const { stored, from } = checksumPlaces(magic)
  return {
    position,
    magic,
    sizeBytes: LOG_OVERHEAD + header.readInt32BE(LENGTH),
    storedCrc: header.readUInt32BE(stored),
    checkedFrom: position + from,
    lastOffset: lastOffsetOf(header, saidMagic, range),
  }
}

function lastOffsetOf(header: Buffer, magic: number, range: OffsetRange): Int64 | undefined {
  const length = header.readInt32BE(LENGTH)
  // Too short for what its magic says it is: then that may be what is wrong.
  if (LOG_OVERHEAD + length < smallestBatch(magic) || length > MOST_BYTES) return undefined
  const base = readInt64(header, OFFSET)
  if (base < range.from || base >= range.below || subtractInt64(base, range.from) > MOST_RECORDS)
    return undefined
  if (magic === 0 || magic === 1) return isMessage(header, magic, length) ? base : undefined
  if (magic !== 2 || header.length < batchLayout.records) return undefined
  const delta = header.readInt32BE(batchLayout.lastOffsetDelta)
  const count = header.readInt32BE(batchLayout.count)
  if (delta < 0 || delta > MOST_RECORDS || count < 0 || count > delta + 1) return undefined
  return isAttributes(header[batchLayout.attributes + 1]) ? addInt64(base, delta) : undefined
}

function isMessage(header: Buffer, magic: number, length: number): boolean {
  const keyAt = keyLengthAt(magic)
  if (header.length < keyAt + 4 || !isAttributes(header[messageLayout.attributes])) return false
  const keyLength = header.readInt32BE(keyAt)
  return keyLength >= -1 && keyLength < length
}

function isAttributes(byte: number | undefined): boolean {
  return byte !== undefined && (byte & attributeBits.codec) < CODECS && byte < NO_MORE_BITS
}
