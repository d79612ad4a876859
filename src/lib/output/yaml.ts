import type { ItemFailure } from '../model/outcome.ts'
import { yamlText } from '../values/yaml.ts'
import { failureObject, rowObject } from './json.ts'
import { escapeInQuotes, isUnsafe } from './sanitise.ts'
import type { Shape } from './shape.ts'
import type { Json } from './value.ts'
import type { Writer } from './writer.ts'

/** The same document as JSON's. */
export function yamlWriter(shape: Shape<unknown>): Writer {
  let isEmpty = true
  return {
    keepsFailures: true,
    head: () => `version: ${shape.version}\n`,
    rows(rows) {
      if (rows.length === 0) return ''
      const title = isEmpty ? 'items:\n' : ''
      isEmpty = false
      return title + nested(rows.map((row) => rowObject(shape, row)))
    },
    tail: (failures) => (isEmpty ? 'items: []\n' : '') + errorsOf(failures),
  }
}

export function yamlItem(shape: Shape<unknown>, row: unknown): string {
  return print({ version: shape.version, ...rowObject(shape, row) })
}

function errorsOf(failures: readonly ItemFailure[]): string {
  return failures.length === 0 ? 'errors: []\n' : `errors:\n${nested(failures.map(failureObject))}`
}

function nested(values: Json[]): string {
  return print(values).replace(/^(?=.)/gm, '  ')
}

/** What must be escaped must be quoted first. */
function print(value: Json): string {
  return escapeInQuotes(yamlText(value, isUnsafe))
}
