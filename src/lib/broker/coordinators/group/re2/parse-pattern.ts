import { anything, anythingButNewline, between } from './code-point-set.ts'
import { parseClass, parseClassEscape } from './parse-class.ts'
import { parseEscape } from './parse-escape.ts'
import { Re2Error } from './re2-error.ts'
import { Scanner } from './scanner.ts'
import type { Place, Syntax } from './syntax.ts'

const MOST_REPEATS = 1000
/** Deeper than anybody writes, and not as deep as would exhaust the stack. */
const MOST_NESTED = 1000

interface Flags {
  readonly isFolded: boolean
  readonly isMultiline: boolean
  readonly dotIsAll: boolean
}

/** Patterns as RE2/J reads them: Perl's, without what cannot be matched in linear time. */
export function parsePattern(pattern: string): Syntax {
  return new PatternParser(pattern).parse()
}

class PatternParser {
  readonly #text: Scanner
  readonly #names = new Set<string>()
  #flags: Flags = { isFolded: false, isMultiline: false, dotIsAll: false }
  #depth = 0

  constructor(pattern: string) {
    this.#text = new Scanner(pattern)
  }

  parse(): Syntax {
    const syntax = this.#either()
    // RE2/J's words for a parenthesis that nobody opened.
    if (this.#text.hasMore) throw new Re2Error('regexp/syntax: internal error')
    return syntax
  }

  #either(): Syntax {
    const parts = [this.#sequence()]
    while (this.#text.skip('|')) parts.push(this.#sequence())
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'either', parts }
  }

  #sequence(): Syntax {
    const parts: Syntax[] = []
    let isRepeated = false
    while (this.#text.hasMore && !this.#text.isAt('|') && !this.#text.isAt(')')) {
      const times = this.#times()
      if (times === null) {
        parts.push(...this.#atom())
        isRepeated = false
        continue
      }
      if (isRepeated) throw new Re2Error('invalid nested repetition operator')
      const part = parts.pop()
      if (part === undefined) throw new Re2Error('missing argument to repetition operator')
      parts.push({ kind: 'repeat', part, ...times })
      isRepeated = true
    }
    return { kind: 'all', parts }
  }

  /** Null where nothing is said of repeating. Which way is tried first is all the same to whoever matches all of a text. */
  #times(): { readonly least: number; readonly most: number | null } | null {
    const text = this.#text
    const times = text.skip('*')
      ? { least: 0, most: null }
      : text.skip('+')
        ? { least: 1, most: null }
        : text.skip('?')
          ? { least: 0, most: 1 }
          : this.#counted()
    if (times !== null) text.skip('?')
    return times
  }

  #counted(): { readonly least: number; readonly most: number | null } | null {
    const text = this.#text
    const from = text.at
    const least = text.skip('{') ? text.digits() : null
    if (least === null) {
      text.at = from
      return null
    }
    const isRange = text.skip(',')
    const isOpen = isRange && text.isAt('}')
    const most = !isRange ? least : isOpen ? null : text.digits()
    if ((most === null && !isOpen) || !text.skip('}')) {
      text.at = from
      return null
    }
    if (least > MOST_REPEATS || (most !== null && (most > MOST_REPEATS || most < least))) {
      throw new Re2Error('invalid repeat count')
    }
    return { least, most }
  }

  #atom(): readonly Syntax[] {
    const text = this.#text
    const { isFolded, isMultiline, dotIsAll } = this.#flags
    if (text.isAt('\\')) return this.#escaped()
    if (text.skip('(?')) return this.#special()
    if (text.skip('(')) return [this.#group()]
    if (text.skip('[')) return [{ kind: 'one', set: parseClass(text, isFolded) }]
    if (text.skip('.')) return [{ kind: 'one', set: dotIsAll ? anything : anythingButNewline }]
    if (text.skip('^')) return [at(isMultiline ? 'lineBegin' : 'textBegin')]
    if (text.skip('$')) return [at(isMultiline ? 'lineEnd' : 'textEnd')]
    return [this.#literal(text.next().codePointAt(0) ?? 0)]
  }

  #escaped(): readonly Syntax[] {
    const text = this.#text
    const set = parseClassEscape(text)
    if (set !== null) return [{ kind: 'one', set }]
    text.next()
    const place = places.get(text.peek())
    if (place !== undefined) {
      text.next()
      return [at(place)]
    }
    if (text.skip('Q')) {
      const literal = text.until('\\E') ?? text.rest()
      return [...literal].map((point) => this.#literal(point.codePointAt(0) ?? 0))
    }
    return [this.#literal(parseEscape(text))]
  }

  #literal(codePoint: number): Syntax {
    return { kind: 'one', set: between(codePoint, codePoint, this.#flags.isFolded) }
  }

  /** What was set within it ends with it. */
  #group(flags: Flags = this.#flags): Syntax {
    const before = this.#flags
    this.#flags = flags
    if (++this.#depth > MOST_NESTED) throw new Re2Error('expression nests too deeply')
    const syntax = this.#either()
    this.#depth--
    if (!this.#text.skip(')')) throw new Re2Error('missing closing )')
    this.#flags = before
    return syntax
  }

  #special(): readonly Syntax[] {
    const text = this.#text
    if (text.skip('P<') || text.skip('<')) {
      this.#name(text.until('>'))
      return [this.#group()]
    }
    let flags = this.#flags
    let isOn = true
    for (let isFlagged = true; text.hasMore; ) {
      const point = text.next()
      if (point === '-' && isOn) {
        isOn = false
        isFlagged = false
      } else if ('imsU'.includes(point)) {
        flags = withFlag(flags, point, isOn)
        isFlagged = true
      } else if ((point === ':' || point === ')') && isFlagged) {
        if (point === ':') return [this.#group(flags)]
        this.#flags = flags
        return []
      } else break
    }
    throw new Re2Error('invalid or unsupported Perl syntax')
  }

  #name(name: string | null): void {
    if (name === null || !/^[0-9A-Za-z_]+$/.test(name)) throw new Re2Error('invalid named capture')
    if (this.#names.has(name)) throw new Re2Error('duplicate capture group name')
    this.#names.add(name)
  }
}

const places: ReadonlyMap<string, Place> = new Map([
  ['A', 'textBegin'],
  ['z', 'textEnd'],
  ['b', 'wordEdge'],
  ['B', 'noWordEdge'],
])

function at(place: Place): Syntax {
  return { kind: 'at', place }
}

function withFlag(flags: Flags, flag: string, isOn: boolean): Flags {
  if (flag === 'i') return { ...flags, isFolded: isOn }
  if (flag === 'm') return { ...flags, isMultiline: isOn }
  return flag === 's' ? { ...flags, dotIsAll: isOn } : flags
}
