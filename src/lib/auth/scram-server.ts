import { timingSafeEqual } from 'node:crypto'
import { AuthError } from '../errors.ts'
import { ScramKeys, type ScramMechanism, xor } from './scram-keys.ts'
import { attribute, attributesOf, bytesOf, malformedScram, nameOf } from './scram-messages.ts'

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
  const keys = new ScramKeys(mechanism)
  const salted = keys.saltedPassword(password, salt, iterations)
  const storedKey = keys.storedKey(keys.clientKey(salted))
  return { salt, iterations, storedKey, serverKey: keys.serverKey(salted) }
}

/** What a client said first. */
export interface ScramGreeting {
  readonly username: string
  readonly isDelegationToken: boolean
  readonly nonce: string
  /** Without the header; a part of what is signed. */
  readonly bare: string
}

export function readGreeting(message: Buffer): ScramGreeting {
  const text = message.toString('utf8')
  const header = /^n,(?:a=[^,]*)?,/.exec(text)?.[0]
  if (header === undefined) throw malformedScram('it begins with none of the headers that are known')
  const bare = text.slice(header.length)
  const [, name = '', nonce = '', extensions = ''] =
    /^n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(.*)$/s.exec(bare) ?? []
  if (nonce === '') throw malformedScram('it has no name, or no nonce')
  const isDelegationToken = extensions.split(',').includes('tokenauth=true')
  return { username: nameOf(name), isDelegationToken, nonce, bare }
}

/** The side of the broker, once it has found whom the client claims to be. */
export class ScramServer {
  readonly #keys: ScramKeys
  readonly #greeting: ScramGreeting
  readonly #credential: ScramCredential
  readonly #nonce: string

  constructor(
    mechanism: ScramMechanism,
    greeting: ScramGreeting,
    credential: ScramCredential,
    nonce: string,
  ) {
    this.#keys = new ScramKeys(mechanism)
    this.#greeting = greeting
    this.#credential = credential
    this.#nonce = greeting.nonce + nonce
  }

  challenge(): Buffer {
    const { salt, iterations } = this.#credential
    return Buffer.from(`r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`)
  }

  /** Our own proof, for a client that has given its own. */
  finish(message: Buffer): Buffer {
    const text = message.toString('utf8')
    const attributes = attributesOf(text)
    if (attribute(attributes, 'r') !== this.#nonce) throw malformedScram('its nonce is not the one agreed on')
    const proof = bytesOf(attribute(attributes, 'p'), 'the proof')
    const withoutProof = text.slice(0, text.lastIndexOf(',p='))
    const all = `${this.#greeting.bare},${this.challenge().toString('utf8')},${withoutProof}`
    const { storedKey, serverKey } = this.#credential
    const clientKey = xor(proof, this.#keys.hmac(storedKey, all))
    const claimed = this.#keys.storedKey(clientKey)
    if (!timingSafeEqual(claimed, storedKey))
      throw new AuthError('sasl-authentication-failed', 'the password is another one')
    return Buffer.from(`v=${this.#keys.hmac(serverKey, all).toString('base64')}`)
  }
}
