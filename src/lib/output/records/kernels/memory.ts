/**
 * The few things that the kernel does to memory, in JavaScript. The kernel is written once and runs twice, as
 * those of compression do: here `Bytes` is a typed array, in `memory.as` it is an address in the module.
 */

export type i32 = number
export type Bytes = Uint8Array
export type Ints = Int32Array

export function at(bytes: Bytes, index: i32): i32 {
  return bytes[index] as number
}

export function put(bytes: Bytes, index: i32, value: i32): void {
  bytes[index] = value
}

export function intAt(ints: Ints, index: i32): i32 {
  return ints[index] as number
}

/** The quotient of two positive numbers, without its fraction. */
export function divide(a: i32, b: i32): i32 {
  return Math.floor(a / b)
}

/** The module's version may write up to 16 bytes more than it was asked to. */
export function copy(target: Bytes, to: i32, source: Bytes, from: i32, count: i32): void {
  for (let i = 0; i < count; i++) target[to + i] = source[from + i] as number
}

export function putInt(ints: Ints, index: i32, value: i32): void {
  ints[index] = value
}

/** What `copyEscaping` may be asked for at once. */
export const MOST_ESCAPED: i32 = 4096

/**
 * Copies printable ASCII, a backslash before each quote and backslash, up to the first byte that is something
 * else. Returns how many bytes it took, and 2¹⁶ for each backslash that it put in.
 * The module's version may write up to 16 bytes more.
 */
export function copyEscaping(target: Bytes, to: i32, source: Bytes, from: i32, count: i32): i32 {
  let write = to
  for (let i = 0; i < count; i++) {
    const byte = source[from + i] as number
    if (byte < 0x20 || byte > 0x7e) return i + ((write - to - i) << 16)
    if (byte === 0x22 || byte === 0x5c) target[write++] = 0x5c
    target[write++] = byte
  }
  return count + ((write - to - count) << 16)
}
