// What memory.ts exports, for the module: `Bytes` and `Ints` are addresses, so nothing is checked here.
// Copies may read and write up to 32 bytes too many; there is always that much room behind a buffer.

export type Bytes = usize
export type Ints = usize

@inline export function at(bytes: Bytes, index: i32): i32 {
  return load<u8>(bytes + index)
}

@inline export function put(bytes: Bytes, index: i32, value: i32): void {
  store<u8>(bytes + index, value)
}

@inline export function at16(bytes: Bytes, index: i32): i32 {
  return load<u16>(bytes + index)
}

@inline export function at32(bytes: Bytes, index: i32): i32 {
  return load<i32>(bytes + index)
}

@inline export function put16(bytes: Bytes, index: i32, value: i32): void {
  store<u16>(bytes + index, value)
}

@inline export function put32(bytes: Bytes, index: i32, value: i32): void {
  store<i32>(bytes + index, value)
}

@inline export function intAt(ints: Ints, index: i32): i32 {
  return load<i32>(ints + (index << 2))
}

@inline export function putInt(ints: Ints, index: i32, value: i32): void {
  store<i32>(ints + (index << 2), value)
}

export function fillInts(ints: Ints, from: i32, count: i32, value: i32): void {
  const words = i32x4.splat(value)
  let to = ints + (from << 2)
  const end = to + (count << 2)
  for (; to < end; to += 16) v128.store(to, words)
}

@inline export function multiply(a: i32, b: i32): i32 {
  return a * b
}

@inline export function multiplyHigh(a: i32, b: i32): i32 {
  return <i32>((<u64>(<u32>a) * <u64>(<u32>b)) >> 32)
}

@inline export function divide(a: i32, b: i32): i32 {
  return a / b
}

@inline export function smaller(a: i32, b: i32): i32 {
  return a < b ? a : b
}

@inline export function larger(a: i32, b: i32): i32 {
  return a > b ? a : b
}

@inline export function leadingZeros(value: i32): i32 {
  return clz(value)
}

@inline export function fill(bytes: Bytes, from: i32, count: i32, value: i32): void {
  memory.fill(bytes + from, <u8>value, count)
}

@inline export function copy(target: Bytes, to: i32, source: Bytes, from: i32, count: i32): void {
  let write = target + to
  let read = source + from
  v128.store(write, v128.load(read))
  if (count <= 16) return
  if (count > 512) {
    memory.copy(write, read, count)
    return
  }
  const end = write + count
  do {
    write += 16
    read += 16
    v128.store(write, v128.load(read))
  } while (write + 16 < end)
}

@inline export function repeat(target: Bytes, to: i32, distance: i32, count: i32): void {
  let write = target + to
  if (distance < 16) {
    repeatNear(write, distance, count)
    return
  }
  let read = write - distance
  v128.store(write, v128.load(read))
  if (count <= 16) return
  const end = write + count
  do {
    write += 16
    read += 16
    v128.store(write, v128.load(read))
  } while (write + 16 < end)
}

function repeatNear(from: usize, distance: i32, count: i32): void {
  let write = from
  const end = from + count
  if (distance === 1) {
    const bytes = i8x16.splat(load<u8>(write - 1))
    do {
      v128.store(write, bytes)
      write += 16
    } while (write < end)
    return
  }
  // Grow what is repeated to at least eight bytes, by single steps; from there eight at a time.
  let step = distance
  while (step < 8) step += distance
  const grown = write + (step - distance)
  const stop = grown < end ? grown : end
  while (write < stop) {
    store<u8>(write, load<u8>(write - distance))
    write++
  }
  if (write >= end) return
  let read = write - step
  do {
    store<u64>(write, load<u64>(read))
    write += 8
    read += 8
  } while (write < end)
}

@inline export function sameFor(bytes: Bytes, a: i32, b: i32, end: i32): i32 {
  let next = b
  const back = a - b
  while (next + 8 <= end) {
    const difference = load<u64>(bytes + next) ^ load<u64>(bytes + next + back)
    if (difference !== 0) return next - b + (<i32>ctz(difference) >> 3)
    next += 8
  }
  while (next < end && load<u8>(bytes + next) === load<u8>(bytes + next + back)) next++
  return next - b
}
