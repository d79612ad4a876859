import type { JsonValue } from './formats.ts'

/** IEEE 754 in 4 or 8 bytes, big-endian, as Java's serializers write them. */
export interface Floating {
  readonly sizeBytes: 4 | 8
  readonly read: (bytes: Buffer) => number
  readonly write: (bytes: Buffer, value: number) => void
}

export const float: Floating = {
  sizeBytes: 4,
  read: (bytes) => shortest(bytes.readFloatBE()),
  write: (bytes, value) => void bytes.writeFloatBE(value),
}

export const double: Floating = {
  sizeBytes: 8,
  read: (bytes) => bytes.readDoubleBE(),
  write: (bytes, value) => void bytes.writeDoubleBE(value),
}

/** What JSON has no numbers for, by the names that Java gives them. */
const NAMED: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/i
/** As many digits tell any two floats apart. */
const FLOAT_DIGITS = 9

/** Undefined where the bytes are not of this kind; NaN has many forms, of which one has a name. */
export function floatingOf(kind: Floating, bytes: Buffer): JsonValue | undefined {
  if (bytes.length !== kind.sizeBytes) return undefined
  const value = kind.read(bytes)
  const shown = [...NAMED].find(([, named]) => Object.is(named, value))?.[0] ?? value
  return floatingBytes(kind, shown)?.equals(bytes) === true ? shown : undefined
}

/** Undefined for what is no number, or too large to be one of this kind. */
export function floatingBytes(kind: Floating, value: JsonValue): Buffer | undefined {
  const number = numberOf(value)
  if (number === undefined) return undefined
  const bytes = Buffer.alloc(kind.sizeBytes)
  kind.write(bytes, number)
  return Number.isFinite(number) && !Number.isFinite(kind.read(bytes)) ? undefined : bytes
}

function numberOf(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const named = NAMED.get(value)
  if (named !== undefined) return named
  const number = NUMBER.test(value) ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

/** The shortest digits that are this float and no other: 0.1, where a double would go on with 00000149. */
function shortest(value: number): number {
  for (let digits = 1; digits <= FLOAT_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Object.is(Math.fround(short), value)) return short
  }
  return value
}
