import { DataError } from '../errors.ts'
import type { Json } from './kind.ts'

/** A complaint about JSON input that names the field, what it should be and what it is. */
export function wrongJson(path: string, expected: string, got: Json | undefined): DataError {
  const shown = got === undefined ? 'nothing' : clip(JSON.stringify(got))
  const where = path === '' ? 'the message' : `field ${path}`
  return new DataError('wrong-json', `${where} must be ${expected}, not ${shown}`, {
    details: { field: path },
  })
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
