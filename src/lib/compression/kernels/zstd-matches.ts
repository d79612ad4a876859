import {
  at,
  at32,
  type Bytes,
  copy,
  fillInts,
  type Ints,
  type i32,
  intAt,
  multiply,
  putInt,
  sameFor,
} from './memory.ts'
import { HASHES, SEQUENCES } from './zstd-encoder-work.ts'
import { REPEATED } from './zstd-work.ts'

const PRIME_4: i32 = -1640531535
const PRIME_8: i32 = -2048144789

/** Behind this position in a block nothing is looked up, so that hashes read nothing behind it. */
const NO_MATCH_WITHIN: i32 = 9
/** No sequence goes farther back, which keeps the window that a reader needs small. */
export const FARTHEST: i32 = 8388608

/** Empties the two tables of positions; `log` says how large each is. */
export function zstdForget(work: Ints, log: i32): void {
  fillInts(work, HASHES, 2 << log, -1)
}

function hash4(source: Bytes, index: i32, log: i32): i32 {
  return multiply(at32(source, index), PRIME_4) >>> (32 - log)
}

function hash8(source: Bytes, index: i32, log: i32): i32 {
  const mixed = multiply(at32(source, index), PRIME_4) ^ multiply(at32(source, index + 4), PRIME_8)
  return multiply(mixed ^ (mixed >>> 15), PRIME_4) >>> (32 - log)
}

/** Whether four bytes at `candidate`, a position from a table, are those at `read`. */
function found(source: Bytes, candidate: i32, read: i32): boolean {
  return candidate >= 0 && read - candidate <= FARTHEST && at32(source, candidate) === at32(source, read)
}

function putSequence(work: Ints, index: i32, literals: i32, match: i32, value: i32): void {
  putInt(work, SEQUENCES + index * 4, literals)
  putInt(work, SEQUENCES + index * 4 + 1, match)
  putInt(work, SEQUENCES + index * 4 + 2, value)
}

/**
 * Finds what repeats in a block: greedily, by a table of eight bytes and one of four. Sequences go to
 * `work`, literals to `literals`. Returns the number of sequences.
 */
export function zstdMatches(source: Bytes, from: i32, end: i32, literals: Bytes, work: Ints, log: i32): i32 {
  const far = HASHES
  const near = HASHES + (1 << log)
  const stop = end - NO_MATCH_WITHIN
  let first = intAt(work, REPEATED)
  let second = intAt(work, REPEATED + 1)
  let anchor = from
  let read = from
  let literal: i32 = 0
  let count: i32 = 0
  while (read < stop) {
    const farSlot = far + hash8(source, read, log)
    const nearSlot = near + hash4(source, read, log)
    const farCandidate = intAt(work, farSlot)
    const nearCandidate = intAt(work, nearSlot)
    putInt(work, farSlot, read)
    putInt(work, nearSlot, read)

    let match: i32 = -1
    let value: i32 = 0
    if (first <= read + 1 && at32(source, read + 1 - first) === at32(source, read + 1)) {
      // The latest distance again costs next to nothing, so it is taken before anything longer.
      read++
      match = read - first
      value = 1
    } else if (
      found(source, farCandidate, read) &&
      at32(source, farCandidate + 4) === at32(source, read + 4)
    ) {
      match = farCandidate
    } else if (found(source, nearCandidate, read)) {
      const nextSlot = far + hash8(source, read + 1, log)
      const nextCandidate = intAt(work, nextSlot)
      putInt(work, nextSlot, read + 1)
      if (
        found(source, nextCandidate, read + 1) &&
        at32(source, nextCandidate + 4) === at32(source, read + 5)
      ) {
        read++
        match = nextCandidate
      } else match = nearCandidate
    }
    if (match < 0) {
      read += ((read - anchor) >> 8) + 1
      continue
    }

    let length = 4 + sameFor(source, match + 4, read + 4, end)
    if (value === 0) {
      while (read > anchor && match > 0 && at(source, read - 1) === at(source, match - 1)) {
        read--
        match--
        length++
      }
      second = first
      first = read - match
      value = first + 3
    }
    copy(literals, literal, source, anchor, read - anchor)
    literal += read - anchor
    putSequence(work, count++, read - anchor, length, value)

    const inside = read + 2
    read += length
    anchor = read
    if (read >= stop) break
    putInt(work, far + hash8(source, inside, log), inside)
    putInt(work, near + hash4(source, inside, log), inside)
    putInt(work, far + hash8(source, read - 2, log), read - 2)
    putInt(work, near + hash4(source, read - 1, log), read - 1)
    // Behind no literals, the value 1 stands for the distance before the latest.
    while (read < stop && second <= read && at32(source, read - second) === at32(source, read)) {
      const again = 4 + sameFor(source, read - second + 4, read + 4, end)
      const swapped = second
      second = first
      first = swapped
      putInt(work, far + hash8(source, read, log), read)
      putInt(work, near + hash4(source, read, log), read)
      putSequence(work, count++, 0, again, 1)
      read += again
      anchor = read
    }
  }
  copy(literals, literal, source, anchor, end - anchor)
  putInt(work, REPEATED, first)
  putInt(work, REPEATED + 1, second)
  return count
}
