export type Side = 'source' | 'target'

/**
 * An input, room for its output, and the kernels that work from the one to the other.
 * Positions are those of `source` and `target`; a decoding kernel returns its end or a negative
 * outcome, an encoding one its end or 0 where the result would not be smaller.
 */
export interface Arena {
  readonly source: Uint8Array
  readonly target: Uint8Array
  lz4Decode(from: number, end: number, to: number, limit: number, floor: number): number
  lz4Encode(from: number, end: number, to: number, limit: number): number
  snappyDecode(from: number, end: number, to: number, limit: number): number
  snappyEncode(from: number, end: number, to: number): number
  zstdStartFrame(): void
  zstdDecode(from: number, end: number, to: number, limit: number, floor: number): number
  /** Begins a frame to be written; its tables of positions have 2^log entries each. */
  zstdStartEncoding(log: number): void
  zstdEncode(from: number, end: number, to: number): number
  xxhash32(side: Side, from: number, end: number): number
  xxhash64Low(side: Side, from: number, end: number): number
  /** The first `end` bytes of the output, which stay as they are when another arena is opened. */
  take(end: number): Buffer
}

export type OpenArena = (source: Uint8Array, targetBytes: number) => Arena
