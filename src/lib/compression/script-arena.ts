import type { Arena, Side } from './arena.ts'
import { LZ4_TABLE_INTS, lz4Decode, lz4Encode } from './kernels/lz4.ts'
import { SNAPPY_TABLE_INTS, snappyDecode, snappyEncode } from './kernels/snappy.ts'
import { xxhash32 } from './kernels/xxhash32.ts'
import { XXHASH64_WORK_INTS, xxhash64Low } from './kernels/xxhash64.ts'
import { zstdBlock, zstdStartFrame } from './kernels/zstd-block.ts'
import { zstdEncodeBlock } from './kernels/zstd-encoder-block.ts'
import { ZSTD_ENCODER_INTS } from './kernels/zstd-encoder-work.ts'
import { zstdForget } from './kernels/zstd-matches.ts'
import { BLOCK_BYTES, ZSTD_WORK_INTS } from './kernels/zstd-work.ts'
import { setZstdConstants } from './zstd-constants.ts'

/** Runs the kernels as TypeScript, on the caller's own bytes. */
export class ScriptArena implements Arena {
  readonly source: Uint8Array
  readonly target: Buffer
  #table: Int32Array | undefined
  #zstd: Int32Array | undefined
  #literals: Uint8Array | undefined
  #log = 0

  constructor(source: Uint8Array, targetBytes: number) {
    this.source = source
    this.target = Buffer.allocUnsafeSlow(targetBytes)
  }

  lz4Decode(from: number, end: number, to: number, limit: number, floor: number): number {
    return lz4Decode(this.source, from, end, this.target, to, limit, floor)
  }

  lz4Encode(from: number, end: number, to: number, limit: number): number {
    this.#table ??= new Int32Array(LZ4_TABLE_INTS)
    return lz4Encode(this.source, from, end, this.target, to, limit, this.#table)
  }

  snappyDecode(from: number, end: number, to: number, limit: number): number {
    return snappyDecode(this.source, from, end, this.target, to, limit)
  }

  snappyEncode(from: number, end: number, to: number): number {
    this.#table ??= new Int32Array(SNAPPY_TABLE_INTS)
    return snappyEncode(this.source, from, end, this.target, to, this.#table)
  }

  zstdStartFrame(): void {
    zstdStartFrame(this.#zstdWork(ZSTD_WORK_INTS))
  }

  zstdDecode(from: number, end: number, to: number, limit: number, floor: number): number {
    const work = this.#zstdWork(ZSTD_WORK_INTS)
    return zstdBlock(this.source, from, end, this.target, to, limit, floor, this.#zstdLiterals(), work)
  }

  zstdStartEncoding(log: number): void {
    const work = this.#zstdWork(ZSTD_ENCODER_INTS)
    zstdStartFrame(work)
    zstdForget(work, log)
    this.#log = log
  }

  zstdEncode(from: number, end: number, to: number): number {
    const work = this.#zstdWork(ZSTD_ENCODER_INTS)
    return zstdEncodeBlock(this.source, from, end, this.target, to, this.#zstdLiterals(), work, this.#log)
  }

  xxhash32(side: Side, from: number, end: number): number {
    return xxhash32(this[side], from, end)
  }

  xxhash64Low(side: Side, from: number, end: number): number {
    return xxhash64Low(this[side], from, end, new Int32Array(XXHASH64_WORK_INTS))
  }

  take(end: number): Buffer {
    const output = this.target.subarray(0, end)
    // A view would keep all the room alive that the worst case needed.
    return end * 2 < this.target.length ? Buffer.from(output) : output
  }

  #zstdWork(ints: number): Int32Array {
    if (this.#zstd === undefined) {
      this.#zstd = new Int32Array(ints)
      setZstdConstants(this.#zstd)
    }
    return this.#zstd
  }

  #zstdLiterals(): Uint8Array {
    this.#literals ??= new Uint8Array(BLOCK_BYTES)
    return this.#literals
  }
}
