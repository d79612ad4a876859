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

@inline export function copyPlain(target: Bytes, to: i32, source: Bytes, from: i32, count: i32): i32 {
  let write = target + to
  let read = source + from
  for (let done: i32 = 0; done < count; done += 16) {
    const bytes = v128.load(read)
    v128.store(write, bytes)
    // Signed: what is beyond ASCII is below the blank too.
    const control = i8x16.lt_s(bytes, i8x16.splat(0x20))
    const quote = i8x16.eq(bytes, i8x16.splat(0x22))
    const backslash = i8x16.eq(bytes, i8x16.splat(0x5c))
    const del = i8x16.eq(bytes, i8x16.splat(0x7f))
    const marks = i8x16.bitmask(v128.or(v128.or(control, quote), v128.or(backslash, del)))
    if (marks !== 0) {
      const plain = done + ctz(marks)
      return plain < count ? plain : count
    }
    write += 16
    read += 16
  }
  return count
}
