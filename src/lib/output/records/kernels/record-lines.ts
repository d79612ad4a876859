import { type Bytes, type Ints, type i32, intAt, putInt } from './memory.ts'
import { NOT_PLAIN, plainRecord } from './plain-record.ts'
import { recordLine } from './record-line.ts'
import {
  BASE_SEQUENCE,
  IS_FULL,
  IS_ONE_TIME,
  KEY_LENGTH,
  KEY_START,
  LEFT,
  OFFSET_DELTA,
  OFFSET_HIGH,
  OFFSET_LOW,
  READ,
  TIMESTAMP_DELTA,
  TIMESTAMP_HIGH,
  TIMESTAMP_LOW,
  VALUE_LENGTH,
  VALUE_START,
} from './run.ts'

const BILLION: i32 = 1000000000
/** What a byte may become: `\u0000`. */
const WIDEST: i32 = 6

/**
 * Writes the records of a batch of magic 2 as lines, until there may be no more room, or one comes that is not
 * of the usual shape: that is left to somebody who looks closer. `lineBytes` is what a line has besides key and
 * value. Returns where the lines end.
 */
export function recordLines(
  form: Ints,
  parts: Bytes,
  lineBytes: i32,
  run: Ints,
  source: Bytes,
  target: Bytes,
  to: i32,
  limit: i32,
): i32 {
  let write = to
  putInt(run, IS_FULL, 0)
  while (intAt(run, LEFT) > 0) {
    const read = intAt(run, READ)
    const end = plainRecord(run, source)
    if (end === NOT_PLAIN) break
    if (write + lineBytes + (end - read) * WIDEST > limit) {
      putInt(run, IS_FULL, 1)
      break
    }
    const next = plainLine(form, parts, run, source, target, write)
    if (next === NOT_PLAIN) break
    write = next
    putInt(run, READ, end)
    putInt(run, LEFT, intAt(run, LEFT) - 1)
  }
  return write
}

function plainLine(form: Ints, parts: Bytes, run: Ints, source: Bytes, target: Bytes, to: i32): i32 {
  const offsetDelta = intAt(run, OFFSET_DELTA)
  const offset = intAt(run, OFFSET_LOW) + offsetDelta
  let time = intAt(run, TIMESTAMP_LOW)
  if (intAt(run, IS_ONE_TIME) === 0) time += intAt(run, TIMESTAMP_DELTA)
  const timeHigh = intAt(run, TIMESTAMP_HIGH) + carryOf(time)
  if (timeHigh < 0) return NOT_PLAIN
  const base = intAt(run, BASE_SEQUENCE)
  return recordLine(
    form,
    parts,
    source,
    intAt(run, KEY_START),
    intAt(run, KEY_LENGTH),
    intAt(run, VALUE_START),
    intAt(run, VALUE_LENGTH),
    intAt(run, OFFSET_HIGH) + carryOf(offset),
    offset - carryOf(offset) * BILLION,
    timeHigh,
    time - carryOf(time) * BILLION,
    // Sequences go from 2³¹−1 on to 0.
    base < 0 ? -1 : (base + offsetDelta) & 0x7fffffff,
    1,
    target,
    to,
  )
}

/** A delta is less than 10⁹, and so is what it was added to. */
function carryOf(low: i32): i32 {
  if (low >= BILLION) return 1
  return low < 0 ? -1 : 0
}
