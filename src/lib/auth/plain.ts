import { AuthError } from '../errors.ts'
import type { SaslClient } from './sasl-client.ts'

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

/** The other side: what a client said, to be compared with what is known. */
export function readPlain(message: Buffer): PlainLogin {
  const [authorizationId, username, password, ...more] = message.toString('utf8').split('\0')
  if (authorizationId === undefined || username === undefined || password === undefined || more.length > 0)
    throw new AuthError('malformed-sasl', 'a PLAIN message is authorization id, name and password')
  if (username === '') throw new AuthError('malformed-sasl', 'a PLAIN message names no user')
  if (password === '') throw new AuthError('malformed-sasl', 'a PLAIN message has no password')
  return { authorizationId, username, password }
}
