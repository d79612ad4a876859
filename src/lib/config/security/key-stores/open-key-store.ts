import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { DataError, FailedError, KtoolError } from '../../../errors.ts'
import type { TlsIdentity } from '../../../ports/network.ts'
import { JKS_MAGIC, readJks } from './jks.ts'
import type { KeyStoreContents, KeyStorePasswords } from './key-store.ts'
import { damagedKeyStore } from './key-store-errors.ts'
import { certificatesIn, keyIn, pemOf } from './pem.ts'
import { readPkcs12 } from './pkcs12.ts'

const JCEKS_MAGIC = 0xcececece
const DER_SEQUENCE = 0x30

/** Whom a trust store believes, in PEM. What kind of file it is, its first bytes tell. */
export function openTrustStore(bytes: Buffer, path: string, passwords: KeyStorePasswords): string[] {
  return about(path, () => {
    const certificates = isPem(bytes)
      ? certificatesIn(bytes.toString('latin1'))
      : contentsOf(bytes, { ...passwords, key: null }).certificates.map((der) => pemOf('CERTIFICATE', der))
    if (certificates.length > 0) return certificates
    throw new FailedError('no-certificates', 'no certificate is in it: nobody would be believed')
  })
}

/** Who we are: the first key of the store, and the certificates that lead from it to an authority. */
export function openIdentity(bytes: Buffer, path: string, passwords: KeyStorePasswords): TlsIdentity {
  return about(path, () => {
    if (isPem(bytes)) return pemIdentity(bytes.toString('latin1'), bytes.toString('latin1'), passwords.key)
    const { keys, certificates } = contentsOf(bytes, passwords)
    const [key] = keys
    if (key === undefined) throw new FailedError('no-key', 'no private key is in it, or no password was said')
    return { chain: chainOf(privateKey(key), certificates), key: pemOf('PRIVATE KEY', key), passphrase: null }
  })
}

/** Key and certificates may stand in one text, or in two. */
export function pemIdentity(chain: string, key: string, passphrase: string | null): TlsIdentity {
  const certificates = certificatesIn(chain)
  const ours = keyIn(key)
  if (certificates.length === 0) throw new FailedError('no-certificates', 'there is no certificate in PEM')
  if (ours === undefined) throw new FailedError('no-key', 'there is no private key in PEM')
  return { chain: certificates.join(''), key: ours, passphrase }
}

function contentsOf(bytes: Buffer, passwords: KeyStorePasswords): KeyStoreContents {
  if (bytes.length < 4) throw damagedKeyStore('it ends too early')
  const magic = bytes.readUInt32BE()
  if (magic === JKS_MAGIC) return readJks(bytes, passwords)
  if (bytes[0] === DER_SEQUENCE) return readPkcs12(bytes, passwords)
  throw new FailedError(
    'unknown-key-store',
    `it is ${magic === JCEKS_MAGIC ? 'a JCEKS key store' : 'neither PKCS12, JKS nor PEM'}`,
    {
      hint: 'keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12 makes PKCS12 of it',
    },
  )
}

function isPem(bytes: Buffer): boolean {
  return bytes.includes('-----BEGIN ')
}

/** The other side wants them in their order: ours, who signed it, who signed that. */
function chainOf(key: KeyObject, ders: readonly Buffer[]): string {
  const certificates = ders.map((der) => new X509Certificate(der))
  let next = certificates.find((each) => each.checkPrivateKey(key))
  if (next === undefined)
    throw new FailedError('no-certificates', 'it has no certificate for its private key')
  const chain: X509Certificate[] = []
  while (next !== undefined && !chain.includes(next)) {
    const last: X509Certificate = next
    chain.push(last)
    next = certificates.find((each) => each !== last && last.checkIssued(each))
  }
  return chain.map(({ raw }) => pemOf('CERTIFICATE', raw)).join('')
}

function privateKey(der: Buffer): KeyObject {
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

/** Says of which file it is, and no more than that of what OpenSSL says. */
function about<T>(path: string, open: () => T): T {
  try {
    return open()
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    const known = cause instanceof KtoolError
    const facts = { hint: known ? cause.hint : undefined, details: { path }, cause }
    if (known && cause instanceof FailedError)
      throw new FailedError(cause.code, `${path}: ${cause.message}`, facts)
    const reason = known ? cause.message : 'what is in it cannot be used'
    throw new DataError(known ? cause.code : 'damaged-key-store', `${path}: ${reason}`, facts)
  }
}
