import { DataError } from '../errors.ts'
import {
  anyCase,
  between,
  type CharacterTest,
  classOf,
  escapedCharacter,
  not,
  oneOf,
  posixClassOf,
  propertyOf,
} from './character-class.ts'

export type Assertion = 'begin' | 'end' | 'edge of a word' | 'no edge of a word'

export type PatternNode =
  | { readonly kind: 'character'; readonly test: CharacterTest }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most: number }

/** As RE2 limits counts, so that a short pattern cannot ask for a long program. */
const MOST_REPEATS = 1000
const DEEPEST = 100

const NEWLINE = 10

/** Reads what RE2 and Java agree on: no look-around, no references back. */
export function parsePattern(source: string): PatternNode {
  const parser = new PatternParser(source)
  return parser.whole()
}

class PatternParser {
  readonly #characters: readonly string[]
  #at = 0
  #depth = 0
  #isAnyCase = false
  #isDotAll = false

  constructor(source: string) {
    this.#characters = [...source]
  }

  whole(): PatternNode {
    const node = this.#choice()
    if (this.#at < this.#characters.length) throw this.#wrong('a ) without its (')
    return node
  }

  #choice(): PatternNode {
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts }
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = []
    while (this.#at < this.#characters.length && this.#next !== '|' && this.#next !== ')') {
      parts.push(this.#repeated(this.#atom()))
    }
    return { kind: 'sequence', parts }
  }

  #repeated(part: PatternNode): PatternNode {
    const range = this.#range()
    if (range === undefined) return part
    // Whether it takes much or little makes no difference to whether the whole matches.
    this.#take('?')
    if (this.#range() !== undefined) throw this.#wrong('a repetition of a repetition')
    return { kind: 'repeat', part, ...range }
  }

  #range(): { least: number; most: number } | undefined {
    if (this.#take('*')) return { least: 0, most: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { least: 1, most: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { least: 0, most: 1 }
    const found = /^\{(\d{1,9})(,(\d{1,9})?)?\}/.exec(this.#rest(24))
    if (found === null) return undefined
    const [text, least = '0', comma, most] = found
    this.#at += text.length
    const range = {
      least: Number(least),
      most: comma === undefined ? Number(least) : Number(most ?? Infinity),
    }
    const highest = Number.isFinite(range.most) ? range.most : range.least
    if (highest > MOST_REPEATS || range.most < range.least) throw this.#wrong(`the count ${text}`)
    return range
  }

  #atom(): PatternNode {
    const character = this.#read()
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return this.#character(this.#class())
      case '.':
        return this.#character(this.#isDotAll ? () => true : not(between(NEWLINE, NEWLINE)))
      case '^':
        return { kind: 'assertion', assertion: 'begin' }
      case '$':
        return { kind: 'assertion', assertion: 'end' }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw this.#wrong(`${character} with nothing to repeat`)
      default:
        return this.#literal(character)
    }
  }

  #group(): PatternNode {
    const [wasAnyCase, wasDotAll] = [this.#isAnyCase, this.#isDotAll]
    const head = /^\?(?:P?<[A-Za-z_]\w*>|([is]*)(?:-([is]*))?([:)]))/.exec(this.#rest(64))
    if (this.#next === '?' && head === null) throw this.#wrong('a group of this kind')
    this.#at += head?.[0].length ?? 0
    this.#setFlags(head?.[1] ?? '', head?.[2] ?? '')
    // Flags alone are in force up to the end of the group around them.
    if (head?.[3] === ')') return { kind: 'sequence', parts: [] }
    if (++this.#depth > DEEPEST) throw this.#wrong('groups so deep')
    const node = this.#choice()
    this.#depth--
    if (!this.#take(')')) throw this.#wrong('a ( without its )')
    this.#isAnyCase = wasAnyCase
    this.#isDotAll = wasDotAll
    return node
  }

  #setFlags(on: string, off: string): void {
    this.#isAnyCase = (this.#isAnyCase || on.includes('i')) && !off.includes('i')
    this.#isDotAll = (this.#isDotAll || on.includes('s')) && !off.includes('s')
  }

  #escape(): PatternNode {
    const letter = this.#next
    const assertion = assertions[letter ?? '']
    if (assertion === undefined) return this.#character(this.#escapedTest())
    this.#at++
    return { kind: 'assertion', assertion }
  }

  /** Behind a backslash, inside a class or out of it. */
  #escapedTest(): CharacterTest {
    const letter = this.#read()
    if (letter === 'p' || letter === 'P') return this.#property(letter === 'P')
    const known = classOf(letter)
    if (known !== undefined) return known
    const character = this.#escapedCodePoint(letter)
    return between(character, character)
  }

  #escapedCodePoint(letter: string): number {
    const hex = letter === 'x' ? /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.#rest(8)) : null
    if (hex !== null) {
      this.#at += hex[0].length
      return Number.parseInt(hex[1] ?? hex[2] ?? '', 16)
    }
    const character = escapedCharacter(letter)
    if (character === undefined) throw this.#wrong(`\\${letter}`)
    return character
  }

  #property(isNot: boolean): CharacterTest {
    const found = /^(?:\{(\^?)(\w{1,40})\}|([A-Z]))/.exec(this.#rest(44))
    this.#at += found?.[0].length ?? 0
    const test = found === null ? undefined : propertyOf(found[2] ?? found[3] ?? '')
    if (test === undefined) throw this.#wrong('a class of Unicode by this name')
    return isNot !== (found?.[1] === '^') ? not(test) : test
  }

  #class(): CharacterTest {
    const isNot = this.#take('^')
    const tests: CharacterTest[] = []
    // A bracket that comes first is one of the characters.
    do tests.push(this.#classItem())
    while (this.#next !== ']')
    this.#at++
    return isNot ? not(this.#cased(oneOf(tests))) : oneOf(tests)
  }

  #classItem(): CharacterTest {
    const named = /^\[:(\^?)(\w+):\]/.exec(this.#rest(16))
    if (named !== null) {
      this.#at += named[0].length
      const test = posixClassOf(named[2] ?? '')
      if (test === undefined) throw this.#wrong(named[0])
      return named[1] === '^' ? not(test) : test
    }
    if (this.#next === '\\' && /[dwspDWSP]/.test(this.#characters[this.#at + 1] ?? '')) {
      this.#at++
      return this.#escapedTest()
    }
    const first = this.#classCharacter()
    if (this.#next !== '-' || this.#characters[this.#at + 1] === ']') return between(first, first)
    this.#at++
    const last = this.#classCharacter()
    if (last < first) throw this.#wrong('a range that goes back')
    return between(first, last)
  }

  #classCharacter(): number {
    const character = this.#read()
    return character === '\\' ? this.#escapedCodePoint(this.#read()) : (character.codePointAt(0) ?? 0)
  }

  #literal(character: string): PatternNode {
    const codePoint = character.codePointAt(0) ?? 0
    return this.#character(between(codePoint, codePoint))
  }

  #character(test: CharacterTest): PatternNode {
    return { kind: 'character', test: this.#cased(test) }
  }

  #cased(test: CharacterTest): CharacterTest {
    return this.#isAnyCase ? anyCase(test) : test
  }

  get #next(): string | undefined {
    return this.#characters[this.#at]
  }

  #read(): string {
    const character = this.#characters[this.#at]
    if (character === undefined) throw this.#wrong('an end where more must come')
    this.#at++
    return character
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false
    this.#at++
    return true
  }

  #rest(count: number): string {
    return this.#characters.slice(this.#at, this.#at + count).join('')
  }

  #wrong(what: string): DataError {
    return new DataError('bad-pattern', `the pattern has ${what}`, { details: { position: this.#at } })
  }
}

const assertions: Readonly<Record<string, Assertion>> = {
  A: 'begin',
  z: 'end',
  b: 'edge of a word',
  B: 'no edge of a word',
}
