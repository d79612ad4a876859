import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiVersions } from '../../../../src/lib/protocol/apis/api-versions.ts'
import { requestHeader } from '../../../../src/lib/protocol/headers.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'
import { runLive } from '../../../support/run-live.ts'

const modules = 'org.apache.kafka.common.security'
const stores = fileURLToPath(new URL('../../../golden/key-stores/', import.meta.url))
const storePassword = 'key-store-password'
const folder = mkdtempSync(join(tmpdir(), 'ktool-listeners-'))

const listeners = [
  ['PLAINTEXT', 'PLAINTEXT'],
  ['SSL', 'SSL'],
  ['MTLS', 'SSL'],
  ['SASL_PLAINTEXT', 'SASL_PLAINTEXT'],
  ['SASL_SSL', 'SASL_SSL'],
  ['TOKENS', 'SASL_PLAINTEXT'],
] as const
type Name = (typeof listeners)[number][0]

let rig: BrokerInProcess

function pem(name: string): string {
  return readFileSync(stores + name, 'utf8')
}

beforeAll(async () => {
  writeFileSync(join(folder, 'server.pem'), pem('server.key') + pem('server.pem'))
  rig = await brokerInProcess({
    listeners: listeners.map(([name, protocol]) => ({ name, protocol, hosts: ['127.0.0.1'], port: 0 })),
    settings: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': join(folder, 'server.pem'),
      'listener.name.mtls.ssl.client.auth': 'required',
      'listener.name.mtls.ssl.truststore.location': `${stores}trust.jks`,
      'listener.name.mtls.ssl.truststore.password': storePassword,
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'listener.name.sasl_plaintext.plain.sasl.jaas.config': `${modules}.plain.PlainLoginModule required user_carol="carol-secret";`,
      'listener.name.sasl_ssl.plain.sasl.jaas.config': `${modules}.plain.PlainLoginModule required user_carol="carol-secret";`,
      'listener.name.tokens.sasl.enabled.mechanisms': 'OAUTHBEARER',
    },
    furnish: async () => ({
      settings: new Map(),
      users: [
        { name: 'alice', mechanism: 'SCRAM-SHA-256', password: 'alice-secret' },
        { name: 'bob', mechanism: 'SCRAM-SHA-512', password: 'bob-secret' },
      ],
    }),
  })
})

afterAll(async () => {
  await rig[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function list(name: Name, properties: Record<string, string>) {
  const { host, port } = rig.broker.endpoints.get(name) ?? { host: '', port: 0 }
  const path = join(folder, 'client.properties')
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(path, lines.join(''))
  return runLive('topics list', `${host}:${port}`, ['--command-config', path])
}

const users = { alice: 'SCRAM-SHA-256', bob: 'SCRAM-SHA-512', carol: 'PLAIN' } as const

function login(name: keyof typeof users, secret = `${name}-secret`): Record<string, string> {
  const mechanism = users[name]
  const module = mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule'
  const jaas = `${modules}.${module} required username="${name}" password="${secret}";`
  return { 'sasl.mechanism': mechanism, 'sasl.jaas.config': jaas }
}

const tls = { 'ssl.ca.location': `${stores}authority.pem` }
const names = ['alice', 'bob', 'carol'] as const

/** What the operator was told since the last time. */
function told(): string {
  return (rig.lines as string[]).splice(0).join('\n')
}

describe('listeners of every kind', () => {
  it.each([
    ['by TLS', 'SSL', { 'security.protocol': 'SSL', ...tls }],
    ...names.flatMap((name): [string, Name, Record<string, string>][] => [
      [`as ${name}`, 'SASL_PLAINTEXT', { 'security.protocol': 'SASL_PLAINTEXT', ...login(name) }],
      [`as ${name} by TLS`, 'SASL_SSL', { 'security.protocol': 'SASL_SSL', ...login(name), ...tls }],
    ]),
    ...['client-java17.p12', 'client-openssl.p12'].map((store): [string, Name, Record<string, string>] => [
      `by ${store}`,
      'MTLS',
      {
        'security.protocol': 'SSL',
        ...tls,
        'ssl.keystore.location': stores + store,
        'ssl.keystore.password': storePassword,
      },
    ]),
    [
      'by a token that nobody signed',
      'TOKENS',
      {
        'security.protocol': 'SASL_PLAINTEXT',
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.jaas.config': `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="a";`,
      },
    ],
  ] as [string, Name, Record<string, string>][])('serve clients %s', async (_, name, properties) => {
    expect(await list(name, properties)).toMatchObject({ status: 0, stderr: '' })
  })

  it.each(names)('do not let %s in with another password, and tell the operator', async (name) => {
    told()
    const protocol = { 'security.protocol': 'SASL_PLAINTEXT' }
    const { status, stderr } = await list('SASL_PLAINTEXT', { ...protocol, ...login(name, 'another') })
    expect(stderr).toMatch(/Authentication failed/)
    expect(status).toBe(4)
    const lines = told()
    expect(lines).toMatch(/^warn closed a connection/)
    expect(lines).toContain(`"principal":"User:${name}"`)
    expect(lines).not.toContain('another-secret')
  })

  it.each([
    ['TLS, asked without', 'SSL', {}, 5, /it answers in TLS/, /Kafka without TLS on a listener with TLS/],
    [
      'no TLS, asked with',
      'PLAINTEXT',
      { 'security.protocol': 'SSL', ...tls },
      5,
      /does not speak TLS/,
      /TLS on a listener without/,
    ],
    ['TLS that nobody vouches for', 'SSL', { 'security.protocol': 'SSL' }, 4, /signed by/, /^/],
    [
      'SASL, asked without',
      'SASL_PLAINTEXT',
      {},
      5,
      /security\.protocol=SASL_PLAINTEXT/,
      /Metadata during the SASL/,
    ],
    [
      'no SASL, asked with',
      'PLAINTEXT',
      { 'security.protocol': 'SASL_PLAINTEXT', ...login('carol') },
      4,
      /has no SASL/,
      /^/,
    ],
    [
      'a mechanism that is not served',
      'TOKENS',
      { 'security.protocol': 'SASL_PLAINTEXT', ...login('carol') },
      4,
      /it offers OAUTHBEARER/,
      /wants to log in by \\"PLAIN\\"/,
    ],
    [
      'no certificate',
      'MTLS',
      { 'security.protocol': 'SSL', ...tls },
      4,
      /wants to know who we are/,
      /shows no certificate, and has to","listener":"MTLS"/,
    ],
    [
      'a certificate that has expired',
      'MTLS',
      {
        ...{ 'security.protocol': 'SSL', ...tls },
        'ssl.certificate.location': `${stores}expired.pem`,
        'ssl.key.location': `${stores}expired.key`,
      },
      4,
      /refuses the certificate that we show/,
      /has expired \(CN=expired\)","listener":"MTLS"/,
    ],
  ] as [string, Name, Record<string, string>, number, RegExp, RegExp][])(
    'have a sentence for %s',
    async (_, name, properties, exitCode, sentence, line) => {
      told()
      const { status, stderr } = await list(name, properties)
      expect(stderr).toMatch(sentence)
      expect(status).toBe(exitCode)
      expect(told()).toMatch(line)
    },
  )
})

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a client with a certificate may come again, by %s',
  async (version) => {
    const { host = '', port = 0 } = rig.broker.endpoints.get('MTLS') ?? {}
    const [ca, cert, key] = ['authority.pem', 'client.pem', 'client.key'].map(pem)
    const wish = { host, port, ca, cert, key, maxVersion: version, minVersion: version }
    const first = connect(wish)
    const [[session]] = await Promise.all([once(first, 'session'), once(first, 'secureConnect')])
    const again = connect({ ...wish, session: session as Buffer })
    await once(again, 'secureConnect')
    expect(again.isSessionReused()).toBe(true)
    const asked = { requestApiKey: apiVersions.key, requestApiVersion: 0, correlationId: 7, clientId: 'c' }
    const frame = requestHeader.encode(asked, 1)
    again.write(Buffer.concat([Buffer.of(0, 0, 0, frame.length), frame]))
    const [answer] = await once(again, 'data')
    expect((answer as Buffer).readInt32BE(4)).toBe(7)
    for (const socket of [first, again]) socket.destroy()
  },
)
