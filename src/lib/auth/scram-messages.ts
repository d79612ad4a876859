import { AuthError } from '../errors.ts'

/** A message of RFC 5802 is `k=value` with commas between; each letter at its place. */
export function attributesOf(message: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const part of message.split(',')) {
    if (part[1] !== '=') throw malformedScram('an attribute has no name of one letter')
    const key = part.slice(0, 1)
    if (attributes.has(key)) throw malformedScram(`the attribute ${JSON.stringify(key)} is there twice`)
    attributes.set(key, part.slice(2))
  }
  return attributes
}

export function attribute(attributes: ReadonlyMap<string, string>, key: string): string {
  const value = attributes.get(key)
  if (value === undefined || value === '') throw malformedScram(`the attribute "${key}" is missing`)
  return value
}

/** Base64 as it is written, and nothing that only looks like it. */
export function bytesOf(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw malformedScram(`${what} is not base64`)
  return bytes
}

/** Commas and equals signs have a meaning of their own. */
export function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C')
}

export function nameOf(saslName: string): string {
  if (/=(?!2C|3D)/.test(saslName)) throw malformedScram('a name has an equals sign that means nothing')
  return saslName.replaceAll('=2C', ',').replaceAll('=3D', '=')
}

export function malformedScram(reason: string): AuthError {
  return new AuthError('malformed-sasl', `the other side sent no message of SCRAM: ${reason}`)
}
