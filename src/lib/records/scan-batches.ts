import {
  HEADER_UP_TO_MAGIC,
  LENGTH,
  LOG_OVERHEAD,
  MAGIC,
  SMALLEST_LENGTH,
  smallestBatch,
} from './batch-layout.ts'
import { type Damage, damage } from './damage.ts'
import { DefaultRecordBatch } from './default-record-batch.ts'
import { LegacyRecordBatch } from './legacy-record-batch.ts'
import type { RecordBatch } from './record-batch.ts'

const NEWEST_MAGIC = 2

/**
 * The batches in a buffer, one after the other, by their headers alone: nothing is decompressed and no CRC
 * is computed. `position` is where the buffer starts in its file.
 *
 * Damage is a value among the batches. Where the length can be believed the walk goes on behind it,
 * otherwise it is the last value. Who reads a file piece by piece takes a `cut` before the end of the file
 * as the place where the next piece has to start, and `details.needed` as the least that it has to hold.
 */
export function* scanBatches(bytes: Buffer, position = 0): Generator<RecordBatch | Damage, void, undefined> {
  let at = 0
  while (at < bytes.length) {
    const found = batchAt(bytes, at, position + at)
    yield found
    at += found.sizeBytes
  }
}

/** The batch that starts at a place of a buffer, or what is there instead. Nothing from `end` on is looked at. */
export function batchAt(bytes: Buffer, at: number, position = at, end = bytes.length): RecordBatch | Damage {
  const left = end - at
  if (left < HEADER_UP_TO_MAGIC) return noHeader(bytes.subarray(0, end), at, position)
  const length = bytes.readInt32BE(at + LENGTH)
  if (length < SMALLEST_LENGTH) return badLength(bytes.subarray(0, end), at, position, length)
  const magic = bytes.readInt8(at + MAGIC)
  const size = LOG_OVERHEAD + length
  if (magic < 0 || magic > NEWEST_MAGIC) {
    return damage('magic', position, Math.min(size, left), `its magic is ${magic}`, { magic })
  }
  if (size < smallestBatch(magic)) {
    const finding = `its length is ${length}, too little for magic ${magic}`
    return damage('length', position, Math.min(size, left), finding, { length, magic })
  }
  if (size > left) return cut(position, left, size)
  return magic === NEWEST_MAGIC
    ? new DefaultRecordBatch(bytes, at, position)
    : new LegacyRecordBatch(bytes, at, position)
}

function noHeader(bytes: Buffer, at: number, position: number): Damage {
  const left = bytes.length - at
  return isZero(bytes, at) ? zeros(position, left) : cut(position, left, HEADER_UP_TO_MAGIC)
}

function badLength(bytes: Buffer, at: number, position: number, length: number): Damage {
  const left = bytes.length - at
  if (isZero(bytes, at)) return zeros(position, left)
  return damage('length', position, left, `its length is ${length}`, { length })
}

function cut(position: number, left: number, needed: number): Damage {
  return damage('cut', position, left, `it needs ${needed} bytes, ${left} are there`, { needed })
}

function zeros(position: number, left: number): Damage {
  return damage('zeros', position, left, `nothing but zeros, ${left} bytes to the end`)
}

function isZero(bytes: Buffer, from: number): boolean {
  for (let i = from; i < bytes.length; i++) if (bytes[i] !== 0) return false
  return true
}
