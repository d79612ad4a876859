import { addInt64, type Int64, readInt64 } from '../../bytes/int64.ts'
import {
  batchLayout,
  HEADER_UP_TO_MAGIC,
  LENGTH,
  LOG_OVERHEAD,
  MAGIC,
  messageLayout,
  OFFSET,
  SMALLEST_LENGTH,
  smallestBatch,
} from '../../records/batch-layout.ts'

/** A header that may be that of a batch, by what it says alone. */
export interface Candidate {
  readonly position: number
  readonly sizeBytes: number
  readonly magic: number
  readonly baseOffset: Int64
  readonly lastOffset: Int64
}

/** Offsets that a batch at some place may have. */
export interface OffsetRange {
  /** No offset of a batch is below it. */
  readonly from: Int64
  /** All offsets are below it. */
  readonly below: Int64
}

/** As much of a batch as has to be there to judge its header. */
export const JUDGED_BYTES = batchLayout.records

const NEWEST_MAGIC = 2

/** `left` is how many bytes the file has from there on; `bytes` may hold fewer, down to `JUDGED_BYTES`. */
export function candidateAt(
  bytes: Buffer,
  at: number,
  place: { position: number; left: number },
  range: OffsetRange,
): Candidate | undefined {
  const { position, left } = place
  if (left < HEADER_UP_TO_MAGIC) return undefined
  const magic = bytes[at + MAGIC] as number
  if (magic > NEWEST_MAGIC) return undefined
  const length = bytes.readInt32BE(at + LENGTH)
  const sizeBytes = LOG_OVERHEAD + length
  if (length < SMALLEST_LENGTH || sizeBytes > left || sizeBytes < smallestBatch(magic)) return undefined
  const baseOffset = readInt64(bytes, at + OFFSET)
  if (baseOffset < range.from || baseOffset >= range.below) return undefined
  if (magic < NEWEST_MAGIC) return { position, sizeBytes, magic, baseOffset, lastOffset: baseOffset }
  const delta = bytes.readInt32BE(at + batchLayout.lastOffsetDelta)
  const lastOffset = addInt64(baseOffset, delta)
  if (delta < 0 || lastOffset >= range.below) return undefined
  return { position, sizeBytes, magic, baseOffset, lastOffset }
}

/** Where the checksum of a batch of this magic stands, and the first byte that it covers. */
export function checksumPlaces(magic: number): { stored: number; from: number } {
  return magic < NEWEST_MAGIC
    ? { stored: messageLayout.crc, from: MAGIC }
    : { stored: batchLayout.crc, from: batchLayout.attributes }
}
