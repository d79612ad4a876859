import { AuthError } from '../errors.ts'
import type { SaslClient } from './sasl-client.ts'
import { toldRefusal } from './sasl-server.ts'

/** RFC 4616: the name and the password as they are, for whoever reads along. */
export class PlainClient implements SaslClient {
  readonly mechanism = 'PLAIN'
  readonly #username: string
  readonly #password: string

  constructor(username: string, password: string) {
    this.#username = username
    this.#password = password
  }

  start(): Buffer {
    // NUL parts the fields, and stands in none.
    if (`${this.#username}${this.#password}`.includes('\0'))
      throw new AuthError('invalid-credentials', 'a user name or a password has no NUL in it')
    return Buffer.from(`\0${this.#username}\0${this.#password}`)
  }

  next(): undefined {
    return undefined
  }
}

export interface PlainLogin {
  /** As whom to act; empty for the user itself. */
  readonly authorizationId: string
  readonly username: string
  readonly password: string
}

/** Kafka looks for no more fields than these. */
const MOST_FIELDS = 4

/** The other side: what a client said, to be compared with what is known. Refused in Kafka's words. */
export function readPlain(message: Buffer): PlainLogin {
  const fields = message.toString('utf8').split('\0', MOST_FIELDS)
  const [authorizationId = '', username = '', password = ''] = fields
  if (fields.length !== 3)
    throw toldRefusal(`Invalid SASL/PLAIN response: expected 3 tokens, got ${fields.length}`)
  if (username === '') throw toldRefusal('Authentication failed: username not specified')
  if (password === '') throw toldRefusal('Authentication failed: password not specified')
  return { authorizationId, username, password }
}
