import type { OpenArena } from './arena.ts'
import { BLOCK_BYTES } from './kernels/zstd-work.ts'

const MAGIC = 0xfd2fb528
/** Up to here the frame is its own window; from here on it slides, as far as the encoder looks back. */
const WINDOW_LOG_MAX = 23
const HASH_LOG_MIN = 8
const HASH_LOG_MAX = 16
/** What an encoder may write of a block before it finds that it does not pay. */
const BLOCK_ROOM = 2 * BLOCK_BYTES + 1024
const RAW = 0
const COMPRESSED = 2

/** Encodes one frame, at one level: about what the reference encoder makes at its level 1 to 3. */
export function compressZstd(input: Uint8Array, openArena: OpenArena): Buffer {
  const blocks = Math.ceil(input.length / BLOCK_BYTES)
  const arena = openArena(input, input.length + blocks * 3 + BLOCK_ROOM)
  const view = new DataView(arena.target.buffer, arena.target.byteOffset, arena.target.length)
  let to = putHeader(view, input.length)
  arena.zstdStartEncoding(Math.min(Math.max(32 - Math.clz32(input.length), HASH_LOG_MIN), HASH_LOG_MAX))
  let from = 0
  do {
    const end = Math.min(from + BLOCK_BYTES, input.length)
    const coded = end === from ? 0 : arena.zstdEncode(from, end, to + 3)
    if (coded === 0) arena.target.set(arena.source.subarray(from, end), to + 3)
    const next = coded === 0 ? to + 3 + end - from : coded
    const kind = coded === 0 ? RAW : COMPRESSED
    const header = (end === input.length ? 1 : 0) | (kind << 1) | ((next - to - 3) << 3)
    view.setUint16(to, header & 0xffff, true)
    view.setUint8(to + 2, header >>> 16)
    to = next
    from = end
  } while (from < input.length)
  return arena.take(to)
}

/** The header tells the size, which lets readers allocate once. */
function putHeader(view: DataView, size: number): number {
  view.setUint32(0, MAGIC, true)
  const single = size <= 2 ** WINDOW_LOG_MAX
  if (!single) {
    view.setUint8(4, 0x80)
    view.setUint8(5, (WINDOW_LOG_MAX - 10) << 3)
    view.setUint32(6, size, true)
    return 10
  }
  if (size < 256) {
    view.setUint8(4, 0x20)
    view.setUint8(5, size)
    return 6
  }
  if (size < 65536 + 256) {
    view.setUint8(4, 0x60)
    view.setUint16(5, size - 256, true)
    return 7
  }
  view.setUint8(4, 0xa0)
  view.setUint32(5, size, true)
  return 9
}
