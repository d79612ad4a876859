import { Re2Error } from './re2-error.ts'
import type { Scanner } from './scanner.ts'

const named: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
])

/** The code point behind a backslash, which was passed already. */
export function parseEscape(text: Scanner): number {
  if (!text.hasMore) throw new Re2Error('trailing backslash at end of expression')
  const point = text.next()
  const code = named.get(point)
  if (code !== undefined) return code
  if (point === 'x') return parseHex(text)
  if (/^[0-7]$/.test(point)) return parseOctal(text, point)
  if (/^[0-9A-Za-z]$/.test(point)) throw invalid()
  return point.codePointAt(0) ?? 0
}

/** A single digit but 0 would be a reference to what was matched before, which there is not. */
function parseOctal(text: Scanner, first: string): number {
  if (first !== '0' && !/^[0-7]$/.test(text.peek())) throw invalid()
  let digits = first
  while (digits.length < 3 && /^[0-7]$/.test(text.peek())) digits += text.next()
  return Number.parseInt(digits, 8)
}

function parseHex(text: Scanner): number {
  const digits = text.skip('{') ? text.until('}') : text.next() + text.next()
  const isWhole = digits !== null && /^[0-9A-Fa-f]+$/.test(digits)
  const code = isWhole ? Number.parseInt(digits, 16) : Number.NaN
  if (!(code <= 0x10_ffff)) throw invalid()
  return code
}

function invalid(): Re2Error {
  return new Re2Error('invalid escape sequence')
}
