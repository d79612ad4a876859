import { Re2Error } from './re2-error.ts'

export type CodePointSet = (codePoint: number) => boolean

export const anything: CodePointSet = () => true
export const anythingButNewline: CodePointSet = (codePoint) => codePoint !== 10

export function not(set: CodePointSet): CodePointSet {
  return (codePoint) => !set(codePoint)
}

export function anyOf(sets: readonly CodePointSet[]): CodePointSet {
  return (codePoint) => sets.some((set) => set(codePoint))
}

export function between(low: number, high: number, isFolded: boolean): CodePointSet {
  const isIn = (codePoint: number) => codePoint >= low && codePoint <= high
  if (!isFolded) return isIn
  return (codePoint) => isIn(codePoint) || variants(codePoint).some(isIn)
}

/** The same letter in other cases. */
function variants(codePoint: number): number[] {
  const text = String.fromCodePoint(codePoint)
  return [text.toLowerCase(), text.toUpperCase()].flatMap((other) => other.codePointAt(0) ?? [])
}

const inPattern = (source: string): CodePointSet => {
  const pattern = new RegExp(`^[${source}]$`, 'u')
  return (codePoint) => pattern.test(String.fromCodePoint(codePoint))
}

/** \d, \s and \w; the capitals are what they are not. */
export const perlClasses: ReadonlyMap<string, CodePointSet> = new Map([
  ['d', inPattern('0-9')],
  ['s', inPattern('\\t\\n\\f\\r ')],
  ['w', inPattern('0-9A-Za-z_')],
])

export const posixClasses: ReadonlyMap<string, CodePointSet> = new Map([
  ['alnum', inPattern('0-9A-Za-z')],
  ['alpha', inPattern('A-Za-z')],
  ['ascii', inPattern('\\x00-\\x7F')],
  ['blank', inPattern('\\t ')],
  ['cntrl', inPattern('\\x00-\\x1F\\x7F')],
  ['digit', inPattern('0-9')],
  ['graph', inPattern('!-~')],
  ['lower', inPattern('a-z')],
  ['print', inPattern(' -~')],
  ['punct', inPattern('!-\\/:-@\\[-`{-~')],
  ['space', inPattern('\\t\\n\\v\\f\\r ')],
  ['upper', inPattern('A-Z')],
  ['word', inPattern('0-9A-Za-z_')],
  ['xdigit', inPattern('0-9A-Fa-f')],
])

/** A category such as `Lu`, or a script such as `Greek`. */
export function unicodeClass(name: string): CodePointSet {
  if (name === 'Any') return anything
  const properties = /^[A-Z][a-z]?$/.test(name) ? [name, `Script=${name}`] : [`Script=${name}`]
  for (const property of properties) {
    try {
      return inPattern(`\\p{${property}}`)
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause
    }
  }
  throw new Re2Error('invalid character class range')
}
