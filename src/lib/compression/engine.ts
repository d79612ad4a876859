import { moduleStarter } from '../bytes/module-starter.ts'
import { moduleText } from './kernels/module.ts'
import { ZSTD_ENCODER_INTS } from './kernels/zstd-encoder-work.ts'
import { BLOCK_BYTES, ZSTD_WORK_INTS } from './kernels/zstd-work.ts'
import { setZstdConstants } from './zstd-constants.ts'

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** What the module exports: the kernels, with an address where TypeScript has an array. */
interface Kernels {
  memory: Memory
  lz4Decode(
    source: number,
    from: number,
    end: number,
    target: number,
    to: number,
    limit: number,
    floor: number,
  ): number
  lz4Encode(
    source: number,
    from: number,
    end: number,
    target: number,
    to: number,
    limit: number,
    table: number,
  ): number
  snappyDecode(source: number, from: number, end: number, target: number, to: number, limit: number): number
  snappyEncode(source: number, from: number, end: number, target: number, to: number, table: number): number
  xxhash32(bytes: number, from: number, end: number): number
  xxhash64Low(bytes: number, from: number, end: number, work: number): number
  zstdStartFrame(work: number): void
  zstdBlock(
    source: number,
    from: number,
    end: number,
    target: number,
    to: number,
    limit: number,
    floor: number,
    literals: number,
    work: number,
  ): number
  zstdForget(work: number, log: number): void
  zstdEncodeBlock(
    source: number,
    from: number,
    end: number,
    target: number,
    to: number,
    literals: number,
    work: number,
    log: number,
  ): number
}

/** Kernels copy in steps of 16 bytes and peek a word behind what they were given. */
export const SLACK = 64
const PAGE = 65536
/** Addresses are signed in the kernels. */
const MEMORY_BYTES_MAX = 2 ** 31 - PAGE

/** The lowest kilobyte stays free, as reads may begin a few bytes before a stream. */
export const TABLE = 1024
export const HASHING = TABLE + 32768
export const ZSTD = HASHING + 1024
export const LITERALS = ZSTD + align(ZSTD_WORK_INTS * 4)
export const SOURCE = LITERALS + BLOCK_BYTES + 1024

export function align(size: number): number {
  return (size + 15) & ~15
}

/** One instance of the module with its memory. */
export class Engine {
  readonly kernels: Kernels

  constructor(kernels: Kernels) {
    this.kernels = kernels
    setZstdConstants(this.ints(ZSTD, ZSTD_WORK_INTS))
  }

  ints(address: number, count: number): Int32Array {
    this.#grow(address + count * 4)
    return new Int32Array(this.kernels.memory.buffer, address, count)
  }

  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.kernels.memory.buffer, address, count)
  }

  /** Makes room, or says that there is none. */
  reserve(sourceBytes: number, targetBytes: number): boolean {
    const size = SOURCE + sourceBytes + targetBytes + ZSTD_ENCODER_INTS * 4 + SLACK * 4
    return size <= MEMORY_BYTES_MAX && this.#grow(size)
  }

  #grow(size: number): boolean {
    const { memory } = this.kernels
    const missing = size - memory.buffer.byteLength
    if (missing <= 0) return true
    try {
      memory.grow(Math.ceil(missing / PAGE))
      return true
    } catch {
      return false
    }
  }
}

/** A fresh engine, or none where the runtime has no WebAssembly, or none with its vector instructions. */
export const startEngine = engineStarter()

/** The one engine that small work shares. Started when first asked for. */
export const sharedEngine = once(() => startEngine())

function engineStarter(): () => Engine | undefined {
  const start = moduleStarter<Kernels>(moduleText)
  return () => {
    const kernels = start()
    return kernels === undefined ? undefined : new Engine(kernels)
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
