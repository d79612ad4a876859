import { DataError } from '../errors.ts'
import type { Json } from './kind.ts'

/** A complaint about JSON input that names the field, what it should be and what it is. */
export function wrongJson(path: string, expected: string, got: Json | undefined): DataError {
  const where = path === '' ? 'the message' : `field ${path}`
  const message = `${where} must be ${expected}, not ${describe(got)}`
  return new DataError('wrong-json', message, { details: { field: path } })
}

/** Short, however large the value is. */
function describe(json: Json | undefined): string {
  if (json === undefined) return 'nothing'
  if (typeof json === 'string') return JSON.stringify(json.length > 60 ? `${json.slice(0, 57)}…` : json)
  if (typeof json !== 'object' || json === null) return String(json)
  return Array.isArray(json) ? 'an array' : 'an object'
}

/** Base64 as Kafka writes it, padded and canonical; anything else would not come back as it was. */
export function bytesFromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
