import { at, type Bytes, copy, copyEscaping, type i32, MOST_ESCAPED, put } from './memory.ts'

/** The bytes are not UTF-8. */
export const NO_TEXT: i32 = -1

/**
 * Writes bytes as a string of JSON that is one line of plain text to every reader: what `jsonLine` makes of
 * the same text. Returns where it ends, or NO_TEXT.
 */
export function jsonString(source: Bytes, from: i32, count: i32, target: Bytes, to: i32): i32 {
  const end = from + count
  let read = from
  let write = to + 1
  put(target, to, 0x22)
  while (true) {
    const left = end - read
    const moved = copyEscaping(target, write, source, read, left < MOST_ESCAPED ? left : MOST_ESCAPED)
    const taken = moved & 0xffff
    read += taken
    write += taken + (moved >>> 16)
    if (read === end) break
    if (taken === MOST_ESCAPED) continue
    let byte = at(source, read)
    if (byte < 0x80) {
      write = escaped(target, write, byte)
      read++
      continue
    }
    // Most text beyond ASCII is a row of such characters: they are copied without looking for plain ones.
    while (byte >= 0x80) {
      const size = characterSize(source, read, end)
      if (size === 0) return NO_TEXT
      const unsafe = size === 4 ? 0 : unsafeCode(source, read, size)
      if (unsafe !== 0) write = unicodeEscape(target, write, unsafe)
      else {
        copy(target, write, source, read, size)
        write += size
      }
      read += size
      if (read === end) break
      byte = at(source, read)
    }
  }
  put(target, write, 0x22)
  return write + 1
}

/** How many bytes the character here has; 0 where it is none, as Unicode's table 3-7 defines it. */
function characterSize(source: Bytes, read: i32, end: i32): i32 {
  const first = at(source, read)
  const left = end - read
  if (first < 0xc2 || first > 0xf4 || left < 2) return 0
  const second = at(source, read + 1)
  if (first < 0xe0) return isNext(second) ? 2 : 0
  // No longer than needed, no surrogates, nothing beyond U+10FFFF.
  if (first === 0xe0 && second < 0xa0) return 0
  if (first === 0xed && second > 0x9f) return 0
  if (first === 0xf0 && second < 0x90) return 0
  if (first === 0xf4 && second > 0x8f) return 0
  if (!isNext(second) || left < 3 || !isNext(at(source, read + 2))) return 0
  if (first < 0xf0) return 3
  return left > 3 && isNext(at(source, read + 3)) ? 4 : 0
}

function isNext(byte: i32): boolean {
  return (byte & 0xc0) === 0x80
}

/** The code of a character that could drive a terminal or end a line (see sanitise.ts), or 0. */
function unsafeCode(source: Bytes, read: i32, size: i32): i32 {
  const first = at(source, read)
  const second = at(source, read + 1)
  if (size === 2) {
    if (first === 0xc2 && second < 0xa0) return second
    return first === 0xd8 && second === 0x9c ? 0x061c : 0
  }
  const third = at(source, read + 2)
  if (first === 0xe2 && second === 0x80) {
    const isUnsafe = third === 0x8e || third === 0x8f || (third >= 0xa8 && third <= 0xae)
    return isUnsafe ? 0x2000 | (third & 0x3f) : 0
  }
  if (first === 0xe2 && second === 0x81) return third >= 0xa6 && third <= 0xa9 ? 0x2040 | (third & 0x3f) : 0
  return first === 0xef && second === 0xbb && third === 0xbf ? 0xfeff : 0
}

/** A control character of ASCII. */
function escaped(target: Bytes, to: i32, byte: i32): i32 {
  let short: i32 = 0
  if (byte === 0x0a) short = 0x6e
  else if (byte === 0x0d) short = 0x72
  else if (byte === 0x09) short = 0x74
  else if (byte === 0x08) short = 0x62
  else if (byte === 0x0c) short = 0x66
  if (short === 0) return unicodeEscape(target, to, byte)
  put(target, to, 0x5c)
  put(target, to + 1, short)
  return to + 2
}

function unicodeEscape(target: Bytes, to: i32, code: i32): i32 {
  put(target, to, 0x5c)
  put(target, to + 1, 0x75)
  putHex(target, to + 2, code >>> 12)
  putHex(target, to + 3, (code >>> 8) & 15)
  putHex(target, to + 4, (code >>> 4) & 15)
  putHex(target, to + 5, code & 15)
  return to + 6
}

function putHex(target: Bytes, to: i32, digit: i32): void {
  put(target, to, digit < 10 ? 0x30 + digit : 0x57 + digit)
}
