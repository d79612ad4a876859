import { writeFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { selfSigned } from '../../../src/lib/local/secure/self-signed.ts'
import { systemRandom } from '../../../src/lib/ports/random.ts'
import { incrementalAlterConfigs } from '../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { connected } from '../wire/connection.ts'
import { type ListenerName, stores } from './secure-pair.ts'

/** Something that is said anew of a listener; null takes it back. */
export interface KeyChange {
  readonly title: string
  readonly listener: ListenerName
  /** A name with a dot in front is one of all listeners. */
  readonly said: Readonly<Record<string, string | null>>
  readonly broker?: string
}

interface Made {
  readonly pem: string
  readonly certificate: string
  readonly key: string
}

/** What a Kafka takes and refuses of stores while it runs, in an order in which each meets what the ones before left. */
export function keyChanges(folder: string): KeyChange[] {
  const file = (name: string, text: string) => {
    writeFileSync(`${folder}/${name}`, text)
    return `${folder}/${name}`
  }
  const key = 'ssl.keystore.location'
  const trust = 'ssl.truststore.location'
  const [same, more, less] = [made('server', []), made('server', ['more.example']), made('server', [])]
  const other = made('other', [])
  const expired = made('server', ['more.example'], 1.1e12)
  const password = 'key-store-password'
  const one = (title: string, said: KeyChange['said'], listener: ListenerName = 'TLS', broker = '1') => ({
    ...{ title, said, listener, broker },
  })
  return [
    one('a new one of the same names', { [key]: file('same.pem', same.pem) }),
    one('one of another subject', { [key]: file('other.pem', other.pem) }),
    one('one of more names', { [key]: file('more.pem', more.pem) }),
    one('one of fewer names', { [key]: file('less.pem', less.pem) }),
    one('fewer names, and that this is allowed', {
      ...{ [key]: `${folder}/less.pem`, 'ssl.allow.san.changes': 'true' },
    }),
    one('that fewer names are allowed', { 'ssl.allow.san.changes': 'true' }),
    one('the same of all listeners', { '.ssl.allow.san.changes': 'true' }),
    one('no file', { [key]: `${folder}/nowhere.pem` }),
    one('a folder', { [key]: folder }),
    one('garbage', { [key]: file('garbage.pem', 'garbage') }),
    one('a certificate without its key', { [key]: file('alone.pem', same.certificate) }),
    one('one that has expired', { [key]: file('past.pem', expired.pem) }),
    one('a key beside the file', {
      ...{ 'ssl.keystore.key': more.key, 'ssl.keystore.certificate.chain': more.certificate },
    }),
    one('a chain alone', { 'ssl.keystore.certificate.chain': more.certificate }),
    one('JKS without a password', { 'ssl.keystore.type': 'JKS', [key]: `${stores}client.jks` }),
    one('another password of PKCS12', {
      ...{ 'ssl.keystore.type': 'PKCS12', 'ssl.keystore.password': 'another' },
      [key]: `${stores}client-java17.p12`,
    }),
    one('a client by PKCS12', {
      ...{ 'ssl.keystore.type': 'PKCS12', 'ssl.keystore.password': password },
      [key]: `${stores}client-java17.p12`,
    }),
    one('PEM that is PKCS12', { [key]: `${stores}client-java17.p12` }),
    one('a type that there is not', { 'ssl.keystore.type': 'FROB', 'ssl.keystore.password': password }),
    one('a trust store of another type', { 'ssl.truststore.type': 'JKS' }),
    one('all brokers', { [key]: `${folder}/same.pem` }, 'TLS', ''),
    one('nobody’s listener', { '.listener.name.nowhere.ssl.keystore.location': `${folder}/nowhere.pem` }),
    one('a listener without TLS', { [key]: `${folder}/nowhere.pem` }, 'SASL'),
    one('no file, with logins', { [key]: `${folder}/nowhere.pem` }, 'SASLTLS'),
    one('a new one, with logins', { [key]: `${folder}/same.pem` }, 'SASLTLS'),
    one('no trust store', { [trust]: `${folder}/nowhere.pem` }, 'MTLS'),
    one('another trust store', { [trust]: file('trust.pem', same.certificate) }, 'MTLS'),
    one('that no more', { [trust]: null }, 'MTLS'),
    one('certificates beside a file', { 'ssl.truststore.certificates': same.certificate }, 'MTLS'),
    one('whom to ask for certificates', { 'ssl.client.auth': 'none' }, 'MTLS'),
    one('nonsense of that', { 'ssl.client.auth': 'perhaps' }, 'MTLS'),
    one('that of all, afterwards', { '.ssl.client.auth': 'none' }, 'MTLS'),
    one('users of PLAIN', { 'plain.sasl.jaas.config': 'nonsense' }, 'SASL'),
    one('mechanisms', { 'sasl.enabled.mechanisms': 'PLAIN,FROB' }, 'SASL'),
    one('how long logins last', { 'connections.max.reauth.ms': 'x' }, 'SASL'),
    one('rules for names', { '.ssl.principal.mapping.rules': 'DEFAULT' }),
    one('a store of all listeners', { '.ssl.keystore.location': `${folder}/same.pem` }),
  ]
}

export function changedAt(port: number, { said, listener, broker = '1' }: KeyChange): Promise<string> {
  const configs = Object.entries(said).map(([name, value]) => ({
    name: name.startsWith('.') ? name.slice(1) : `listener.name.${listener.toLowerCase()}.${name}`,
    configOperation: value === null ? 1 : 0,
    value,
  }))
  return connected(port, async (link) => {
    const resources = [{ resourceType: 4, resourceName: broker, configs }]
    const { responses } = await link.ask(incrementalAlterConfigs, 1, { validateOnly: false, resources })
    return `${responses[0]?.errorCode} ${responses[0]?.errorMessage}`.replace(
      /ListenerName\(\w+\)|alias=\w+/g,
      '…',
    )
  })
}

/** The certificate that a listener shows. */
export function shownAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

function made(commonName: string, more: readonly string[], untilMs = 4e12): Made {
  const names = ['localhost', ...more]
  const wish = { commonName, names, addresses: [Buffer.of(127, 0, 0, 1)], fromMs: 1e12, untilMs }
  const { certificate, key } = selfSigned(wish, systemRandom)
  return { certificate, key, pem: key + certificate }
}
