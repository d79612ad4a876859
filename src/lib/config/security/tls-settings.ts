import { FailedError, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { TlsIdentity, TlsTrust, TlsVersion } from '../../ports/network.ts'
import { readText } from '../text-file.ts'
import { opensslCiphers } from './cipher-names.ts'
import { openIdentity, openTrustStore, pemIdentity } from './key-stores/open-key-store.ts'
import { certificatesIn } from './key-stores/pem.ts'

/** Properties, wherever they stand: in a file, or among the options of a login module. */
export interface Lookup {
  get(key: string): string | undefined
  raw(key: string): string | undefined
  placeOf(key: string): string
  flag(key: string, whenNotSaid: boolean): boolean
}

const VERSIONS: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3']

/** Whom we believe and who we are, by Java's names and by those of librdkafka that mean files of PEM. */
export function tlsSettings(properties: Lookup, disk: ReadableDisk): TlsTrust {
  const versions = versionsOf(properties)
  return {
    authorities: authoritiesOf(properties, disk),
    identity: identityOf(properties, disk),
    verifies: properties.flag('enable.ssl.certificate.verification', true),
    checksHost: checksHost(properties),
    leastVersion: versions[0] ?? 'TLSv1.2',
    mostVersion: versions.includes('TLSv1.3') ? null : 'TLSv1.2',
    ciphers: opensslCiphers(properties.get('ssl.cipher.suites')),
  }
}

export function authoritiesOf(properties: Lookup, disk: ReadableDisk): string[] | null {
  const inline = properties.get('ssl.truststore.certificates')
  if (inline !== undefined) {
    const certificates = naming(properties.placeOf('ssl.truststore.certificates'), () =>
      certificatesIn(inline),
    )
    if (certificates.length > 0) return certificates
    throw invalid(properties.placeOf('ssl.truststore.certificates'), 'there is no certificate in PEM')
  }
  const path = properties.get('ssl.truststore.location') ?? properties.get('ssl.ca.location')
  if (path === undefined) return null
  const store = properties.get('ssl.truststore.password') ?? null
  const bytes = bytesAt(disk, path, 'the trust store')
  return opening('ssl.truststore.password', properties, () =>
    openTrustStore(bytes, path, { store, key: null }),
  )
}

export function identityOf(properties: Lookup, disk: ReadableDisk): TlsIdentity | null {
  const password = properties.get('ssl.key.password') ?? null
  const chain = textOf(properties, disk, 'ssl.keystore.certificate.chain', 'ssl.certificate.location')
  const key = textOf(properties, disk, 'ssl.keystore.key', 'ssl.key.location')
  if (chain !== undefined || key !== undefined) {
    // librdkafka takes both from one file.
    return naming('the certificate and the key of the client', () =>
      pemIdentity(chain ?? key ?? '', key ?? chain ?? '', password),
    )
  }
  const path = properties.get('ssl.keystore.location')
  if (path === undefined) return null
  const store = properties.get('ssl.keystore.password') ?? null
  const bytes = bytesAt(disk, path, 'the key store')
  return opening('ssl.keystore.password', properties, () =>
    openIdentity(bytes, path, { store, key: password }),
  )
}

function textOf(properties: Lookup, disk: ReadableDisk, inline: string, file: string): string | undefined {
  const path = properties.get(file)
  return (
    properties.get(inline) ?? (path === undefined ? undefined : bytesAt(disk, path, file).toString('latin1'))
  )
}

function bytesAt(disk: ReadableDisk, path: string, what: string): Buffer {
  if (disk.stat(path)?.kind === 'folder')
    throw new FailedError('not-a-file', `${path}, which is ${what}, is a folder`)
  const text = readText(disk, path, 'latin1')
  if (text === undefined)
    throw new FailedError('file-not-found', `there is no file ${path}, which is ${what}`)
  return Buffer.from(text, 'latin1')
}

/** Emptiness means that any name will do; librdkafka says `none`. */
function checksHost(properties: Lookup): boolean {
  const key = 'ssl.endpoint.identification.algorithm'
  const algorithm = properties.raw(key)?.toLowerCase() ?? 'https'
  if (algorithm === '' || algorithm === 'none') return false
  if (algorithm === 'https') return true
  throw invalid(properties.placeOf(key), 'it is https, or empty')
}

export function versionsOf(properties: Lookup): TlsVersion[] {
  const key = 'ssl.enabled.protocols'
  const said = properties
    .get(key)
    ?.split(',')
    .map((name) => name.trim())
  const known = VERSIONS.filter((version) => said === undefined || said.includes(version))
  if (known.length > 0) return known
  throw invalid(properties.placeOf(key), 'of TLSv1.2 and TLSv1.3 it has neither, and older ones are not safe')
}

function invalid(place: string, reason: string): FailedError {
  return new FailedError('invalid-property', `${place}: ${reason}`)
}

const hints: Readonly<Record<string, (name: string) => string>> = {
  'wrong-password': (name) =>
    `it is opened by ${name}, and a key in it by ssl.key.password where that is another`,
  'no-password': (name) => `say it: ${name}`,
  'no-key': () => 'the key and its certificates stand in one file; what has no key is a trust store',
}

/** Says where a password is looked for, if that is what is wrong. */
function opening<T>(name: string, properties: Lookup, open: () => T): T {
  try {
    return open()
  } catch (cause) {
    const hint = cause instanceof FailedError && cause.hint === undefined ? hints[cause.code] : undefined
    if (!(cause instanceof FailedError) || hint === undefined) throw cause
    const { code, message, details } = cause
    throw new FailedError(code, message, { hint: hint(properties.placeOf(name)), details, cause })
  }
}

function naming<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    throw new FailedError(cause.code, `${what}: ${cause.message}`, { hint: cause.hint, cause })
  }
}
