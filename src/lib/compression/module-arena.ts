import type { Arena, Side } from './arena.ts'
import { align, type Engine, HASHING, LITERALS, SLACK, SOURCE, TABLE, ZSTD } from './engine.ts'
import { ZSTD_WORK_INTS } from './kernels/zstd-work.ts'
import { setZstdConstants } from './zstd-constants.ts'

/** Runs the kernels as WebAssembly, on copies in its memory. */
export class ModuleArena implements Arena {
  readonly source: Uint8Array
  readonly target: Uint8Array
  readonly #engine: Engine
  readonly #kernels: Engine['kernels']
  readonly #target: number
  readonly #encoder: number
  #log = 0

  constructor(engine: Engine, source: Uint8Array, targetBytes: number) {
    this.#engine = engine
    this.#kernels = engine.kernels
    this.#target = SOURCE + align(source.length) + SLACK
    this.#encoder = this.#target + align(targetBytes) + SLACK
    this.source = engine.bytes(SOURCE, source.length)
    this.source.set(source)
    this.target = engine.bytes(this.#target, targetBytes)
  }

  lz4Decode(from: number, end: number, to: number, limit: number, floor: number): number {
    return this.#kernels.lz4Decode(SOURCE, from, end, this.#target, to, limit, floor)
  }

  lz4Encode(from: number, end: number, to: number, limit: number): number {
    return this.#kernels.lz4Encode(SOURCE, from, end, this.#target, to, limit, TABLE)
  }

  snappyDecode(from: number, end: number, to: number, limit: number): number {
    return this.#kernels.snappyDecode(SOURCE, from, end, this.#target, to, limit)
  }

  snappyEncode(from: number, end: number, to: number): number {
    return this.#kernels.snappyEncode(SOURCE, from, end, this.#target, to, TABLE)
  }

  zstdStartFrame(): void {
    this.#kernels.zstdStartFrame(ZSTD)
  }

  zstdDecode(from: number, end: number, to: number, limit: number, floor: number): number {
    return this.#kernels.zstdBlock(SOURCE, from, end, this.#target, to, limit, floor, LITERALS, ZSTD)
  }

  zstdStartEncoding(log: number): void {
    setZstdConstants(this.#engine.ints(this.#encoder, ZSTD_WORK_INTS))
    this.#kernels.zstdStartFrame(this.#encoder)
    this.#kernels.zstdForget(this.#encoder, log)
    this.#log = log
  }

  zstdEncode(from: number, end: number, to: number): number {
    const encoder = this.#encoder
    return this.#kernels.zstdEncodeBlock(SOURCE, from, end, this.#target, to, LITERALS, encoder, this.#log)
  }

  xxhash32(side: Side, from: number, end: number): number {
    return this.#kernels.xxhash32(this.#address(side), from, end)
  }

  xxhash64Low(side: Side, from: number, end: number): number {
    return this.#kernels.xxhash64Low(this.#address(side), from, end, HASHING)
  }

  take(end: number): Buffer {
    const output = Buffer.allocUnsafe(end)
    output.set(this.target.subarray(0, end))
    return output
  }

  #address(side: Side): number {
    return side === 'source' ? SOURCE : this.#target
  }
}
