import type { JsonValue } from './formats.ts'

/** Deeper than any message is meant to be, and far from where writing it again overflows the stack. */
const DEEPEST = 256
/** The strings of a JSON text, its numbers, and what opens and closes. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[[{\]}]/g
const INTEGER = /^-?\d{16,}$/

/**
 * The value of a JSON text, where it can be part of another one without a loss: an integer that JavaScript
 * would round is its digits as a string, as everywhere in ktool's output. Undefined is a text that is no JSON,
 * one that is nested too deep, and the literal `null`, which would look like a value that is not there.
 */
export function parseJson(text: string): JsonValue | undefined {
  const value = parse(text)
  if (value === null || typeof value !== 'object') return scalar(text, value)
  // Only now, as a string without an end would make the search for tokens start over at each quote.
  const exact = withExactIntegers(text)
  return exact === undefined || exact === text ? exact && value : parse(exact)
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function scalar(text: string, value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== 'number') return value ?? undefined
  const digits = text.trim()
  return INTEGER.test(digits) && !Number.isSafeInteger(value) ? digits : value
}

/** Undefined where it is nested too deep. */
function withExactIntegers(text: string): string | undefined {
  let depth = 0
  let deepest = 0
  const exact = text.replace(TOKENS, (token) => {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth)
    else if (token === ']' || token === '}') depth--
    else if (INTEGER.test(token) && !Number.isSafeInteger(Number(token))) return `"${token}"`
    return token
  })
  return deepest > DEEPEST ? undefined : exact
}
