import { DataError } from '../errors.ts'
import type { CharacterTest } from './character-class.ts'
import { type Assertion, type PatternNode, parsePattern } from './pattern-syntax.ts'

type Instruction =
  | { readonly kind: 'character'; readonly test: CharacterTest }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'fork'; to: number[] }
  | { readonly kind: 'match' }

const LONGEST_PROGRAM = 20_000

/**
 * A pattern that strangers may give us, as RE2 reads it. It takes time in proportion to the text and to itself:
 * all ways to match are gone at once, and none is tried again.
 */
export class LinearPattern {
  readonly #program: Instruction[] = []

  /** Throws a DataError for what is no pattern. */
  constructor(source: string) {
    this.#compile(parsePattern(source))
    this.#add({ kind: 'match' })
  }

  /** The whole of the text, not some part of it. */
  matches(text: string): boolean {
    const characters = [...text].map((character) => character.codePointAt(0) ?? 0)
    let states = this.#reached([0], characters, 0)
    for (let at = 0; at < characters.length && states.length > 0; at++) {
      const character = characters[at] ?? 0
      const next = states.filter((state) => this.#accepts(state, character)).map((state) => state + 1)
      states = this.#reached(next, characters, at + 1)
    }
    return states.some((state) => this.#program[state]?.kind === 'match')
  }

  #accepts(state: number, character: number): boolean {
    const instruction = this.#program[state]
    return instruction?.kind === 'character' && instruction.test(character)
  }

  /** Where one gets to from here without another character. */
  #reached(from: readonly number[], characters: readonly number[], at: number): number[] {
    const seen = new Set<number>()
    const left = [...from]
    for (let state = left.pop(); state !== undefined; state = left.pop()) {
      if (seen.has(state)) continue
      seen.add(state)
      const instruction = this.#program[state]
      if (instruction?.kind === 'fork') left.push(...instruction.to)
      if (instruction?.kind === 'assertion' && holds(instruction.assertion, characters, at))
        left.push(state + 1)
    }
    return [...seen]
  }

  #compile(node: PatternNode): void {
    if (node.kind === 'character' || node.kind === 'assertion') this.#add(node)
    else if (node.kind === 'sequence') for (const part of node.parts) this.#compile(part)
    else if (node.kind === 'choice') this.#compileChoice(node.parts)
    else this.#compileRepeat(node.part, node.least, node.most)
  }

  #compileChoice(parts: readonly PatternNode[]): void {
    const fork = this.#fork()
    const ends = parts.map((part) => {
      fork.to.push(this.#program.length)
      this.#compile(part)
      return this.#fork()
    })
    for (const end of ends) end.to.push(this.#program.length)
  }

  #compileRepeat(part: PatternNode, least: number, most: number): void {
    for (let i = 0; i < least; i++) this.#compile(part)
    if (most === Number.POSITIVE_INFINITY) this.#compileLoop(part)
    const forks = []
    for (let i = least; i < most && most !== Number.POSITIVE_INFINITY; i++) {
      const fork = this.#fork()
      fork.to.push(this.#program.length)
      forks.push(fork)
      this.#compile(part)
    }
    for (const fork of forks) fork.to.push(this.#program.length)
  }

  #compileLoop(part: PatternNode): void {
    const start = this.#program.length
    const fork = this.#fork()
    fork.to.push(this.#program.length)
    this.#compile(part)
    this.#fork().to.push(start)
    fork.to.push(this.#program.length)
  }

  #fork(): { kind: 'fork'; to: number[] } {
    const fork = { kind: 'fork' as const, to: [] }
    this.#add(fork)
    return fork
  }

  #add(instruction: Instruction): void {
    this.#program.push(instruction)
    if (this.#program.length > LONGEST_PROGRAM) {
      throw new DataError('bad-pattern', 'the pattern is too large once its repetitions are written out')
    }
  }
}

function holds(assertion: Assertion, characters: readonly number[], at: number): boolean {
  if (assertion === 'begin') return at === 0
  if (assertion === 'end') return at === characters.length
  const isEdge = isWord(characters[at - 1]) !== isWord(characters[at])
  return isEdge === (assertion === 'edge of a word')
}

function isWord(character: number | undefined): boolean {
  return character !== undefined && /[0-9A-Za-z_]/.test(String.fromCodePoint(character))
}
