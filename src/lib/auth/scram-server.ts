import { timingSafeEqual } from 'node:crypto'
import type { SaslServer, SaslStep } from './sasl-server.ts'
import { notTheCredentials, toldRefusal } from './sasl-server.ts'
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

/** What a client said first. */
export interface ScramGreeting {
  readonly username: string
  /** As whom to act; empty for the user itself. */
  readonly authorizationId: string
  readonly isDelegationToken: boolean
  readonly nonce: string
  /** Without the header; a part of what is signed. */
  readonly bare: string
}

/** Kafka takes ASCII alone for a name. */
const HEADER = /^n,(?:a=((?:[^=,\P{ASCII}]|=2C|=3D)+))?,/u
const BARE = /^n=((?:[^=,\P{ASCII}]|=2C|=3D)+),r=([\x21-\x2b\x2d-\x7e]+)((?:,[A-Za-z]+=[^,]*)*)$/u

export function readGreeting(message: Buffer): ScramGreeting {
  const text = message.toString('utf8')
  const [header, authorizationId = ''] = HEADER.exec(text) ?? []
  if (header === undefined) throw malformedScram('it begins with none of the headers that are known')
  const bare = text.slice(header.length)
  const [, name = '', nonce = '', extensions = ''] = BARE.exec(bare) ?? []
  if (nonce === '') throw malformedScram('it has no name, or no nonce')
  const isDelegationToken = extensions.split(',').includes('tokenauth=true')
  return { username: nameOf(name), authorizationId, isDelegationToken, nonce, bare }
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
    const text = message.toString('utf8')
    const attributes = attributesOf(text)
    if (attribute(attributes, 'r') !== greeting.nonce + this.#facts.nonce)
      throw malformedScram('its nonce is not the one agreed on')
    const proof = bytesOf(attribute(attributes, 'p'), 'the proof')
    const withoutProof = text.slice(0, text.lastIndexOf(',p='))
    const challenge = this.#challenge(greeting, credential).toString('utf8')
    const all = `${greeting.bare},${challenge},${withoutProof}`
    const { storedKey, serverKey } = credential
    const clientKey = xor(proof, this.#keys.hmac(storedKey, all))
    const claimed = this.#keys.storedKey(clientKey)
    if (claimed.length !== storedKey.length || !timingSafeEqual(claimed, storedKey))
      throw notTheCredentials('the password is another one')
    return Buffer.from(`v=${this.#keys.hmac(serverKey, all).toString('base64')}`)
  }
}
