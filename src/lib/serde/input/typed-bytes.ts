import { DataError } from '../../errors.ts'
import type { SerdeFormat } from '../formats.ts'
import { serialize } from '../serialize.ts'

/** What stands in a line, as the bytes that it means. Text is sent as it is, be it UTF-8 or not; JSON too, if it is JSON. */
export function typedBytes(format: SerdeFormat, typed: Buffer): Buffer {
  if (format === 'text') return typed
  const text = typed.toString('utf8')
  if (format === 'json') return provenJson(text, typed)
  return serialize(format, text.trim()) ?? typed
}

function provenJson(text: string, typed: Buffer): Buffer {
  try {
    JSON.parse(text)
    return typed
  } catch (cause) {
    throw new DataError('wrong-format', `${shortened(text)} is not JSON`, { cause })
  }
}

export function shortened(text: string): string {
  const shown = JSON.stringify(text)
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown
}
