import { UsageError } from '../../errors.ts'
import type { ConfigEdit } from '../../model/configs-changer.ts'

const operators = { '=': 'set', '+=': 'append', '-=': 'subtract' } as const

/** `key=value`, and for a list `key+=value` and `key-=value`. */
export function readEdits(resource: string, words: readonly string[]): ConfigEdit[] {
  const edits = words.map((word) => editOf(resource, word))
  mustBeUnique(edits)
  return edits
}

export function readUnsets(resource: string, names: readonly string[]): ConfigEdit[] {
  const edits = names.map((name) => {
    if (/[=\s]/.test(name) || name === '') throw invalid(name, 'to unset a config say its name alone')
    return { resource, name, edit: 'unset' as const, value: null }
  })
  mustBeUnique(edits)
  return edits
}

function editOf(resource: string, word: string): ConfigEdit {
  const [, name, operator, value] = /^([^=\s]*[^=\s+-])([+-]?=)(.*)$/s.exec(word) ?? []
  if (name === undefined || value === undefined || !isOperator(operator)) {
    throw invalid(word, 'write it like retention.ms=604800000, or for a list cleanup.policy+=compact')
  }
  return { resource, name, edit: operators[operator], value }
}

function isOperator(operator: string | undefined): operator is keyof typeof operators {
  return operator !== undefined && Object.hasOwn(operators, operator)
}

function mustBeUnique(edits: readonly ConfigEdit[]): void {
  const names = edits.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new UsageError('given-twice', `${twice} is named twice`)
}

/** What stands behind the equals sign may be a secret. */
function invalid(word: string, hint: string): UsageError {
  return new UsageError('invalid-setting', `"${word.split('=')[0]}" names no config to change`, { hint })
}
