import { createHash, hash as hashOf } from 'node:crypto'

/** For what a key is made of a password: RFC 7292, B.3. */
export const purposes = { encryption: 1, iv: 2, mac: 3 } as const

/** How the hash takes its bytes. */
const BLOCK_BYTES: Readonly<Record<string, number>> = {
  sha1: 64,
  sha224: 64,
  sha256: 64,
  sha384: 128,
  sha512: 128,
}

export interface Pkcs12KeyWish {
  readonly hash: string
  readonly password: string
  readonly salt: Buffer
  readonly iterations: number
  readonly purpose: number
  readonly sizeBytes: number
}

/** RFC 7292, B.2: a key from a password, as it was done before PBKDF2. */
export function pkcs12Key(wish: Pkcs12KeyWish): Buffer {
  const { hash, password, salt, iterations, purpose, sizeBytes } = wish
  const blockBytes = BLOCK_BYTES[hash] ?? 64
  const diversifier = Buffer.alloc(blockBytes, purpose)
  const input = Buffer.concat([repeated(salt, blockBytes), repeated(asBmp(password), blockBytes)])
  const parts: Buffer[] = []
  for (let have = 0; have < sizeBytes; ) {
    let digest = createHash(hash).update(diversifier).update(input).digest()
    for (let i = 1; i < iterations; i++) digest = hashOf(hash, digest, 'buffer')
    parts.push(digest)
    have += digest.length
    if (have < sizeBytes) addToEach(input, repeated(digest, blockBytes).subarray(0, blockBytes))
  }
  return Buffer.concat(parts).subarray(0, sizeBytes)
}

/** Characters of two bytes, and a NUL at the end. */
function asBmp(password: string): Buffer {
  return Buffer.from(`${password}\0`, 'utf16le').swap16()
}

/** To whole blocks. */
function repeated(bytes: Buffer, blockBytes: number): Buffer {
  const size = blockBytes * Math.ceil(bytes.length / blockBytes)
  return Buffer.alloc(size, bytes.length === 0 ? undefined : bytes)
}

/** Each block of the input, as one number, becomes larger by the other and one. */
function addToEach(input: Buffer, other: Buffer): void {
  for (let start = 0; start < input.length; start += other.length) {
    let carry = 1
    for (let i = other.length - 1; i >= 0; i--) {
      const sum = (input[start + i] ?? 0) + (other[i] ?? 0) + carry
      input[start + i] = sum & 0xff
      carry = sum >>> 8
    }
  }
}
