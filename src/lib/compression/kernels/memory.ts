/**
 * The few things that the kernels do to memory, in JavaScript.
 * The kernels are written once and run twice: TypeScript reads them with this file, where `Bytes` is
 * a typed array; `npm run wasm` compiles the same files with `memory.as`, where it is an address.
 * So a kernel keeps to 32-bit integers, plain functions and what is exported here.
 */

export type i32 = number
export type Bytes = Uint8Array
export type Ints = Int32Array

/** From this many bytes on, the runtime's own copy beats a loop in spite of the call. */
const LONG = 48

export function at(bytes: Bytes, index: i32): i32 {
  return bytes[index] as number
}

export function put(bytes: Bytes, index: i32, value: i32): void {
  bytes[index] = value
}

/** Little endian, as everything in these formats. */
export function at16(bytes: Bytes, index: i32): i32 {
  return (bytes[index] as number) | ((bytes[index + 1] as number) << 8)
}

/** Past the end of the array it reads zeros, where the module reads whatever lies there. */
export function at32(bytes: Bytes, index: i32): i32 {
  return (
    (bytes[index] as number) |
    ((bytes[index + 1] as number) << 8) |
    ((bytes[index + 2] as number) << 16) |
    ((bytes[index + 3] as number) << 24)
  )
}

export function put16(bytes: Bytes, index: i32, value: i32): void {
  bytes[index] = value
  bytes[index + 1] = value >>> 8
}

export function put32(bytes: Bytes, index: i32, value: i32): void {
  bytes[index] = value
  bytes[index + 1] = value >>> 8
  bytes[index + 2] = value >>> 16
  bytes[index + 3] = value >>> 24
}

export function intAt(ints: Ints, index: i32): i32 {
  return ints[index] as number
}

export function putInt(ints: Ints, index: i32, value: i32): void {
  ints[index] = value
}

export function fillInts(ints: Ints, from: i32, count: i32, value: i32): void {
  ints.fill(value, from, from + count)
}

export function multiply(a: i32, b: i32): i32 {
  return Math.imul(a, b)
}

/** The upper half of the product of two numbers taken as unsigned. */
export function multiplyHigh(a: i32, b: i32): i32 {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carried = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carried / 65536)) | 0
}

/** The quotient of two positive numbers, without its fraction. */
export function divide(a: i32, b: i32): i32 {
  return Math.floor(a / b)
}

export function smaller(a: i32, b: i32): i32 {
  return Math.min(a, b)
}

export function larger(a: i32, b: i32): i32 {
  return Math.max(a, b)
}

/** How many zero bits stand above the highest set one. */
export function leadingZeros(value: i32): i32 {
  return Math.clz32(value)
}

export function fill(bytes: Bytes, from: i32, count: i32, value: i32): void {
  bytes.fill(value, from, from + count)
}

/** Copies between two buffers. The module's version may write up to 32 bytes more than it was asked to. */
export function copy(target: Bytes, to: i32, source: Bytes, from: i32, count: i32): void {
  if (count >= LONG) {
    target.set(source.subarray(from, from + count), to)
    return
  }
  for (let i = 0; i < count; i++) target[to + i] = source[from + i] as number
}

/** Repeats what stands `distance` bytes before `to`, which may overlap what it writes. */
export function repeat(target: Bytes, to: i32, distance: i32, count: i32): void {
  if (count < LONG) {
    for (let i = to, end = to + count; i < end; i++) target[i] = target[i - distance] as number
    return
  }
  if (distance === 1) {
    target.fill(target[to - 1] as number, to, to + count)
    return
  }
  // Each round doubles what can be copied without overlap.
  const from = to - distance
  let done = 0
  while (done < count) {
    const part = Math.min(distance + done, count - done)
    target.copyWithin(to + done, from, from + part)
    done += part
  }
}

/** How many bytes are equal from `a` and from `b` on, where `b` stops at `end`. */
export function sameFor(bytes: Bytes, a: i32, b: i32, end: i32): i32 {
  let next = b
  while (next < end && bytes[a + next - b] === bytes[next]) next++
  return next - b
}
