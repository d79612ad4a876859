import {
  anyOf,
  between,
  type CodePointSet,
  not,
  perlClasses,
  posixClasses,
  unicodeClass,
} from './code-point-set.ts'
import { parseEscape } from './parse-escape.ts'
import { Re2Error } from './re2-error.ts'
import type { Scanner } from './scanner.ts'

/** What stands in brackets, of which the first was passed already. */
export function parseClass(text: Scanner, isFolded: boolean): CodePointSet {
  const isNegated = text.skip('^')
  const sets: CodePointSet[] = []
  for (let isFirst = true; isFirst || !text.isAt(']'); isFirst = false) {
    if (!text.hasMore) throw new Re2Error('missing closing ]')
    sets.push(parsePosix(text) ?? parseClassEscape(text) ?? parseRange(text, isFolded))
  }
  text.skip(']')
  return isNegated ? not(anyOf(sets)) : anyOf(sets)
}

/** \d and the like, \pL, \p{Greek}; null where there is none, and nothing was passed. */
export function parseClassEscape(text: Scanner): CodePointSet | null {
  if (!text.isAt('\\')) return null
  const from = text.at
  text.next()
  const letter = text.next()
  if (letter === 'p' || letter === 'P') return parseUnicode(text, letter === 'P')
  const set = perlClasses.get(letter.toLowerCase())
  if (set !== undefined) return letter === letter.toLowerCase() ? set : not(set)
  text.at = from
  return null
}

function parseUnicode(text: Scanner, isNegated: boolean): CodePointSet {
  if (!text.hasMore) throw new Re2Error('invalid character class range')
  const name = text.skip('{') ? text.until('}') : text.next()
  if (name === null) throw new Re2Error('invalid character class range')
  const isTurned = name.startsWith('^')
  const set = unicodeClass(isTurned ? name.slice(1) : name)
  return isNegated === isTurned ? set : not(set)
}

function parsePosix(text: Scanner): CodePointSet | null {
  if (!text.isAt('[:')) return null
  const from = text.at
  text.skip('[:')
  const name = text.until(':]')
  if (name === null) {
    text.at = from
    return null
  }
  const isNegated = name.startsWith('^')
  const set = posixClasses.get(isNegated ? name.slice(1) : name)
  if (set === undefined) throw new Re2Error('invalid character class range')
  return isNegated ? not(set) : set
}

function parseRange(text: Scanner, isFolded: boolean): CodePointSet {
  const low = parsePoint(text)
  let high = low
  const from = text.at
  if (text.skip('-')) {
    if (text.isAt(']')) text.at = from
    else high = parsePoint(text)
  }
  if (high < low) throw new Re2Error('invalid character class range')
  return between(low, high, isFolded)
}

function parsePoint(text: Scanner): number {
  if (!text.hasMore) throw new Re2Error('missing closing ]')
  return text.skip('\\') ? parseEscape(text) : (text.next().codePointAt(0) ?? 0)
}
