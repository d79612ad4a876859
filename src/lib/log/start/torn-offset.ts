import type { Int64 } from '../../bytes/int64.ts'
import type { RecordBatch } from '../../records/record-batch.ts'

/** A disk writes all of it or nothing. */
export const SECTOR_BYTES = 512
const BASE_OFFSET_BYTES = 8

/**
 * A batch that seems to go back since a power cut has left the first bytes of its offset unwritten, which no CRC
 * covers: the sector that they lie in ends within them.
 */
export function hasTornOffset({ position, baseOffset, lastOffset }: RecordBatch, due: Int64): boolean {
  const leftInSector = SECTOR_BYTES - (position % SECTOR_BYTES)
  return leftInSector < BASE_OFFSET_BYTES && (baseOffset ?? lastOffset) < due
}
