import { createDecipheriv, pbkdf2Sync } from 'node:crypto'
import { type DerReader, tags } from './der.ts'
import { unknownProtection, wrongPassword } from './key-store-errors.ts'
import { pkcs12Key, purposes } from './pkcs12-key.ts'
import { decryptRc2 } from './rc2.ts'

/** Each is work for us: a file that asks for more is there to keep us busy. */
const MOST_ITERATIONS = 1_000_000
const IV_BYTES = 8
const KDF = '1.2.840.113549.1.5.12'
const PBES2 = '1.2.840.113549.1.5.13'

/** The older way, in which the name says all: SHA-1 makes the key, and the cipher is this one. */
const OLD: Readonly<Record<string, { readonly cipher: 'des-ede3-cbc' | 'rc2'; readonly keyBytes: number }>> =
  {
    '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', keyBytes: 24 },
    '1.2.840.113549.1.12.1.5': { cipher: 'rc2', keyBytes: 16 },
    '1.2.840.113549.1.12.1.6': { cipher: 'rc2', keyBytes: 5 },
  }
const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
}
const PRFS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

/** Opens what stands behind an AlgorithmIdentifier of PKCS #5 or #12. */
export function decrypt(algorithm: DerReader, data: Buffer, password: string): Buffer {
  const oid = algorithm.oid()
  try {
    return oid === PBES2 ? decryptNew(algorithm, data, password) : decryptOld(oid, algorithm, data, password)
  } catch (cause) {
    // Of a wrong key the padding at the end tells, as a rule.
    if (cause instanceof Error && 'code' in cause && /^ERR_OSSL/.test(String(cause.code)))
      throw wrongPassword()
    throw cause
  }
}

export function iterationsOf(reader: DerReader): number {
  const iterations = reader.integer()
  if (iterations >= 1 && iterations <= MOST_ITERATIONS) return iterations
  throw unknownProtection(`${iterations} iterations`)
}

function decryptOld(oid: string, algorithm: DerReader, data: Buffer, password: string): Buffer {
  const known = OLD[oid]
  if (known === undefined) throw unknownProtection(`the algorithm ${oid}`)
  const parameters = algorithm.inside(tags.sequence)
  const from = { hash: 'sha1', password, salt: parameters.octets(), iterations: iterationsOf(parameters) }
  const key = pkcs12Key({ ...from, purpose: purposes.encryption, sizeBytes: known.keyBytes })
  const iv = pkcs12Key({ ...from, purpose: purposes.iv, sizeBytes: IV_BYTES })
  if (known.cipher === 'rc2') return withoutPadding(decryptRc2(key, iv, data))
  return opened(known.cipher, key, iv, data)
}

function decryptNew(algorithm: DerReader, data: Buffer, password: string): Buffer {
  const parameters = algorithm.inside(tags.sequence)
  const derivation = parameters.inside(tags.sequence)
  const oid = derivation.oid()
  if (oid !== KDF) throw unknownProtection(`the key derivation ${oid}`)
  const encryption = parameters.inside(tags.sequence)
  const cipherOid = encryption.oid()
  const cipher = CIPHERS[cipherOid]
  if (cipher === undefined) throw unknownProtection(`the cipher ${cipherOid}`)
  const key = derivedKey(derivation.inside(tags.sequence), password, cipher.keyBytes)
  return opened(cipher.name, key, encryption.octets(), data)
}

function derivedKey(parameters: DerReader, password: string, sizeBytes: number): Buffer {
  const salt = parameters.octets()
  const iterations = iterationsOf(parameters)
  parameters.maybe(tags.integer)
  const prf = parameters.isAtEnd ? '1.2.840.113549.2.7' : parameters.inside(tags.sequence).oid()
  const hash = PRFS[prf]
  if (hash === undefined) throw unknownProtection(`the function ${prf}`)
  return pbkdf2Sync(Buffer.from(password), salt, iterations, sizeBytes, hash)
}

function opened(cipher: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const sizeBytes = cipher.startsWith('aes') ? 16 : IV_BYTES
  if (iv.length !== sizeBytes || data.length % sizeBytes !== 0) throw wrongPassword()
  const decipher = createDecipheriv(cipher, key, iv)
  return Buffer.concat([decipher.update(data), decipher.final()])
}

function withoutPadding(plain: Buffer): Buffer {
  const count = plain.at(-1) ?? 0
  const padding = plain.subarray(plain.length - count)
  if (count < 1 || count > IV_BYTES || padding.some((byte) => byte !== count)) throw wrongPassword()
  return plain.subarray(0, plain.length - count)
}
