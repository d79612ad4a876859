import type { Arena, OpenArena } from './arena.ts'
import { beyondLimit, broken, kernelFailure } from './failures.ts'
import {
  headerChecksum,
  LZ4_MAGIC,
  type Lz4Block,
  type Lz4Header,
  lz4BlockAt,
  lz4HeaderOf,
  need,
} from './lz4-frame.ts'

/** No byte of a compressed block can make more than this many. */
const EXPANSION_MAX = 255

/** What Kafka writes: independent blocks of 64 KiB, no checksums, no size. */
const FLAGS = 0x60
const SIZES = 0x40
const BLOCK_BYTES = 65536
const HEADER_BYTES = 7

/** Decodes one frame. What follows its end mark is not looked at, as Kafka's reader stops there. */
export function decompressLz4(input: Buffer, maxBytes: number, magic: number, openArena: OpenArena): Buffer {
  const header = lz4HeaderOf(input, magic === 0)
  const outputBytesMax = measure(input, header, maxBytes)
  const arena = openArena(input, Math.min(outputBytesMax, maxBytes))
  let to = 0
  let position = header.end
  for (;;) {
    const block = lz4BlockAt(input, position, header)
    if (block === undefined) break
    to = decodeBlock(arena, header, block, to, maxBytes)
    position = block.next
  }
  checkContent(input, header, arena, position + 4, to)
  return arena.take(to)
}

/** How much can come out, at most; walking over the blocks also proves the frame complete. */
function measure(input: Buffer, header: Lz4Header, maxBytes: number): number {
  let outputBytes = 0
  for (let position = header.end; ; ) {
    const block = lz4BlockAt(input, position, header)
    if (block === undefined) break
    const size = block.end - block.content
    outputBytes += block.stored ? size : Math.min(size * EXPANSION_MAX, header.blockBytesMax)
    position = block.next
  }
  if (header.contentBytes === undefined) return outputBytes
  if (header.contentBytes > maxBytes) throw beyondLimit('lz4', maxBytes, 6)
  if (header.contentBytes > outputBytes) {
    throw broken('lz4', `the frame claims ${header.contentBytes} bytes, its blocks hold less`, 6)
  }
  return outputBytes
}

function decodeBlock(arena: Arena, header: Lz4Header, block: Lz4Block, to: number, maxBytes: number): number {
  const { content, end } = block
  if (header.blockChecksums && arena.xxhash32('source', content, end) !== int32At(arena.source, end)) {
    throw broken('lz4', 'wrong checksum of a block', end)
  }
  const limit = Math.min(arena.target.length, to + header.blockBytesMax)
  if (block.stored) {
    if (end - content > limit - to) throw beyondLimit('lz4', maxBytes, content)
    arena.target.set(arena.source.subarray(content, end), to)
    return to + end - content
  }
  const outcome = arena.lz4Decode(content, end, to, limit, header.linked ? 0 : to)
  if (outcome < 0) throw kernelFailure('lz4', outcome, content, { reached: limit === maxBytes, maxBytes })
  return outcome
}

function checkContent(input: Buffer, header: Lz4Header, arena: Arena, position: number, to: number): void {
  if (header.contentBytes !== undefined && header.contentBytes !== to) {
    throw broken('lz4', `the frame claims ${header.contentBytes} bytes and holds ${to}`, 6)
  }
  if (!header.contentChecksum) return
  need(input, position, 4)
  if (arena.xxhash32('target', 0, to) !== input.readInt32LE(position)) {
    throw broken('lz4', 'wrong checksum of the content', position)
  }
}

/** Encodes one frame as Kafka does; for message format 0 with the checksum that its clients expect. */
export function compressLz4(input: Buffer, magic: number, openArena: OpenArena): Buffer {
  const blocks = Math.ceil(input.length / BLOCK_BYTES)
  const arena = openArena(input, HEADER_BYTES + input.length + blocks * 4 + 4)
  const view = new DataView(arena.target.buffer, arena.target.byteOffset, arena.target.length)
  view.setUint32(0, LZ4_MAGIC, true)
  view.setUint8(4, FLAGS)
  view.setUint8(5, SIZES)
  view.setUint8(6, headerChecksum(arena.target, magic === 0 ? 0 : 4, 6))
  let to = HEADER_BYTES
  for (let from = 0; from < input.length; from += BLOCK_BYTES) {
    const end = Math.min(from + BLOCK_BYTES, input.length)
    // One byte less than the block, so that it pays.
    const coded = arena.lz4Encode(from, end, to + 4, to + 4 + end - from - 1)
    if (coded === 0) arena.target.set(arena.source.subarray(from, end), to + 4)
    const next = coded === 0 ? to + 4 + end - from : coded
    view.setUint32(to, coded === 0 ? ((end - from) | 0x80000000) >>> 0 : coded - to - 4, true)
    to = next
  }
  view.setUint32(to, 0, true)
  return arena.take(to + 4)
}

function int32At(bytes: Uint8Array, position: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + position, 4).getInt32(0, true)
}
