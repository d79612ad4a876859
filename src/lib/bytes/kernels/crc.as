// A CRC-32 of any (reflected) polynomial, sixteen bytes a step, as sliced-crc.ts has it for runtimes without
// WebAssembly. There the same loop would be slow until it has been compiled; here it is fast from its first byte.

const SLICES: u32 = 16
/** Table n, of 1 KiB each, holds what a byte contributes when n more bytes follow it in the step. */
const TABLES: usize = 1024

export function prepare(polynomial: u32): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    store<u32>(TABLES + (byte << 2), crc)
  }
  for (let i: u32 = 256; i < SLICES * 256; i++) {
    const previous = load<u32>(TABLES + ((i - 256) << 2))
    store<u32>(TABLES + (i << 2), (previous >>> 8) ^ load<u32>(TABLES + ((previous & 255) << 2)))
  }
}

@inline function at(table: u32, byte: u32): u32 {
  return load<u32>(TABLES + (table << 10) + ((byte & 255) << 2))
}

@inline function four(word: u32, table: u32): u32 {
  return (
    at(table, word) ^ at(table - 1, word >>> 8) ^ at(table - 2, word >>> 16) ^ at(table - 3, word >>> 24)
  )
}

export function update(from: usize, count: u32, before: u32): u32 {
  let crc = ~before
  let read = from
  const end = from + count
  for (; read + 16 <= end; read += 16) {
    crc =
      four(load<u32>(read) ^ crc, 15) ^
      four(load<u32>(read + 4), 11) ^
      four(load<u32>(read + 8), 7) ^
      four(load<u32>(read + 12), 3)
  }
  for (; read < end; read++) crc = (crc >>> 8) ^ at(0, crc ^ load<u8>(read))
  return ~crc
}
