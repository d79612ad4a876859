import {
  DEFAULT_DISTANCES,
  DEFAULT_LENGTHS,
  DEFAULT_MATCHES,
  DISTANCE_BASES,
  DISTANCE_BITS,
  LENGTH_BASES,
  LENGTH_BITS,
  MATCH_BASES,
  MATCH_BITS,
} from './kernels/zstd-work.ts'

/** The tables of RFC 8878, sections 3.1.1.3.2.1.1 and 3.1.1.3.2.2. */
const lengthBits = [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const matchBits = [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const distanceBits = Array.from({ length: 32 }, (_, code) => code)
// biome-ignore format: as in the RFC
const defaultLengths = [
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]
// biome-ignore format: as in the RFC
const defaultMatches = [
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]
// biome-ignore format: as in the RFC
const defaultDistances = [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0)
}

/** Each code begins where the extra bits of the one before it end. */
function bases(bits: number[], first: number): number[] {
  let next = first
  return bits.map((width) => {
    const base = next
    next += 2 ** width
    return base
  })
}

/** Puts the format's constants where the Zstandard kernels look for them. */
export function setZstdConstants(work: Int32Array): void {
  work.set(bases(lengthBits, 0), LENGTH_BASES)
  work.set(lengthBits, LENGTH_BITS)
  work.set(bases(matchBits, 3), MATCH_BASES)
  work.set(matchBits, MATCH_BITS)
  work.set(bases(distanceBits, 1), DISTANCE_BASES)
  work.set(distanceBits, DISTANCE_BITS)
  work.set(defaultLengths, DEFAULT_LENGTHS)
  work.set(defaultMatches, DEFAULT_MATCHES)
  work.set(defaultDistances, DEFAULT_DISTANCES)
}
