import { DataError, UsageError } from '../errors.ts'
import { LinearPattern } from './linear-pattern.ts'

/** The names that one of the patterns matches as a whole, in their order. */
export function namesMatching(patterns: readonly string[], names: readonly string[]): string[] {
  const compiled = patterns.map(patternOf)
  return names.filter((name) => compiled.some((pattern) => pattern.matches(name)))
}

function patternOf(source: string): LinearPattern {
  try {
    return new LinearPattern(source)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    throw new UsageError('invalid-pattern', `"${source}" is no pattern: ${error.message}`, {
      hint: 'a pattern matches a name as a whole, like orders-.* or (a|b)-[0-9]+',
    })
  }
}
