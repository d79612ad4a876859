/** A file that was broken in one way. */
export interface Mutant {
  readonly how: string
  readonly bytes: Buffer
  /** The parts of the original that are still whole, and how far they moved. */
  readonly kept: readonly Kept[]
}

export interface Kept {
  readonly from: number
  readonly to: number
  readonly shift: number
}

/** All the ways to break one file of one kind; made one by one when asked for, as there are many. */
interface Family {
  readonly count: number
  readonly at: (index: number) => Mutant
}

const LONGEST_TAIL = 1024
const SECTOR = 512
/** Numbers that somebody believes to be a length, a count or a place. */
const hostileInt32 = [-1, 0, 1, 13, 0x7fffffff, -0x80000000, 0x7ffffff3, 0x01000000]
/** Numbers of 10, 5 and 6 bytes, −1 and one that ends in nothing, in the variable length that records have. */
const hostileVarint = [
  'ffffffffffffffffff01',
  'ffffffff0f',
  'fffffffffff0',
  '01',
  '8080808000',
  'feffffff0f',
].map((hex) => Buffer.from(hex, 'hex'))

/** Which of them there are. */
export type Ways = 'every way' | 'flips and truncations'

/** Every mutant of a file. `garbage` fills what is appended. */
export class Mutants {
  readonly count: number
  readonly #families: readonly Family[]

  constructor(bytes: Buffer, garbage: Buffer, ways: Ways = 'every way') {
    const simple = [flips(bytes), truncations(bytes)]
    const others = () => [
      zeroTails(bytes),
      garbageTails(bytes, garbage),
      ...sectors(bytes),
      splices(bytes),
      ...hostileInt32.map((value) => int32s(bytes, value)),
      ...hostileVarint.map((value) => overwrites(bytes, value, `the varint ${value.toString('hex')}`)),
    ]
    this.#families = ways === 'every way' ? [...simple, ...others()] : simple
    this.count = this.#families.reduce((sum, { count }) => sum + count, 0)
  }

  at(index: number): Mutant {
    let left = index
    for (const family of this.#families) {
      if (left < family.count) return family.at(left)
      left -= family.count
    }
    throw new Error(`there are ${this.count} mutants, none at ${index}`)
  }
}

function flips(bytes: Buffer): Family {
  const at = (bit: number) => {
    const byte = bit >> 3
    const mutant = Buffer.from(bytes)
    mutant.writeUInt8(bytes.readUInt8(byte) ^ (1 << (bit & 7)), byte)
    return { how: `bit ${bit & 7} of byte ${byte} flipped`, bytes: mutant, kept: around(bytes, byte, 1) }
  }
  return { count: bytes.length * 8, at }
}

function truncations(bytes: Buffer): Family {
  const at = (length: number) => ({
    how: `cut to ${length} bytes`,
    bytes: Buffer.from(bytes.subarray(0, length)),
    kept: [{ from: 0, to: length, shift: 0 }],
  })
  return { count: bytes.length, at }
}

function zeroTails(bytes: Buffer): Family {
  return tails(bytes, Buffer.alloc(LONGEST_TAIL), 'zeros')
}

function garbageTails(bytes: Buffer, garbage: Buffer): Family {
  return tails(bytes, garbage.subarray(0, LONGEST_TAIL), 'bytes of garbage')
}

function tails(bytes: Buffer, tail: Buffer, what: string): Family {
  const at = (index: number) => ({
    how: `${index + 1} ${what} behind it`,
    bytes: Buffer.concat([bytes, tail.subarray(0, index + 1)]),
    kept: [{ from: 0, to: bytes.length, shift: 0 }],
  })
  return { count: tail.length, at }
}

function sectors(bytes: Buffer): Family[] {
  const count = Math.ceil(bytes.length / SECTOR)
  const whole = Math.floor(bytes.length / SECTOR)
  const sector = (index: number) => bytes.subarray(index * SECTOR, (index + 1) * SECTOR)
  const zeroed = (index: number) => {
    const mutant = Buffer.from(bytes)
    mutant.fill(0, index * SECTOR, Math.min(bytes.length, (index + 1) * SECTOR))
    return { how: `sector ${index} is zeros`, bytes: mutant, kept: around(bytes, index * SECTOR, SECTOR) }
  }
  const doubled = (index: number) => {
    const end = Math.min(bytes.length, (index + 1) * SECTOR)
    const size = end - index * SECTOR
    const kept = [
      { from: 0, to: end, shift: 0 },
      { from: end, to: bytes.length, shift: size },
    ]
    const parts = [bytes.subarray(0, end), sector(index), bytes.subarray(end)]
    return { how: `sector ${index} is there twice`, bytes: Buffer.concat(parts), kept }
  }
  const swapped = (index: number) => {
    const [a, b] = [Math.floor(index / whole), index % whole].sort((x, y) => x - y) as [number, number]
    const mutant = Buffer.from(bytes)
    sector(b).copy(mutant, a * SECTOR)
    sector(a).copy(mutant, b * SECTOR)
    const kept = [
      { from: 0, to: a * SECTOR, shift: 0 },
      { from: (a + 1) * SECTOR, to: b * SECTOR, shift: 0 },
      { from: (b + 1) * SECTOR, to: bytes.length, shift: 0 },
    ]
    return {
      how: `sectors ${a} and ${b} have changed places`,
      bytes: mutant,
      kept: a === b ? [all(bytes)] : kept,
    }
  }
  return [
    { count, at: zeroed },
    { count, at: doubled },
    { count: whole * whole, at: swapped },
  ]
}

/** A piece from the middle is gone: the file goes on somewhere behind. */
function splices(bytes: Buffer): Family {
  const at = (index: number) => {
    const from = index
    const lost = 1 + ((index * 193) % 700)
    const to = Math.min(bytes.length, from + lost)
    const kept = [
      { from: 0, to: from, shift: 0 },
      { from: to, to: bytes.length, shift: from - to },
    ]
    const parts = [bytes.subarray(0, from), bytes.subarray(to)]
    return { how: `bytes ${from} to ${to} are missing`, bytes: Buffer.concat(parts), kept }
  }
  return { count: bytes.length, at }
}

function int32s(bytes: Buffer, value: number): Family {
  const written = Buffer.alloc(4)
  written.writeInt32BE(value)
  return overwrites(bytes, written, `the int32 ${value}`)
}

function overwrites(bytes: Buffer, written: Buffer, what: string): Family {
  const at = (position: number) => {
    const mutant = Buffer.from(bytes)
    written.copy(mutant, position)
    return { how: `${what} at ${position}`, bytes: mutant, kept: around(bytes, position, written.length) }
  }
  return { count: Math.max(0, bytes.length - written.length + 1), at }
}

function around(bytes: Buffer, position: number, length: number): Kept[] {
  return [
    { from: 0, to: position, shift: 0 },
    { from: Math.min(bytes.length, position + length), to: bytes.length, shift: 0 },
  ]
}

function all(bytes: Buffer): Kept {
  return { from: 0, to: bytes.length, shift: 0 }
}
