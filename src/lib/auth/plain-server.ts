import { createHash, timingSafeEqual } from 'node:crypto'
import { readPlain } from './plain.ts'
import { type SaslServer, type SaslStep, toldRefusal } from './sasl-server.ts'

/** The side of the broker, which knows everybody's password. */
export class PlainServer implements SaslServer {
  readonly mechanism = 'PLAIN'
  readonly #passwords: ReadonlyMap<string, string>
  #claimed: string | undefined

  constructor(passwords: ReadonlyMap<string, string>) {
    this.#passwords = passwords
  }

  get claimed(): string | undefined {
    return this.#claimed
  }

  next(message: Buffer): SaslStep {
    const { authorizationId, username, password } = readPlain(message)
    this.#claimed = username
    const known = this.#passwords.get(username)
    if (known === undefined || !isSame(known, password))
      throw toldRefusal('Authentication failed: Invalid username or password')
    if (authorizationId !== '' && authorizationId !== username)
      throw toldRefusal(
        'Authentication failed: Client requested an authorization id that is different from username',
      )
    return { answer: Buffer.of(), login: { name: username } }
  }
}

/** Takes as long whichever byte is the first that differs. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
