import { type Bytes, copy, type Ints, type i32, intAt, put, putInt } from './memory.ts'
import { NOT_PLAIN, plainRecord } from './plain-record.ts'
import { IS_FULL, LEFT, READ, VALUE_LENGTH, VALUE_START } from './run.ts'

/**
 * Writes the values of a batch of magic 2 as they are, a line feed behind each; one that is null is an empty line. It
 * ends as `recordLines` does, and returns where the lines end.
 */
export function valueLines(run: Ints, source: Bytes, target: Bytes, to: i32, limit: i32): i32 {
  let write = to
  putInt(run, IS_FULL, 0)
  while (intAt(run, LEFT) > 0) {
    const read = intAt(run, READ)
    const end = plainRecord(run, source)
    if (end === NOT_PLAIN) break
    if (write + (end - read) + 1 > limit) {
      putInt(run, IS_FULL, 1)
      break
    }
    const length = intAt(run, VALUE_LENGTH)
    if (length > 0) {
      copy(target, write, source, intAt(run, VALUE_START), length)
      write += length
    }
    put(target, write, 0x0a)
    write++
    putInt(run, READ, end)
    putInt(run, LEFT, intAt(run, LEFT) - 1)
  }
  return write
}
