import { createHmac, timingSafeEqual } from 'node:crypto'
import { DerReader, tags } from './der.ts'
import type { KeyStoreContents, KeyStorePasswords } from './key-store.ts'
import { damagedKeyStore, missingPassword, unknownProtection, wrongPassword } from './key-store-errors.ts'
import { decrypt, iterationsOf } from './password-ciphers.ts'
import { pkcs12Key, purposes } from './pkcs12-key.ts'

const DATA = '1.2.840.113549.1.7.1'
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const KEY_BAG = '1.2.840.113549.1.12.10.1.1'
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3'
const X509 = '1.2.840.113549.1.9.22.1'
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** RFC 7292, as Java and OpenSSL write it; Node's own `pfx` reads none without a private key. */
export function readPkcs12(bytes: Buffer, { store, key }: KeyStorePasswords): KeyStoreContents {
  const file = new DerReader(bytes).inside(tags.sequence)
  if (file.integer() !== 3) throw damagedKeyStore('it is of another version of PKCS #12')
  const safe = contentOf(file.inside(tags.sequence), store)
  // A trust store may be opened without its password, as Java does; then nobody has looked whether it is whole.
  if (!file.isAtEnd && store !== null) mustBeWhole(file.inside(tags.sequence), safe, store)
  const found = { certificates: [] as Buffer[], keys: [] as Buffer[] }
  const contents = new DerReader(safe).inside(tags.sequence)
  while (!contents.isAtEnd) {
    const bags = new DerReader(contentOf(contents.inside(tags.sequence), store)).inside(tags.sequence)
    while (!bags.isAtEnd) readBag(bags.inside(tags.sequence), key ?? store, found)
  }
  return found
}

function contentOf(content: DerReader, password: string | null): Buffer {
  const kind = content.oid()
  if (kind === DATA) return content.inside(tags.explicit0).octets()
  if (kind !== ENCRYPTED_DATA) throw unknownProtection(`a public key (${kind})`)
  const encrypted = content.inside(tags.explicit0).inside(tags.sequence)
  encrypted.integer()
  const inner = encrypted.inside(tags.sequence)
  inner.oid()
  const algorithm = inner.inside(tags.sequence)
  if (password === null) throw missingPassword()
  return decrypt(algorithm, inner.take(tags.octets0).content, password)
}

function mustBeWhole(mac: DerReader, safe: Buffer, password: string): void {
  const digest = mac.inside(tags.sequence)
  const oid = digest.inside(tags.sequence).oid()
  const hash = HASHES[oid]
  if (hash === undefined) throw unknownProtection(`the checksum ${oid}`)
  const expected = digest.octets()
  const salt = mac.octets()
  const iterations = mac.isAtEnd ? 1 : iterationsOf(mac)
  const sizeBytes = expected.length
  const key = pkcs12Key({ hash, password, salt, iterations, purpose: purposes.mac, sizeBytes })
  const computed = createHmac(hash, key).update(safe).digest()
  if (computed.length !== sizeBytes || !timingSafeEqual(computed, expected)) throw wrongPassword()
}

function readBag(
  bag: DerReader,
  password: string | null,
  found: { certificates: Buffer[]; keys: Buffer[] },
): void {
  const kind = bag.oid()
  const value = bag.inside(tags.explicit0)
  if (kind === KEY_BAG) found.keys.push(value.any().whole)
  if (kind === SHROUDED_KEY_BAG) {
    const shrouded = value.inside(tags.sequence)
    const algorithm = shrouded.inside(tags.sequence)
    // Whoever only wants the certificates needs no password for the keys.
    if (password !== null) found.keys.push(decrypt(algorithm, shrouded.octets(), password))
  }
  if (kind !== CERTIFICATE_BAG) return
  const certificate = value.inside(tags.sequence)
  if (certificate.oid() === X509) found.certificates.push(certificate.inside(tags.explicit0).octets())
}
