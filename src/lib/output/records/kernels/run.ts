import type { i32 } from './memory.ts'

/** What is known of the records of a batch that are written one after the other, by its place among the ints of a run. */

/** The next record, how far the bytes at hand go, where the last record ends, and how many are left. */
export const READ: i32 = 0
export const AT_HAND: i32 = 1
export const LAST_END: i32 = 2
export const LEFT: i32 = 3
/** What the deltas of the records count from, as `high` × 10⁹ + `low`. */
export const OFFSET_HIGH: i32 = 4
export const OFFSET_LOW: i32 = 5
export const TIMESTAMP_HIGH: i32 = 6
export const TIMESTAMP_LOW: i32 = 7
/** One time for all of them, whatever their deltas. */
export const IS_ONE_TIME: i32 = 8
/** Negative where they have none. */
export const BASE_SEQUENCE: i32 = 9
/** Whether the run ended for want of room. */
export const IS_FULL: i32 = 10
/** Of the record that was taken apart last; a length stands behind its start. */
export const TIMESTAMP_DELTA: i32 = 11
export const OFFSET_DELTA: i32 = 12
export const KEY_START: i32 = 13
export const KEY_LENGTH: i32 = 14
export const VALUE_START: i32 = 15
export const VALUE_LENGTH: i32 = 16
export const RUN_INTS: i32 = 17
