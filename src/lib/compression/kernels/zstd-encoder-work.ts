import type { i32 } from './memory.ts'
import { COUNTS } from './zstd-work.ts'

/** Where things lie in the integers that the encoder works in; what it shares with the decoder comes first. */

/** The first two of `REPEATED` as they were before a block, for when the block is not written that way. */
export const KEPT: i32 = 11

/** Counts of symbols, and what becomes of them: 256 each. */
export const SYMBOL_COUNTS: i32 = COUNTS
export const CODE_BITS: i32 = 5904
export const CODES: i32 = 6160
export const ORDER: i32 = 6416
/** A tree of prefix codes: weights and parents of at most 511 nodes. */
export const NODE_COUNTS: i32 = 6672
export const NODE_PARENTS: i32 = 7184
export const NORMAL: i32 = 7696

/** Three coders: for each symbol two integers, then a table of next states. */
export const LENGTH_CODER: i32 = 7952
export const MATCH_CODER: i32 = 8592
export const DISTANCE_CODER: i32 = 9232
export const WEIGHT_CODER: i32 = 9872
export const CODER_STATES: i32 = 128
export const SPREAD: i32 = 10512

/** Four integers a sequence: literals, match, distance value, and the three codes in one. */
export const SEQUENCES: i32 = 11024
export const SEQUENCES_MAX: i32 = 32768
export const HASHES: i32 = SEQUENCES + SEQUENCES_MAX * 4
export const HASH_LOG_MAX: i32 = 16
export const ZSTD_ENCODER_INTS: i32 = HASHES + (2 << HASH_LOG_MAX)
