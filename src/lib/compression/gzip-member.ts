import { crc32 } from 'node:zlib'

/** RFC 1952: flags of a member's header. */
const HEADER_CHECKSUM = 0x02
const EXTRA = 0x04
const NAME = 0x08
const COMMENT = 0x10
const DEFLATE = 8

/**
 * Where the compressed data of the member at `start` begins, or undefined if no member begins there.
 * As in Java, the reserved flags are not looked at.
 */
export function gzipBodyAt(input: Buffer, start: number): number | undefined {
  if (input.length - start < 10) return undefined
  if (input.readUInt16BE(start) !== 0x1f8b || input[start + 2] !== DEFLATE) return undefined
  const flags = input[start + 3] as number
  let position = start + 10
  if ((flags & EXTRA) !== 0) {
    if (input.length - position < 2) return undefined
    position += 2 + input.readUInt16LE(position)
  }
  if ((flags & NAME) !== 0) position = behindZero(input, position)
  if ((flags & COMMENT) !== 0) position = behindZero(input, position)
  if ((flags & HEADER_CHECKSUM) !== 0) {
    if (input.length - position < 2) return undefined
    const sum = crc32(input.subarray(start, position)) & 0xffff
    if (input.readUInt16LE(position) !== sum) return undefined
    position += 2
  }
  return position > input.length ? undefined : position
}

function behindZero(input: Buffer, position: number): number {
  const zero = input.indexOf(0, position)
  return zero < 0 ? input.length + 1 : zero + 1
}
