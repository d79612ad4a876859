import { at, type Bytes, type i32, put } from './memory.ts'

/** Writes bytes as a string of base64, in quotes; `alphabet` is where its 64 characters are in `parts`. Returns where it ends. */
export function base64String(
  source: Bytes,
  from: i32,
  count: i32,
  target: Bytes,
  to: i32,
  parts: Bytes,
  alphabet: i32,
): i32 {
  const end = from + count
  let read = from
  let write = to + 1
  put(target, to, 0x22)
  while (end - read >= 3) {
    const bits = (at(source, read) << 16) | (at(source, read + 1) << 8) | at(source, read + 2)
    put(target, write, at(parts, alphabet + (bits >>> 18)))
    put(target, write + 1, at(parts, alphabet + ((bits >>> 12) & 63)))
    put(target, write + 2, at(parts, alphabet + ((bits >>> 6) & 63)))
    put(target, write + 3, at(parts, alphabet + (bits & 63)))
    read += 3
    write += 4
  }
  const left = end - read
  if (left > 0) {
    const bits = (at(source, read) << 16) | (left > 1 ? at(source, read + 1) << 8 : 0)
    put(target, write, at(parts, alphabet + (bits >>> 18)))
    put(target, write + 1, at(parts, alphabet + ((bits >>> 12) & 63)))
    put(target, write + 2, left > 1 ? at(parts, alphabet + ((bits >>> 6) & 63)) : 0x3d)
    put(target, write + 3, 0x3d)
    write += 4
  }
  put(target, write, 0x22)
  return write + 1
}
