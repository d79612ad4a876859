import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { pemOf } from '../../config/security/key-stores/pem.ts'
import type { Random } from '../../ports/random.ts'
import { bits, der, integer, octets, oid, sequence, utcTime, utf8 } from './der-writer.ts'

export interface CertificateWish {
  readonly commonName: string
  /** Names and addresses of the host. */
  readonly names: readonly string[]
  readonly addresses: readonly Uint8Array[]
  readonly fromMs: number
  readonly untilMs: number
}

/** A certificate that vouches for itself, and its key, in PEM. */
export interface SelfSigned {
  readonly certificate: string
  readonly key: string
}

const ECDSA_SHA256 = '1.2.840.10045.4.3.2'
const COMMON_NAME = '2.5.4.3'
const BASIC_CONSTRAINTS = '2.5.29.19'
const SUBJECT_KEY = '2.5.29.14'
const ALTERNATIVE_NAMES = '2.5.29.17'
const EXTENDED_USAGE = '2.5.29.37'
const FOR_SERVERS = '1.3.6.1.5.5.7.3.1'
const SERIAL_BYTES = 16

/** X.509 version 3, on the curve P-256. It says of itself that it signs nobody else. */
export function selfSigned(wish: CertificateWish, random: Random): SelfSigned {
  const key = newKey(random)
  const algorithm = sequence(oid(ECDSA_SHA256))
  const body = bodyOf(wish, key, algorithm, random)
  const signature = sign('sha256', body, key)
  return {
    certificate: pemOf('CERTIFICATE', sequence(body, algorithm, bits(signature))),
    key: pemOf('PRIVATE KEY', key.export({ format: 'der', type: 'pkcs8' })),
  }
}

function newKey(random: Random): KeyObject {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(random.bytes(32))
  const point = pair.getPublicKey()
  const jwk = {
    ...{ kty: 'EC', crv: 'P-256' },
    d: padded(pair.getPrivateKey()).toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(32 - bytes.length), bytes])
}

function bodyOf(wish: CertificateWish, key: KeyObject, algorithm: Buffer, random: Random): Buffer {
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const name = sequence(der(0x31, sequence(oid(COMMON_NAME), utf8(wish.commonName))))
  const serial = Buffer.concat([Buffer.of(1), random.bytes(SERIAL_BYTES)])
  return sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(serial),
    algorithm,
    name,
    sequence(utcTime(wish.fromMs), utcTime(wish.untilMs)),
    name,
    publicKey,
    der(0xa3, sequence(...extensionsOf(wish, publicKey))),
  )
}

function extensionsOf({ names, addresses }: CertificateWish, publicKey: Buffer): Buffer[] {
  const hosts = [
    ...names.map((name) => der(0x82, Buffer.from(name))),
    ...addresses.map((address) => der(0x87, address)),
  ]
  const fingerprint = createHash('sha1').update(publicKey).digest()
  return [
    sequence(oid(BASIC_CONSTRAINTS), der(0x01, Buffer.of(0xff)), octets(sequence())),
    sequence(oid(SUBJECT_KEY), octets(octets(fingerprint))),
    sequence(oid(ALTERNATIVE_NAMES), octets(sequence(...hosts))),
    sequence(oid(EXTENDED_USAGE), octets(sequence(oid(FOR_SERVERS)))),
  ]
}
