import type { Arena, OpenArena } from './arena.ts'
import { beyondLimit, broken, kernelFailure } from './failures.ts'
import { FULL } from './kernels/outcome.ts'
import { type ZstdFrame, zstdBlockAt, zstdFrameAt } from './zstd-frame.ts'
import type { NativeZstd } from './zstd-native.ts'

/** Smaller input is done here before the runtime's decoder has set itself up. */
const NATIVE_BYTES_MIN = 4096
/** The runtime's decoder allocates a frame's window, whatever the frame holds; ours has no need of one. */
const NATIVE_WINDOW_BYTES_MAX = 2 ** 23

/** Decodes one frame after the other. */
export function decompressZstd(
  input: Buffer,
  maxBytes: number,
  openArena: OpenArena,
  native?: NativeZstd,
): Buffer {
  const outputBytesMax = measure(input, maxBytes)
  const output = native === undefined ? undefined : decompressNatively(input, outputBytesMax, native)
  return output ?? decompressFrames(input, outputBytesMax, maxBytes, openArena)
}

/** The usual case of one frame. What the runtime refuses is done again, to learn why and where. */
function decompressNatively(input: Buffer, outputBytesMax: number, native: NativeZstd): Buffer | undefined {
  if (input.length < NATIVE_BYTES_MIN) return undefined
  const frame = zstdFrameAt(input, 0)
  if (frame.end !== input.length || frame.windowBytes > NATIVE_WINDOW_BYTES_MAX) return undefined
  try {
    return native.decompress(
      input,
      outputBytesMax,
      frame.contentBytes ?? Math.min(outputBytesMax, input.length * 8),
    )
  } catch {
    return undefined
  }
}

function decompressFrames(
  input: Buffer,
  outputBytesMax: number,
  maxBytes: number,
  openArena: OpenArena,
): Buffer {
  const arena = openArena(input, outputBytesMax)
  let to = 0
  for (let position = 0; position < input.length; ) {
    const frame = zstdFrameAt(input, position)
    to = decodeFrame(input, frame, arena, to, maxBytes)
    position = frame.end
  }
  return arena.take(to)
}

/** How much can come out of all frames, at most; walking over them also proves them complete. */
function measure(input: Buffer, maxBytes: number): number {
  if (input.length === 0) throw broken('zstd', 'no data', 0)
  let outputBytes = 0
  for (let position = 0; position < input.length; ) {
    const frame = zstdFrameAt(input, position)
    if (frame.contentBytes !== undefined && frame.contentBytes > maxBytes) {
      throw beyondLimit('zstd', maxBytes, position)
    }
    outputBytes = Math.min(maxBytes, outputBytes + (frame.contentBytes ?? frame.outputBytesMax))
    position = frame.end
  }
  return outputBytes
}

function decodeFrame(input: Buffer, frame: ZstdFrame, arena: Arena, floor: number, maxBytes: number): number {
  if (frame.skippable) return floor
  const room = Math.min(maxBytes, floor + (frame.contentBytes ?? maxBytes))
  let to = floor
  arena.zstdStartFrame()
  for (let position = frame.blocks; ; ) {
    const block = zstdBlockAt(input, position, frame.blockBytesMax)
    const limit = Math.min(room, to + block.outputBytesMax)
    const failure = { reached: limit === maxBytes, maxBytes }
    if (block.kind === 'compressed') {
      const outcome = arena.zstdDecode(block.content, block.end, to, limit, floor)
      if (outcome < 0) throw kernelFailure('zstd', outcome, position, failure)
      to = outcome
    } else {
      if (block.outputBytesMax > limit - to) throw kernelFailure('zstd', FULL, position, failure)
      if (block.kind === 'raw') arena.target.set(input.subarray(block.content, block.end), to)
      else arena.target.fill(input[block.content] as number, to, limit)
      to = limit
    }
    position = block.end
    if (block.last) break
  }
  checkContent(frame, arena, floor, to)
  return to
}

function checkContent(frame: ZstdFrame, arena: Arena, floor: number, to: number): void {
  if (frame.contentBytes !== undefined && to - floor !== frame.contentBytes) {
    throw broken('zstd', `the frame claims ${frame.contentBytes} bytes and holds ${to - floor}`, frame.end)
  }
  if (frame.checksum !== undefined && arena.xxhash64Low('target', floor, to) !== frame.checksum) {
    throw broken('zstd', 'wrong checksum', frame.end - 4)
  }
}
