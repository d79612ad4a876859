import { UsageError } from '../errors.ts'
import { parseTime } from './times.ts'

/** Where to read from, to look at, or to reset to. What a shift counts from is the command's to say. */
export type OffsetSpec =
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'current' }
  | { readonly kind: 'offset'; readonly offset: bigint }
  | { readonly kind: 'shift'; readonly by: bigint }
  | { readonly kind: 'time'; readonly timeMs: number }

const MAX_OFFSET = 2n ** 63n - 1n
/** Kafka's own words for the two ends are understood too. */
const words: ReadonlyMap<string, OffsetSpec> = new Map([
  ['start', { kind: 'start' }],
  ['earliest', { kind: 'start' }],
  ['end', { kind: 'end' }],
  ['latest', { kind: 'end' }],
  ['current', { kind: 'current' }],
])

/** `start`, `end`, `current`, `1200`, `+5`, `-10`, `@-1h`. */
export function parseOffset(text: string, nowMs: number): OffsetSpec {
  const word = words.get(text)
  if (word !== undefined) return word
  if (text.startsWith('@')) return { kind: 'time', timeMs: parseTime(text, nowMs) }
  const [, sign, digits] = /^([+-]?)(\d+)$/.exec(text) ?? []
  const count = BigInt(digits ?? -1)
  if (count < 0n || count > MAX_OFFSET) throw invalid(text)
  if (sign === '') return { kind: 'offset', offset: count }
  return { kind: 'shift', by: sign === '-' ? -count : count }
}

function invalid(text: string): UsageError {
  return new UsageError('invalid-offset', `"${text}" is no offset`, {
    hint: 'an offset is start, end, current, a number, +N, -N, or a time like @-1h',
  })
}
