import { at, type Bytes, type Ints, type i32, intAt, putInt } from './memory.ts'
import {
  AT_HAND,
  KEY_START,
  LAST_END,
  LEFT,
  OFFSET_DELTA,
  READ,
  TIMESTAMP_DELTA,
  VALUE_START,
} from './run.ts'

/** The least a record has behind its length: attributes, two deltas, three lengths. */
const SMALLEST: i32 = 6
export const NOT_PLAIN: i32 = -1

/**
 * Takes apart the next record of a run, if it is of the usual shape: it has no headers, is whole at hand, and is what
 * it says it is. Returns its end, or NOT_PLAIN. Varints of more than four bytes are not usual either.
 */
export function plainRecord(run: Ints, source: Bytes): i32 {
  let next = intAt(run, READ)
  const lengthSize = sizeAt(source, next)
  const length = unfold(valueAt(source, next, lengthSize))
  next += lengthSize
  if (length < SMALLEST || length > intAt(run, AT_HAND) - next) return NOT_PLAIN
  const end = next + length
  if (intAt(run, LEFT) === 1 && end !== intAt(run, LAST_END)) return NOT_PLAIN

  next++ // The record's own attributes, of which none has ever been defined.
  const timestampSize = sizeAt(source, next)
  putInt(run, TIMESTAMP_DELTA, unfold(valueAt(source, next, timestampSize)))
  next += timestampSize
  const offsetSize = sizeAt(source, next)
  const offsetDelta = unfold(valueAt(source, next, offsetSize))
  putInt(run, OFFSET_DELTA, offsetDelta)
  next += offsetSize
  if (lengthSize > 4 || timestampSize > 4 || offsetSize > 4 || offsetDelta < 0) return NOT_PLAIN

  next = bytesAt(run, KEY_START, source, next, end)
  if (next === NOT_PLAIN) return NOT_PLAIN
  next = bytesAt(run, VALUE_START, source, next, end)
  if (next === NOT_PLAIN) return NOT_PLAIN
  return next + 1 === end && at(source, next) === 0 ? end : NOT_PLAIN
}

/** A length, which comes to stand behind `start` in the run, and so many bytes; any negative length is null. */
function bytesAt(run: Ints, start: i32, source: Bytes, from: i32, end: i32): i32 {
  const size = sizeAt(source, from)
  const length = unfold(valueAt(source, from, size))
  const next = from + size
  putInt(run, start, next)
  putInt(run, start + 1, length)
  if (size > 4 || length > end - next) return NOT_PLAIN
  return length > 0 ? next + length : next
}

/** How many bytes the varint here has; 5 stands for all that have more than 4. */
function sizeAt(source: Bytes, from: i32): i32 {
  if (at(source, from) < 0x80) return 1
  if (at(source, from + 1) < 0x80) return 2
  if (at(source, from + 2) < 0x80) return 3
  return at(source, from + 3) < 0x80 ? 4 : 5
}

/** Its value before the sign is unfolded: 28 bits at most. */
function valueAt(source: Bytes, from: i32, size: i32): i32 {
  let value = at(source, from) & 0x7f
  if (size > 1) value |= (at(source, from + 1) & 0x7f) << 7
  if (size > 2) value |= (at(source, from + 2) & 0x7f) << 14
  if (size > 3) value |= (at(source, from + 3) & 0x7f) << 21
  return value
}

/** The sign of a varint is its lowest bit (zigzag). */
function unfold(folded: i32): i32 {
  return (folded >>> 1) ^ -(folded & 1)
}
