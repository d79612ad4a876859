import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

const HASHES = {
  'SCRAM-SHA-256': { name: 'sha256', sizeBytes: 32 },
  'SCRAM-SHA-512': { name: 'sha512', sizeBytes: 64 },
} as const

/** The arithmetic of RFC 5802, with one hash. */
export class ScramKeys {
  readonly #hash: string
  readonly #sizeBytes: number

  constructor(mechanism: ScramMechanism) {
    const { name, sizeBytes } = HASHES[mechanism]
    this.#hash = name
    this.#sizeBytes = sizeBytes
  }

  /** As Java's clients and brokers do, without the SASLprep that the RFC wants: one that prepared would not get in. */
  saltedPassword(password: string, salt: Uint8Array, iterations: number): Buffer {
    return pbkdf2Sync(Buffer.from(password), salt, iterations, this.#sizeBytes, this.#hash)
  }

  clientKey(saltedPassword: Uint8Array): Buffer {
    return this.hmac(saltedPassword, 'Client Key')
  }

  serverKey(saltedPassword: Uint8Array): Buffer {
    return this.hmac(saltedPassword, 'Server Key')
  }

  /** What a server keeps in place of the client's key. */
  storedKey(clientKey: Uint8Array): Buffer {
    return createHash(this.#hash).update(clientKey).digest()
  }

  hmac(key: Uint8Array, text: string): Buffer {
    return createHmac(this.#hash, key).update(text).digest()
  }
}

/** Its own opposite. */
export function xor(one: Uint8Array, other: Uint8Array): Buffer {
  return Buffer.from(one.map((byte, i) => byte ^ (other[i] ?? 0)))
}
