import type { i32 } from './memory.ts'

/**
 * The parts of a line that are the same for every record. `form` has where each starts in `parts` and how
 * long it is, then two flags for what is base64 whatever it holds, and one for a sequence.
 */
export const HEAD: i32 = 0
export const TIMESTAMP: i32 = 1
export const TIMESTAMP_TYPE: i32 = 2
/** The name of its base64 comes next. */
export const KEY: i32 = 3
export const VALUE: i32 = 5
export const NO_HEADERS: i32 = 7
export const SEQUENCE: i32 = 8
export const NULL: i32 = 9
export const ALPHABET: i32 = 10
export const KEY_IS_BASE64: i32 = 22
export const VALUE_IS_BASE64: i32 = 23
export const HAS_SEQUENCE: i32 = 24
export const FORM_INTS: i32 = 25
