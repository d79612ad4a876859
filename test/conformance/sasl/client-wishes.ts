import { writeFileSync } from 'node:fs'
import { selfSigned } from '../../../src/lib/local/secure/self-signed.ts'
import { systemRandom } from '../../../src/lib/ports/random.ts'
import { PASSWORD } from './conversation.ts'
import { identity, type ListenerName, type SecurePair, stores } from './secure-pair.ts'

interface Wish {
  readonly name: string
  readonly does: 'produce' | 'consume' | 'join'
  readonly topic: string
  readonly listener: ListenerName
  readonly properties: Readonly<Record<string, string>>
}

export const OPEN = 'open'
export const DENIED = 'denied'

const modules = 'org.apache.kafka.common.security'
const trust = { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': `${stores}authority.pem` }
const tls = { 'security.protocol': 'SSL', ...trust }

export function login(mechanism: string, name: string, password: string = PASSWORD): Record<string, string> {
  const module = mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule'
  return {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': `${modules}.${module} required username="${name}" password="${password}";`,
  }
}

/** What Java's clients try: everything that lets them in, and everything that does not. */
export function clientWishes(folder: string): Wish[] {
  const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
  const userOf = (mechanism: string) => (mechanism === 'PLAIN' ? 'bob' : 'dora')
  const known = { ...tls, ...identity('', 'client', folder) }
  const both = (listener: ListenerName, who: string, properties: Wish['properties']): Wish[] => [
    { name: `${who} produces`, does: 'produce', topic: OPEN, listener, properties },
    { name: `${who} consumes`, does: 'consume', topic: OPEN, listener, properties },
    { name: `${who} may not produce`, does: 'produce', topic: DENIED, listener, properties },
  ]
  const one = (name: string, listener: ListenerName, properties: Wish['properties']): Wish => ({
    ...{ name, does: 'produce', topic: OPEN, listener, properties },
  })
  return [
    ...mechanisms.flatMap((mechanism) => {
      const own = login(mechanism, userOf(mechanism))
      const wrong = login(mechanism, userOf(mechanism), 'wrong')
      const secret = { ...own, ...trust, 'security.protocol': 'SASL_SSL' }
      return [
        ...both('SASL', mechanism, own),
        ...both('SASLTLS', `${mechanism} by TLS`, secret),
        one(`${mechanism} with another password`, 'SASL', wrong),
        one(`${mechanism} as nobody`, 'SASL', login(mechanism, 'nobody')),
      ]
    }),
    ...both('MTLS', 'a certificate', known),
    { name: 'nobody by TLS', does: 'produce', topic: OPEN, listener: 'TLS', properties: tls },
    {
      name: 'may not read',
      does: 'consume',
      topic: DENIED,
      listener: 'SASL',
      properties: login('PLAIN', 'bob'),
    },
    { name: 'may not join', does: 'join', topic: OPEN, listener: 'SASL', properties: login('PLAIN', 'bob') },
    one('a mechanism that is not served', 'SASL', tokenLogin()),
    one('no certificate', 'MTLS', tls),
    one('no certificate by TLS 1.2', 'MTLS', { ...tls, 'ssl.enabled.protocols': 'TLSv1.2' }),
    one('an expired certificate', 'MTLS', { ...tls, ...identity('', 'expired', folder) }),
    one('a certificate of nobody', 'MTLS', { ...tls, ...stranger(folder) }),
    one('a broker of another name', 'ELSEWHERE', tls),
    one('a broker that has expired', 'EXPIRED', tls),
    one('a broker of nobody', 'TLS', { ...tls, 'ssl.truststore.location': `${folder}/stranger.pem` }),
  ]
}

/** For both brokers at once, as the program for Java takes them. */
export function wishesOfBoth(wishes: readonly Wish[], pair: SecurePair): string {
  const usual = { 'default.api.timeout.ms': '15000', 'reconnect.backoff.max.ms': '200' }
  const all = wishes.flatMap(({ name, does, topic, listener, properties }) =>
    pair.ports(listener).map((port, i) => ({
      ...{ name: `${i} ${name}`, does, topic },
      properties: { ...usual, ...properties, 'bootstrap.servers': `127.0.0.1:${port}` },
    })),
  )
  return JSON.stringify(all)
}

/** What came of each at Kafka, and at ours. */
export function outcomes(stdout: string): [Record<string, string>, Record<string, string>] {
  const all = JSON.parse(stdout) as Record<string, string>
  const of = (broker: string) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, said]) =>
        name.startsWith(broker) ? [[name.slice(2), said.replace(/:\d{4,}|\bafter \d+ ms/g, '…')]] : [],
      ),
    )
  return [of('0'), of('1')]
}

function tokenLogin(): Record<string, string> {
  const module = `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="a";`
  return {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.jaas.config': module,
  }
}

/** Whom no authority has signed. */
function stranger(folder: string): Record<string, string> {
  const wish = { commonName: 'stranger', names: [], addresses: [], fromMs: 1e12, untilMs: 2e12 }
  const { certificate, key } = selfSigned(wish, systemRandom)
  writeFileSync(`${folder}/stranger.pem`, certificate)
  writeFileSync(`${folder}/stranger-with-key.pem`, key + certificate)
  return { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': `${folder}/stranger-with-key.pem` }
}
