import { broken } from './failures.ts'
import { xxhash32 } from './kernels/xxhash32.ts'

export const LZ4_MAGIC = 0x184d2204
const BLOCK_BYTES = [undefined, undefined, undefined, undefined, 1 << 16, 1 << 18, 1 << 20, 1 << 22]

export interface Lz4Header {
  /** Blocks may refer to the blocks before them. */
  linked: boolean
  blockChecksums: boolean
  contentChecksum: boolean
  contentBytes: number | undefined
  blockBytesMax: number
  /** Where the first block begins. */
  end: number
}

export interface Lz4Block {
  stored: boolean
  content: number
  /** Where the content ends; a checksum may follow. */
  end: number
  /** Where the next block begins. */
  next: number
}

/**
 * Reads the header of a frame. Clients of message format 0 computed its checksum over the magic too
 * (KAFKA-3160); as Kafka does, the byte is not looked at there.
 */
export function lz4HeaderOf(input: Buffer, ignoreChecksum: boolean): Lz4Header {
  need(input, 0, 7)
  if (input.readUInt32LE(0) !== LZ4_MAGIC) throw broken('lz4', 'no frame', 0)
  const flags = input[4] as number
  const sizes = input[5] as number
  if (flags >>> 6 !== 1) throw broken('lz4', `version ${flags >>> 6} of the frame format`, 4)
  if ((flags & 0x01) !== 0) throw broken('lz4', 'a dictionary is needed', 4)
  const blockBytesMax = BLOCK_BYTES[sizes >>> 4]
  if ((flags & 0x02) !== 0 || (sizes & 0x0f) !== 0 || blockBytesMax === undefined) {
    throw broken('lz4', 'reserved bits are set', 4)
  }
  const sized = (flags & 0x08) !== 0
  const checksumAt = sized ? 14 : 6
  need(input, 0, checksumAt + 1)
  if (!ignoreChecksum && headerChecksum(input, 4, checksumAt) !== input[checksumAt]) {
    throw broken('lz4', 'wrong checksum of the header', checksumAt)
  }
  return {
    linked: (flags & 0x20) === 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 0x04) !== 0,
    contentBytes: sized ? Number(input.readBigUInt64LE(6)) : undefined,
    blockBytesMax,
    end: checksumAt + 1,
  }
}

export function headerChecksum(bytes: Uint8Array, from: number, end: number): number {
  return (xxhash32(bytes, from, end) >>> 8) & 0xff
}

/** The block at `start`, or undefined at the mark that ends the frame. */
export function lz4BlockAt(input: Buffer, start: number, header: Lz4Header): Lz4Block | undefined {
  need(input, start, 4)
  const word = input.readUInt32LE(start)
  const size = word & 0x7fffffff
  if (size === 0) return undefined
  if (size > header.blockBytesMax) throw broken('lz4', `a block of ${size} bytes`, start)
  const content = start + 4
  const end = content + size
  const next = header.blockChecksums ? end + 4 : end
  need(input, content, next - content)
  return { stored: word >= 0x80000000, content, end, next }
}

export function need(input: Buffer, position: number, count: number): void {
  if (count > input.length - position) throw broken('lz4', 'the data ends too early', input.length)
}
