import { DataError } from '../errors.ts'
import type { Json } from '../schema/kind.ts'

/** No message of Kafka is nested deeper than ten; far beyond, the runtime's own stack ends. */
const MAX_DEPTH = 500

/** JSON from outside, whose nesting must not decide how deep our own calls go. */
export function parseJson(text: string): Json {
  if (isDeeperThan(text, MAX_DEPTH))
    throw new DataError(
      'wrong-json',
      `this JSON is nested more than ${MAX_DEPTH} deep; no message of Kafka is`,
    )
  try {
    // A byte order mark is what some editors leave in front.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Json
  } catch (cause) {
    throw new DataError('wrong-json', `this is not JSON: ${(cause as Error).message}`, { cause })
  }
}

function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0
  let isInString = false
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i)
    if (character === QUOTE) isInString = !isInString
    else if (isInString) i += character === BACKSLASH ? 1 : 0
    else if (OPENING.has(character) && ++depth > limit) return true
    else if (CLOSING.has(character)) depth--
  }
  return false
}

const QUOTE = '"'.charCodeAt(0)
const BACKSLASH = '\\'.charCodeAt(0)
const OPENING = new Set(['[', '{'].map((text) => text.charCodeAt(0)))
const CLOSING = new Set([']', '}'].map((text) => text.charCodeAt(0)))
