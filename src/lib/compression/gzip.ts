import { crc32, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib'
import { beyondLimit, broken } from './failures.ts'
import { gzipBodyAt } from './gzip-member.ts'

/** Deflate cannot make more of one byte. */
const EXPANSION_MAX = 1032
const CHUNK_BYTES_MIN = 4096
/** Nothing is known of a single member's size, and there may be many. */
const MEMBER_CHUNK_BYTES = 65536
const TRAILER_BYTES = 8
/** Of a header: on which system it was written. Java does not tell (RFC 1952). */
const SYSTEM_AT = 9
const UNKNOWN_SYSTEM = 255
/** What a header and a trailer take at least: Java's reader takes fewer bytes for the end, unseen. */
const MEMBER_BYTES_MIN = 18

/** Decodes one member after the other, and passes over what stands behind them and is none. */
export function decompressGzip(input: Buffer, maxBytes: number): Buffer {
  let output: Buffer
  try {
    output = gunzipSync(input, sizes(input, maxBytes))
  } catch (error) {
    if (isTooLarge(error)) throw beyondLimit('gzip', maxBytes)
    return decompressMembers(input, maxBytes)
  }
  if (output.length > maxBytes) throw beyondLimit('gzip', maxBytes)
  return output
}

export function compressGzip(input: Uint8Array, level: number | undefined): Buffer {
  const output = gzipSync(input, level === undefined ? {} : { level })
  output[SYSTEM_AT] = UNKNOWN_SYSTEM
  return output
}

/**
 * The runtime's decoder says of bad data neither where it is nor what came out before it, and it takes
 * bytes behind the last member for a bad one where Java does not. So what it refuses is gone through
 * again, member by member.
 */
function decompressMembers(input: Buffer, maxBytes: number): Buffer {
  const parts: Buffer[] = []
  let outputBytes = 0
  for (let position = 0; ; ) {
    const start = gzipBodyAt(input, position)
    if (start === undefined) {
      if (position === 0) throw broken('gzip', 'no header', 0)
      break
    }
    const { part, end } = member(input, position, start, maxBytes - outputBytes, maxBytes)
    parts.push(part)
    outputBytes += part.length
    position = end
    if (input.length - position <= MEMBER_BYTES_MIN) break
  }
  return Buffer.concat(parts, outputBytes)
}

function member(
  input: Buffer,
  position: number,
  start: number,
  room: number,
  maxBytes: number,
): { part: Buffer; end: number } {
  const { part, size } = inflate(input.subarray(start), position, room, maxBytes)
  const trailer = start + size
  if (input.length - trailer < TRAILER_BYTES) throw broken('gzip', 'the data ends too early', input.length)
  if (input.readUInt32LE(trailer) !== crc32(part)) throw broken('gzip', 'wrong checksum', trailer)
  if (input.readUInt32LE(trailer + 4) !== part.length) throw broken('gzip', 'wrong length', trailer + 4)
  return { part, end: trailer + TRAILER_BYTES }
}

function inflate(
  body: Buffer,
  position: number,
  room: number,
  maxBytes: number,
): { part: Buffer; size: number } {
  try {
    const options = { chunkSize: MEMBER_CHUNK_BYTES, maxOutputLength: Math.max(room, 1), info: true }
    // With `info` it returns more than its type says.
    const result = inflateRawSync(body, options) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    if (result.buffer.length > room) throw beyondLimit('gzip', maxBytes, position)
    return { part: result.buffer, size: result.engine.bytesWritten }
  } catch (error) {
    if (isTooLarge(error)) throw beyondLimit('gzip', maxBytes, position)
    if (isZlibError(error)) throw broken('gzip', error.message, position, error)
    throw error
  }
}

/** The last member's length, which it ends with, is the best guess at the whole, if the bytes can make it. */
function sizes(input: Buffer, room: number): { chunkSize: number; maxOutputLength: number } {
  const claimed = input.length < TRAILER_BYTES ? 0 : input.readUInt32LE(input.length - 4)
  const justified = Math.min(room, input.length * EXPANSION_MAX)
  const guess = claimed <= justified ? claimed : Math.min(justified, input.length * 4)
  // A chunk that is filled to the end would be followed by another, to find nothing.
  return { chunkSize: Math.max(guess + 64, CHUNK_BYTES_MIN), maxOutputLength: Math.max(room, 1) }
}

function isTooLarge(error: unknown): boolean {
  return isZlibError(error) && error.code === 'ERR_BUFFER_TOO_LARGE'
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && 'message' in error
}
