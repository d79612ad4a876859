import type { i32 } from './memory.ts'

/**
 * What a decoding kernel returns: where its output ends, or a negative number that says why not.
 * Numbers only, as nothing else passes the border of the module cheaply.
 */

/** The output does not fit within the limit. */
export const FULL: i32 = -1

/** The input at `position` cannot be right. */
export function malformed(position: i32): i32 {
  return -2 - position
}
