import { timingSafeEqual } from 'node:crypto'
import { AuthError } from '../errors.ts'
import type { SaslClient } from './sasl-client.ts'
import { ScramKeys, type ScramMechanism, xor } from './scram-keys.ts'
import { attribute, attributesOf, bytesOf, malformedScram, saslName } from './scram-messages.ts'

/** Kafka's brokers keep no password with fewer, and fewer are quickly guessed from what was overheard. */
const FEWEST_ITERATIONS = 4096
/** Each is work for us: a peer that asks for more wants to keep us busy. Kafka itself allows 16,384. */
const MOST_ITERATIONS = 1_000_000
/** "n,,": no channel binding, and nobody to act as. */
const GS2_HEADER = 'n,,'

export interface ScramCredentials {
  readonly username: string
  readonly password: string
  /** The name and the password are those of a delegation token. */
  readonly isDelegationToken?: boolean
}

/** RFC 5802 and 7677: proves that we know the password, and demands the same of the other side. */
export class ScramClient implements SaslClient {
  readonly mechanism: ScramMechanism
  readonly #keys: ScramKeys
  readonly #credentials: ScramCredentials
  readonly #nonce: string
  #serverSignature: Buffer | undefined

  /** The nonce is printable, without a comma, and never used before. */
  constructor(mechanism: ScramMechanism, credentials: ScramCredentials, nonce: string) {
    this.mechanism = mechanism
    this.#keys = new ScramKeys(mechanism)
    this.#credentials = credentials
    this.#nonce = nonce
  }

  start(): Buffer {
    return Buffer.from(GS2_HEADER + this.#firstBare())
  }

  next(challenge: Buffer): Buffer | undefined {
    const message = challenge.toString('utf8')
    if (this.#serverSignature === undefined) return this.#proof(message)
    this.#verify(message, this.#serverSignature)
    return undefined
  }

  #firstBare(): string {
    const { username, isDelegationToken = false } = this.#credentials
    return `n=${saslName(username)},r=${this.#nonce}${isDelegationToken ? ',tokenauth=true' : ''}`
  }

  #proof(message: string): Buffer {
    const attributes = attributesOf(message)
    refuseErrors(attributes)
    const nonce = attribute(attributes, 'r')
    if (!nonce.startsWith(this.#nonce) || nonce === this.#nonce)
      throw malformedScram('its nonce is not made from ours')
    const salt = bytesOf(attribute(attributes, 's'), 'the salt')
    const iterations = this.#iterations(attribute(attributes, 'i'))
    const salted = this.#keys.saltedPassword(this.#credentials.password, salt, iterations)
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${nonce}`
    const all = `${this.#firstBare()},${message},${withoutProof}`
    const clientKey = this.#keys.clientKey(salted)
    const signature = this.#keys.hmac(this.#keys.storedKey(clientKey), all)
    this.#serverSignature = this.#keys.hmac(this.#keys.serverKey(salted), all)
    return Buffer.from(`${withoutProof},p=${xor(clientKey, signature).toString('base64')}`)
  }

  #iterations(text: string): number {
    const iterations = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0
    if (iterations >= FEWEST_ITERATIONS && iterations <= MOST_ITERATIONS) return iterations
    throw malformedScram(
      `it wants ${iterations === 0 ? 'no number of' : iterations} iterations; ` +
        `${FEWEST_ITERATIONS} to ${MOST_ITERATIONS} are sensible`,
    )
  }

  #verify(message: string, expected: Buffer): void {
    const attributes = attributesOf(message)
    refuseErrors(attributes)
    const theirs = bytesOf(attribute(attributes, 'v'), 'the signature')
    if (theirs.length === expected.length && timingSafeEqual(theirs, expected)) return
    throw new AuthError(
      'not-the-broker',
      'the other side does not know the password, and is not the broker',
      {
        hint: 'somebody may stand between; see where the address leads',
      },
    )
  }
}

function refuseErrors(attributes: ReadonlyMap<string, string>): void {
  const error = attributes.get('e')
  if (error === undefined) return
  throw new AuthError('sasl-authentication-failed', `the other side refuses: ${JSON.stringify(error)}`)
}
