import type { Arena, OpenArena } from './arena.ts'
import { beyondLimit, broken, kernelFailure } from './failures.ts'
import { snappyPreamble } from './kernels/snappy.ts'

/**
 * Java clients and sarama write blocks in the framing of xerial's library: a header, then each block
 * behind its length. librdkafka writes a single bare block. Readers tell them apart by the header.
 */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
/** Magic, version, oldest version that can read it. */
const XERIAL_HEADER_BYTES = 16
/** A length that is the beginning of a header: streams were joined (snappy-java 1.1.2). */
const XERIAL_MAGIC_HEAD = XERIAL_MAGIC.readInt32BE(0)
const XERIAL_CHUNK_BYTES = 32768

export type SnappyFraming = 'xerial' | 'raw'

interface Block {
  /** Where it begins, and where its elements begin, behind the length. */
  start: number
  content: number
  end: number
  outputBytes: number
}

export function decompressSnappy(input: Buffer, maxBytes: number, openArena: OpenArena): Buffer {
  let outputBytes = 0
  eachBlock(input, (block) => {
    outputBytes += block.outputBytes
    if (outputBytes > maxBytes) throw beyondLimit('snappy', maxBytes, block.start)
  })
  const arena = openArena(input, outputBytes)
  let to = 0
  eachBlock(input, (block) => {
    to = decodeBlock(arena, block, to)
  })
  return arena.take(to)
}

function decodeBlock(arena: Arena, block: Block, to: number): number {
  const outcome = arena.snappyDecode(block.content, block.end, to, to + block.outputBytes)
  if (outcome < 0) throw kernelFailure('snappy', outcome, block.start, { reached: false, maxBytes: 0 })
  return outcome
}

function eachBlock(input: Buffer, visit: (block: Block) => void): void {
  if (input.length === 0) throw broken('snappy', 'no data', 0)
  if (input.length < XERIAL_HEADER_BYTES || !input.subarray(0, 8).equals(XERIAL_MAGIC)) {
    visit(blockAt(input, 0, input.length))
    return
  }
  // As in snappy-java, the first header's versions are not looked at, and one to three bytes too many
  // at the end pass for the end.
  let position = XERIAL_HEADER_BYTES
  while (input.length - position >= 4) {
    const size = input.readInt32BE(position)
    if (size === XERIAL_MAGIC_HEAD) {
      position = joinedStream(input, position)
      continue
    }
    const start = position + 4
    if (size < 0) throw broken('snappy', `a chunk of ${size} bytes`, position)
    if (size > input.length - start) throw broken('snappy', 'the data ends too early', input.length)
    visit(blockAt(input, start, start + size))
    position = start + size
  }
}

function joinedStream(input: Buffer, position: number): number {
  if (input.length - position < XERIAL_HEADER_BYTES) {
    throw broken('snappy', 'the data ends within a header', input.length)
  }
  const version = input.readInt32BE(position + 8)
  if (version < 1) throw broken('snappy', `version ${version} of the framing`, position + 8)
  return position + XERIAL_HEADER_BYTES
}

/** Reads the length in front of a block, and holds it against what the block's bytes can make. */
function blockAt(input: Buffer, start: number, end: number): Block {
  let outputBytes = 0
  let position = start
  for (let shift = 0; ; shift += 7) {
    if (position >= end) throw broken('snappy', 'the data ends too early', position)
    const byte = input[position++] as number
    outputBytes += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
    if (shift === 28) throw broken('snappy', 'the length of a block is malformed', start)
  }
  if (outputBytes > expansionMax(end - position)) {
    throw broken('snappy', `a block claims ${outputBytes} bytes, which ${end - start} cannot make`, start)
  }
  return { start, content: position, end, outputBytes }
}

/** The densest element makes 64 bytes of three. */
function expansionMax(size: number): number {
  return Math.ceil((size * 64) / 3)
}

export function compressSnappy(input: Buffer, framing: SnappyFraming, openArena: OpenArena): Buffer {
  if (framing === 'raw') {
    const arena = openArena(input, encodedMax(input.length))
    const start = snappyPreamble(arena.target, 0, input.length)
    return arena.take(arena.snappyEncode(0, input.length, start))
  }
  const chunks = Math.ceil(input.length / XERIAL_CHUNK_BYTES)
  const arena = openArena(input, XERIAL_HEADER_BYTES + chunks * (4 + encodedMax(XERIAL_CHUNK_BYTES)))
  const view = new DataView(arena.target.buffer, arena.target.byteOffset, arena.target.length)
  arena.target.set(XERIAL_MAGIC)
  view.setInt32(8, 1)
  view.setInt32(12, 1)
  let to = XERIAL_HEADER_BYTES
  for (let from = 0; from < input.length; from += XERIAL_CHUNK_BYTES) {
    const end = Math.min(from + XERIAL_CHUNK_BYTES, input.length)
    const start = snappyPreamble(arena.target, to + 4, end - from)
    const next = arena.snappyEncode(from, end, start)
    view.setInt32(to, next - to - 4)
    to = next
  }
  return arena.take(to)
}

/** The bound that snappy's own encoder gives. */
function encodedMax(size: number): number {
  return 32 + size + Math.ceil(size / 6)
}
