import type { i32 } from './memory.ts'

/**
 * Where things lie in the array of integers that the Zstandard kernels work in (RFC 8878).
 * A table of states takes two integers a state: a value, and extra bits | state bits << 8 | next state << 16.
 */

/** The three latest distances, which sequences may repeat. */
export const REPEATED: i32 = 0
/** Accuracy of each table that the next block may use again, 0 where there is none. */
export const LENGTHS_LOG: i32 = 3
export const DISTANCES_LOG: i32 = 4
export const MATCHES_LOG: i32 = 5
export const HUFFMAN_LOG: i32 = 6
/** Results of the kernels that have more than one. */
export const RESULT_LOG: i32 = 7
export const RESULT_SYMBOLS: i32 = 8
export const RESULT_LITERALS: i32 = 9
export const RESULT_FROM_SOURCE: i32 = 10
export const RESULT_SEQUENCES: i32 = 14

export const LENGTHS: i32 = 16
export const DISTANCES: i32 = 1040
export const MATCHES: i32 = 1552
/** One integer a prefix: symbol | bits << 8. */
export const HUFFMAN: i32 = 2576
export const COUNTS: i32 = 4624
export const NEXT: i32 = 4880
export const WEIGHTS: i32 = 5136
export const WEIGHT_STATES: i32 = 5392
export const WEIGHT_RANKS: i32 = 5520

/** Constants of the format, put there by `zstdConstants`. */
export const LENGTH_BASES: i32 = 5536
export const LENGTH_BITS: i32 = 5572
export const MATCH_BASES: i32 = 5608
export const MATCH_BITS: i32 = 5661
export const DEFAULT_LENGTHS: i32 = 5714
export const DEFAULT_MATCHES: i32 = 5750
export const DEFAULT_DISTANCES: i32 = 5803
export const DISTANCE_BASES: i32 = 5832
export const DISTANCE_BITS: i32 = 5864
export const ZSTD_WORK_INTS: i32 = 5896

export const LENGTH_SYMBOLS: i32 = 36
export const MATCH_SYMBOLS: i32 = 53
export const DISTANCE_SYMBOLS: i32 = 32
export const DEFAULT_DISTANCE_SYMBOLS: i32 = 29

export const BLOCK_BYTES: i32 = 131072
export const HUFFMAN_LOG_MAX: i32 = 11
