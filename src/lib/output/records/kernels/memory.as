// What memory.ts exports, for the module: `Bytes` and `Ints` are addresses, so nothing is checked here.
// Copies may read and write up to 16 bytes too many; there is always that much room behind a buffer.

export type Bytes = usize
export type Ints = usize

@inline export function at(bytes: Bytes, index: i32): i32 {
  return load<u8>(bytes + index)
}

@inline export function put(bytes: Bytes, index: i32, value: i32): void {
  store<u8>(bytes + index, value)
}

@inline export function intAt(ints: Ints, index: i32): i32 {
  return load<i32>(ints + (index << 2))
}

@inline export function divide(a: i32, b: i32): i32 {
  return <i32>(<u32>a / <u32>b)
}

@inline export function copy(target: Bytes, to: i32, source: Bytes, from: i32, count: i32): void {
  let write = target + to
  let read = source + from
  const end = write + count
  do {
    v128.store(write, v128.load(read))
    write += 16
    read += 16
  } while (write < end)
}

@inline export function putInt(ints: Ints, index: i32, value: i32): void {
  store<i32>(ints + (index << 2), value)
}

export const MOST_ESCAPED: i32 = 4096

export function copyEscaping(target: Bytes, to: i32, source: Bytes, from: i32, count: i32): i32 {
  const start = source + from
  const end = start + count
  let write = target + to
  let read = start
  let escapes: i32 = 0
  while (read < end) {
    const bytes = v128.load(read)
    v128.store(write, bytes)
    // Signed: what is beyond ASCII is below the blank too.
    const control = i8x16.lt_s(bytes, i8x16.splat(0x20))
    const quote = i8x16.eq(bytes, i8x16.splat(0x22))
    const backslash = i8x16.eq(bytes, i8x16.splat(0x5c))
    const del = i8x16.eq(bytes, i8x16.splat(0x7f))
    let marks = i8x16.bitmask(v128.or(v128.or(control, quote), v128.or(backslash, del)))
    let size: i32 = 16
    if (read + 16 > end) {
      size = <i32>(end - read)
      marks &= (1 << size) - 1
    }
    let done: i32 = 0
    while (marks !== 0) {
      const mark = ctz(marks)
      const byte = load<u8>(read + mark)
      write += mark - done
      if (byte !== 0x22 && byte !== 0x5c) return <i32>(read - start) + mark + (escapes << 16)
      store<u8>(write, 0x5c)
      write++
      v128.store(write, v128.load(read + mark))
      done = mark
      escapes++
      marks &= marks - 1
    }
    write += size - done
    read += size
  }
  return count + (escapes << 16)
}
