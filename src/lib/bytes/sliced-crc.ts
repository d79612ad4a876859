/**
 * The checksum of `bytes`, or of a part of them, as an unsigned 32-bit number. `before` is that of the bytes
 * in front of them, where they come piece by piece.
 */
export type Checksum = (bytes: Uint8Array, start?: number, end?: number, before?: number) => number

const SLICES = 16

/**
 * A CRC-32 of any (reflected) polynomial without native code: sixteen bytes a step, one table for each
 * distance from the end of the step ("slicing-by-16").
 */
export function slicedCrc(polynomial: number): Checksum {
  const t = tables(polynomial)
  return (bytes, start = 0, end = bytes.length, before = 0) => {
    const b = bytes as { readonly [index: number]: number }
    let crc = ~before
    let i = start
    for (const last = end - SLICES; i <= last; i += SLICES) {
      crc ^= word(b, i)
      const head = at(t, 3840 + (crc & 255)) ^ at(t, 3584 + ((crc >>> 8) & 255))
      const rest = at(t, 3328 + ((crc >>> 16) & 255)) ^ at(t, 3072 + (crc >>> 24))
      crc = head ^ rest ^ four(t, b, i + 4, 2816) ^ four(t, b, i + 8, 1792) ^ four(t, b, i + 12, 768)
    }
    for (; i < end; i++) crc = (crc >>> 8) ^ at(t, (crc ^ at(b, i)) & 255)
    return ~crc >>> 0
  }
}

type Numbers = { readonly [index: number]: number }

function at(numbers: Numbers, index: number): number {
  return numbers[index] as number
}

function word(bytes: Numbers, i: number): number {
  return at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24)
}

function four(t: Numbers, bytes: Numbers, i: number, table: number): number {
  const near = at(t, table + at(bytes, i)) ^ at(t, table - 256 + at(bytes, i + 1))
  return near ^ at(t, table - 512 + at(bytes, i + 2)) ^ at(t, table - 768 + at(bytes, i + 3))
}

/** Table n holds what a byte contributes when n more bytes follow it in the step. */
function tables(polynomial: number): Int32Array {
  const table = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    table[byte] = crc
  }
  for (let i = 256; i < table.length; i++) {
    const previous = at(table, i - 256)
    table[i] = (previous >>> 8) ^ at(table, previous & 255)
  }
  return table
}
