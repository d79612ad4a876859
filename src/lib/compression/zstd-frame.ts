import { broken } from './failures.ts'
import { BLOCK_BYTES } from './kernels/zstd-work.ts'

const MAGIC = 0xfd2fb528
/** Sixteen numbers for frames that decoders pass over. */
const SKIPPABLE = 0x184d2a50
/** Kafka's reader refuses larger windows, as the reference decoder does unless told otherwise. */
const WINDOW_BYTES_MAX = 2 ** 27

export interface ZstdFrame {
  skippable: boolean
  /** Where its blocks begin, and where the frame ends with its checksum, if it has one. */
  blocks: number
  end: number
  checksum: number | undefined
  contentBytes: number | undefined
  windowBytes: number
  blockBytesMax: number
  /** What the frame can hold at most, going by its blocks' headers. */
  outputBytesMax: number
}

export interface ZstdBlock {
  kind: 'raw' | 'repeat' | 'compressed'
  last: boolean
  content: number
  end: number
  /** Exact, except for compressed blocks. */
  outputBytesMax: number
}

/** Reads the frame at `start` and walks over its blocks without decoding them, which proves it complete. */
export function zstdFrameAt(input: Buffer, start: number): ZstdFrame {
  need(input, start, 4)
  const magic = input.readUInt32LE(start)
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) return skippableFrame(input, start)
  if (magic !== MAGIC) throw broken('zstd', 'no frame', start)
  const frame = frameHeader(input, start)
  let position = frame.blocks
  for (;;) {
    const block = zstdBlockAt(input, position, frame.blockBytesMax)
    frame.outputBytesMax += block.outputBytesMax
    position = block.end
    if (block.last) break
  }
  if (frame.checksum !== undefined) {
    need(input, position, 4)
    frame.checksum = input.readInt32LE(position)
    position += 4
  }
  frame.end = position
  if (frame.contentBytes !== undefined && frame.contentBytes > frame.outputBytesMax) {
    throw broken('zstd', `a frame claims ${frame.contentBytes} bytes, its blocks hold less`, start)
  }
  return frame
}

export function zstdBlockAt(input: Buffer, start: number, blockBytesMax: number): ZstdBlock {
  need(input, start, 3)
  const header = input.readUIntLE(start, 3)
  const size = header >>> 3
  const kind = (['raw', 'repeat', 'compressed'] as const)[(header >>> 1) & 3]
  if (kind === undefined) throw broken('zstd', 'a block of reserved type', start)
  if (size > blockBytesMax) throw broken('zstd', `a block of ${size} bytes`, start)
  const contentBytes = kind === 'repeat' ? 1 : size
  need(input, start + 3, contentBytes)
  return {
    kind,
    last: (header & 1) === 1,
    content: start + 3,
    end: start + 3 + contentBytes,
    outputBytesMax: kind === 'compressed' ? blockBytesMax : size,
  }
}

function skippableFrame(input: Buffer, start: number): ZstdFrame {
  need(input, start, 8)
  const size = input.readUInt32LE(start + 4)
  need(input, start + 8, size)
  const end = start + 8 + size
  return {
    skippable: true,
    blocks: end,
    end,
    checksum: undefined,
    contentBytes: 0,
    windowBytes: 0,
    blockBytesMax: 0,
    outputBytesMax: 0,
  }
}

function frameHeader(input: Buffer, start: number): ZstdFrame {
  need(input, start, 5)
  const descriptor = input[start + 4] as number
  if ((descriptor & 0x08) !== 0) throw broken('zstd', 'a reserved bit is set', start + 4)
  const single = (descriptor & 0x20) !== 0
  const dictionaryWidth = [0, 1, 2, 4][descriptor & 3] as number
  const sizeWidth = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number
  let position = start + 5
  need(input, position, (single ? 0 : 1) + dictionaryWidth + sizeWidth)
  let windowBytes = 0
  if (!single) windowBytes = windowOf(input[position++] as number)
  if (dictionaryWidth > 0 && input.readUIntLE(position, dictionaryWidth) !== 0) {
    throw broken('zstd', 'a dictionary is needed', position)
  }
  position += dictionaryWidth
  const contentBytes = sizeWidth === 0 ? undefined : contentSize(input, position, sizeWidth)
  position += sizeWidth
  if (single) windowBytes = contentBytes ?? 0
  if (windowBytes > WINDOW_BYTES_MAX) throw broken('zstd', `a window of ${windowBytes} bytes`, start + 5)
  return {
    skippable: false,
    blocks: position,
    end: position,
    checksum: (descriptor & 0x04) === 0 ? undefined : 0,
    contentBytes,
    windowBytes,
    blockBytesMax: Math.min(windowBytes, BLOCK_BYTES),
    outputBytesMax: 0,
  }
}

function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >>> 3))
  return base + (base / 8) * (byte & 7)
}

function contentSize(input: Buffer, position: number, width: number): number {
  if (width === 8) return Number(input.readBigUInt64LE(position))
  const value = input.readUIntLE(position, width)
  return width === 2 ? value + 256 : value
}

function need(input: Buffer, position: number, count: number): void {
  if (count > input.length - position) throw broken('zstd', 'the data ends too early', input.length)
}
