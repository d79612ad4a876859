import { AuthError } from '../errors.ts'
import type { SaslClient } from './sasl-client.ts'

/** Parts the fields of RFC 7628; alone it says that a refusal has been read. */
const SEPARATOR = '\x01'
/** What RFC 6750 calls a token: nothing that could end the field. */
const TOKEN = /^[\w.~+/-]+=*$/
/** KIP-342: names and values of extensions. */
const EXTENSION_NAME = /^[A-Za-z]+$/
const EXTENSION_VALUE = /^[\x21-\x7e \t\r\n]+$/

/** RFC 7628: shows a token that somebody else has given out. */
export class OauthBearerClient implements SaslClient {
  readonly mechanism = 'OAUTHBEARER'
  readonly #token: string
  readonly #extensions: Readonly<Record<string, string>>
  #refusal: AuthError | undefined

  constructor(token: string, extensions: Readonly<Record<string, string>> = {}) {
    this.#token = token
    this.#extensions = extensions
  }

  start(): Buffer {
    if (!TOKEN.test(this.#token))
      throw new AuthError(
        'invalid-token',
        'what should be the token is none: it has characters that tokens do not have',
      )
    const extensions = Object.entries(this.#extensions).map(([name, value]) => extension(name, value))
    const fields = [`auth=Bearer ${this.#token}`, ...extensions]
    return Buffer.from(`n,,${SEPARATOR}${fields.map((field) => field + SEPARATOR).join('')}${SEPARATOR}`)
  }

  /** A broker that refuses says why, and ends the exchange only when that was acknowledged. */
  next(challenge: Buffer): Buffer | undefined {
    if (this.#refusal !== undefined) throw this.#refusal
    if (challenge.length === 0) return undefined
    this.#refusal = refusal(challenge)
    return Buffer.from(SEPARATOR)
  }
}

function extension(name: string, value: string): string {
  // "auth" is the token itself.
  if (name !== 'auth' && EXTENSION_NAME.test(name) && EXTENSION_VALUE.test(value)) return `${name}=${value}`
  throw new AuthError(
    'invalid-extension',
    `${JSON.stringify(name)} is no SASL extension: letters, and a text`,
  )
}

function refusal(challenge: Buffer): AuthError {
  return new AuthError('sasl-authentication-failed', `the broker refuses the token: ${statusOf(challenge)}`, {
    hint: 'it may have run out, or be meant for somebody else',
  })
}

function statusOf(challenge: Buffer): string {
  const text = challenge.toString('utf8').slice(0, 1000)
  try {
    const { status } = JSON.parse(text)
    return typeof status === 'string' ? JSON.stringify(status) : JSON.stringify(text)
  } catch {
    return JSON.stringify(text)
  }
}
