import { timingSafeEqual } from 'node:crypto'
import { DataError } from '../errors.ts'
import type { SaslServer, SaslStep } from './sasl-server.ts'
import { notTheCredentials, toldRefusal } from './sasl-server.ts'
import { readGreeting, readProof, type ScramGreeting } from './scram-client-messages.ts'
import { ScramKeys, type ScramMechanism, xor } from './scram-keys.ts'
import { malformedScram } from './scram-messages.ts'

/** What a server keeps of a password. */
export interface ScramCredential {
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
  readonly iterations: number
}

export function scramCredential(
  mechanism: ScramMechanism,
  password: string,
  salt: Buffer,
  iterations: number,
): ScramCredential {
  const salted = new ScramKeys(mechanism).saltedPassword(password, salt, iterations)
  return credentialOf(mechanism, { salt, iterations, saltedPassword: salted })
}

/** From what tools that change users send in the place of a password. */
export function credentialOf(
  mechanism: ScramMechanism,
  said: { readonly salt: Buffer; readonly iterations: number; readonly saltedPassword: Buffer },
): ScramCredential {
  const keys = new ScramKeys(mechanism)
  const { salt, iterations, saltedPassword } = said
  const storedKey = keys.storedKey(keys.clientKey(saltedPassword))
  return { salt, iterations, storedKey, serverKey: keys.serverKey(saltedPassword) }
}

interface Facts {
  /** What is kept of a user; nothing where there is none. */
  readonly find: (username: string) => ScramCredential | undefined
  /** Printable, without a comma, and never used before. */
  readonly nonce: string
}

const FEWEST_ITERATIONS = 4096

/** The side of the broker (RFC 5802). */
export class ScramServer implements SaslServer {
  readonly mechanism: ScramMechanism
  readonly #keys: ScramKeys
  readonly #facts: Facts
  #greeting: ScramGreeting | undefined
  #credential: ScramCredential | undefined

  constructor(mechanism: ScramMechanism, facts: Facts) {
    this.mechanism = mechanism
    this.#keys = new ScramKeys(mechanism)
    this.#facts = facts
  }

  get claimed(): string | undefined {
    return this.#greeting?.username
  }

  next(message: Buffer): SaslStep {
    if (this.#greeting === undefined || this.#credential === undefined)
      return { answer: this.#begin(message) }
    const answer = this.#finish(message, this.#greeting, this.#credential)
    return { answer, login: { name: this.#greeting.username } }
  }

  #begin(message: Buffer): Buffer {
    const greeting = readGreeting(message)
    this.#greeting = greeting
    const { username, authorizationId, isDelegationToken } = greeting
    if (isDelegationToken) throw notTheCredentials(`there is no delegation token ${username}`)
    const credential = this.#facts.find(username)
    if (credential === undefined) throw notTheCredentials(`${username} has no password for ${this.mechanism}`)
    if (authorizationId !== '' && authorizationId !== username)
      throw toldRefusal(
        'Authentication failed: Client requested an authorization id that is different from username',
      )
    if (credential.iterations < FEWEST_ITERATIONS)
      throw notTheCredentials(`the password of ${username} was made with too few iterations`)
    this.#credential = credential
    return this.#challenge(greeting, credential)
  }

  #challenge({ nonce }: ScramGreeting, { salt, iterations }: ScramCredential): Buffer {
    return Buffer.from(`r=${nonce}${this.#facts.nonce},s=${salt.toString('base64')},i=${iterations}`)
  }

  /** Our own proof, for a client that has given its own. */
  #finish(message: Buffer, greeting: ScramGreeting, credential: ScramCredential): Buffer {
    const { nonce, proof, withoutProof } = readProof(message)
    if (nonce !== greeting.nonce + this.#facts.nonce)
      throw malformedScram('its nonce is not the one agreed on')
    const challenge = this.#challenge(greeting, credential).toString('utf8')
    const all = `${greeting.bare},${challenge},${withoutProof}`
    const { storedKey, serverKey } = credential
    // Kafka fails on it, and has no words for the client
    if (proof.length !== storedKey.length)
      throw new DataError('malformed-sasl', `a proof of ${this.mechanism} with ${proof.length} bytes`)
    const clientKey = xor(proof, this.#keys.hmac(storedKey, all))
    const claimed = this.#keys.storedKey(clientKey)
    if (!timingSafeEqual(claimed, storedKey)) throw notTheCredentials('the password is another one')
    return Buffer.from(`v=${this.#keys.hmac(serverKey, all).toString('base64')}`)
  }
}
