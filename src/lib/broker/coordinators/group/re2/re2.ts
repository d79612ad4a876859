import type { CodePointSet } from './code-point-set.ts'
import { parsePattern } from './parse-pattern.ts'
import { Re2Error } from './re2-error.ts'
import type { Place, Syntax } from './syntax.ts'

/** A pattern in RE2's language. However it is written, matching takes time in proportion to the text. */
export interface Re2 {
  /** All of the text. */
  matches(text: string): boolean
}

/** Throws a Re2Error. */
export function compileRe2(pattern: string): Re2 {
  const steps: Step[] = []
  emit(parsePattern(pattern), steps)
  steps.push({ kind: 'end' })
  return { matches: (text) => run(steps, [...text]) }
}

/** Each goes on with the step behind it, unless it says otherwise. */
type Step =
  | { readonly kind: 'take'; readonly set: CodePointSet }
  | { readonly kind: 'at'; readonly place: Place }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'fork'; to: number }
  | { readonly kind: 'end' }

/** What is repeated is written out; that may not take all memory. */
const MOST_STEPS = 100_000

function emit(syntax: Syntax, steps: Step[]): void {
  if (steps.length > MOST_STEPS) throw new Re2Error('expression too large')
  if (syntax.kind === 'one') steps.push({ kind: 'take', set: syntax.set })
  else if (syntax.kind === 'at') steps.push({ kind: 'at', place: syntax.place })
  else if (syntax.kind === 'all') for (const part of syntax.parts) emit(part, steps)
  else if (syntax.kind === 'either') emitEither(syntax.parts, steps)
  else emitRepeat(syntax, steps)
}

function emitEither(parts: readonly Syntax[], steps: Step[]): void {
  const jumps: { to: number }[] = []
  for (const [i, part] of parts.entries()) {
    const fork = { kind: 'fork' as const, to: 0 }
    const isLast = i === parts.length - 1
    if (!isLast) steps.push(fork)
    emit(part, steps)
    if (isLast) break
    const jump = { kind: 'jump' as const, to: 0 }
    steps.push(jump)
    jumps.push(jump)
    fork.to = steps.length
  }
  for (const jump of jumps) jump.to = steps.length
}

function emitRepeat(
  { part, least, most }: Extract<Syntax, { readonly kind: 'repeat' }>,
  steps: Step[],
): void {
  for (let i = 0; i < least; i++) emit(part, steps)
  if (most === null) {
    const start = steps.length
    const fork = { kind: 'fork' as const, to: 0 }
    steps.push(fork)
    emit(part, steps)
    steps.push({ kind: 'jump', to: start })
    fork.to = steps.length
    return
  }
  const forks: { to: number }[] = []
  for (let i = least; i < most; i++) {
    const fork = { kind: 'fork' as const, to: 0 }
    steps.push(fork)
    forks.push(fork)
    emit(part, steps)
  }
  for (const fork of forks) fork.to = steps.length
}

/** All ways at once, character by character. */
function run(steps: readonly Step[], text: readonly string[]): boolean {
  let places = closure(steps, [0], text, 0)
  for (const [i, point] of text.entries()) {
    const codePoint = point.codePointAt(0) ?? 0
    const next: number[] = []
    for (const place of places) {
      const step = steps[place]
      if (step?.kind === 'take' && step.set(codePoint)) next.push(place + 1)
    }
    if (next.length === 0) return false
    places = closure(steps, next, text, i + 1)
  }
  return [...places].some((place) => steps[place]?.kind === 'end')
}

function closure(
  steps: readonly Step[],
  from: readonly number[],
  text: readonly string[],
  index: number,
): ReadonlySet<number> {
  const seen = new Set<number>()
  const left = [...from]
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    if (seen.has(place)) continue
    seen.add(place)
    const step = steps[place]
    if (step?.kind === 'jump') left.push(step.to)
    else if (step?.kind === 'fork') left.push(place + 1, step.to)
    else if (step?.kind === 'at' && isAt(step.place, text, index)) left.push(place + 1)
  }
  return seen
}

function isAt(place: Place, text: readonly string[], index: number): boolean {
  const [before, after] = [text[index - 1], text[index]]
  if (place === 'textBegin') return before === undefined
  if (place === 'textEnd') return after === undefined
  if (place === 'lineBegin') return before === undefined || before === '\n'
  if (place === 'lineEnd') return after === undefined || after === '\n'
  return (isWord(before) !== isWord(after)) === (place === 'wordEdge')
}

function isWord(point: string | undefined): boolean {
  return point !== undefined && /^[0-9A-Za-z_]$/.test(point)
}
