import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { Cluster } from '../../src/lib/client/cluster.ts'
import { Logins } from '../../src/lib/client/connection/logins.ts'
import { readClusterSettings } from '../../src/lib/config/read-cluster-settings.ts'
import { socketNetwork } from '../../src/lib/network/sockets.ts'
import { systemClock } from '../../src/lib/ports/clock.ts'
import { systemRandom } from '../../src/lib/ports/random.ts'
import { systemDisk } from '../../src/lib/ports/system-disk.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { runLive } from '../support/run-live.ts'
import { users } from './kafka/server-properties.ts'
import { freePorts } from './kafka/start.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'

const kafka = inject('kafka')
const modules = 'org.apache.kafka.common.security'
const stores = fileURLToPath(new URL('../golden/key-stores/', import.meta.url))
const storePassword = 'key-store-password'
const folder = mkdtempSync(join(tmpdir(), 'ktool-security-'))
const certificate = join(folder, 'kafka.pem')

beforeAll(() => writeFileSync(certificate, kafka.certificate))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function config(properties: Record<string, string>): string[] {
  const path = join(folder, 'client.properties')
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(path, lines.join(''))
  return ['--command-config', path]
}

function login(name: keyof typeof users, secret: string = users[name].secret): Record<string, string> {
  const { mechanism } = users[name]
  const module =
    mechanism === 'PLAIN' ? `${modules}.plain.PlainLoginModule` : `${modules}.scram.ScramLoginModule`
  return {
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': `${module} required username="${name}" password="${secret}";`,
  }
}

const tls = { 'ssl.ca.location': certificate }

describe('a Kafka with listeners of every kind', () => {
  const { plain, tls: tlsPort, sasl, saslTls } = kafka.ports

  it.each([
    ['by TLS', tlsPort, { 'security.protocol': 'SSL', ...tls }],
    ...(['alice', 'bob', 'carol'] as const).flatMap((name): [string, number, Record<string, string>][] => [
      [`as ${name}`, sasl, { 'security.protocol': 'SASL_PLAINTEXT', ...login(name) }],
      [`as ${name} by TLS`, saslTls, { 'security.protocol': 'SASL_SSL', ...login(name), ...tls }],
    ]),
  ])('lists its topics %s', async (_, port, properties) => {
    const { status, stderr } = await runLive('topics list', `127.0.0.1:${port}`, config(properties))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it.each(['alice', 'bob', 'carol'] as const)(
    'lets %s read in a group, with and without TLS',
    async (name) => {
      const topic = `secured-by-${name}`
      await using writer = new LiveWriter(`127.0.0.1:${plain}`)
      await writer.topic(topic)
      await writer.write(topic, 0, { count: 3 })
      const argv = [topic, '-g', topic, '--format', '%o ']
      const byPlain = config({ 'security.protocol': 'SASL_PLAINTEXT', ...login(name) })
      const first = await runLive('consume', `127.0.0.1:${sasl}`, [...argv, '-n', '1', ...byPlain])
      const byTls = config({ 'security.protocol': 'SASL_SSL', ...login(name), ...tls })
      const rest = await runLive('consume', `127.0.0.1:${saslTls}`, [...argv, ...byTls])
      expect([first, rest]).toEqual([
        { status: 0, stderr: '', stdout: '0 ' },
        { status: 0, stderr: '', stdout: '1 2 ' },
      ])
    },
  )

  it.each(['alice', 'bob', 'carol'] as const)('does not let %s in with another password', async (name) => {
    const properties = { 'security.protocol': 'SASL_PLAINTEXT', ...login(name, 'another') }
    const { status, stderr } = await runLive('topics list', `127.0.0.1:${sasl}`, config(properties))
    expect(stderr).toMatch(/Authentication failed/)
    expect(stderr).not.toContain('another')
    expect(status).toBe(4)
  })

  it.each([
    ['TLS, asked without', tlsPort, {}, 5, /it answers in TLS/],
    ['no TLS, asked with', plain, { 'security.protocol': 'SSL', ...tls }, 5, /does not speak TLS/],
    ['TLS that nobody vouches for', tlsPort, { 'security.protocol': 'SSL' }, 4, /signed by/],
    ['SASL, asked without', sasl, {}, 5, /security\.protocol=SASL_PLAINTEXT/],
    [
      'no SASL, asked with',
      plain,
      { 'security.protocol': 'SASL_PLAINTEXT', ...login('carol') },
      4,
      /has no SASL/,
    ],
  ])('has a sentence for %s', async (_, port, properties, exitCode, sentence) => {
    const { status, stderr } = await runLive('topics list', `127.0.0.1:${port}`, config(properties))
    expect(stderr).toMatch(sentence)
    expect(status).toBe(exitCode)
  })
})

describe('a Kafka that wants more', () => {
  let own: OwnKafka
  let ports: { mtls: number; oauth: number; short: number }

  beforeAll(async () => {
    const { tls: mtls, sasl: oauth, saslTls: short } = await freePorts()
    ports = { mtls, oauth, short }
    const listeners = [
      { name: 'MTLS', port: mtls, protocol: 'SSL' },
      { name: 'OAUTH', port: oauth, protocol: 'SASL_PLAINTEXT' },
      { name: 'SHORT', port: short, protocol: 'SASL_PLAINTEXT' },
    ]
    own = await startOwnKafka('security', { properties: wanting(), listeners })
  })
  afterAll(async () => {
    await own.stop()
    own.remove()
  })

  it.each(['client-java17.p12', 'client-java8.p12', 'client-openssl.p12'])(
    'knows us by %s',
    async (store) => {
      const argv = config({
        'security.protocol': 'SSL',
        'ssl.truststore.location': `${stores}trust.jks`,
        'ssl.keystore.location': stores + store,
        'ssl.keystore.password': storePassword,
      })
      expect(await runLive('topics list', `127.0.0.1:${ports.mtls}`, argv)).toMatchObject({
        status: 0,
        stderr: '',
      })
    },
  )

  it('says that it wants a certificate', async () => {
    const argv = config({ 'security.protocol': 'SSL', 'ssl.truststore.location': `${stores}trust.jks` })
    const { status, stderr } = await runLive('topics list', `127.0.0.1:${ports.mtls}`, argv)
    expect(stderr).toMatch(/wants to know who we are/)
    expect(status).toBe(4)
  })

  it.each([
    [
      {
        'sasl.jaas.config': `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="a";`,
      },
      0,
    ],
    [{ 'ktool.sasl.oauthbearer.token': 'nonsense' }, 4],
  ])('is shown a token: %j', async (source, exitCode) => {
    const argv = config({ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'OAUTHBEARER', ...source })
    const { status, stderr } = await runLive('topics list', `127.0.0.1:${ports.oauth}`, argv)
    expect({ status, stderr }).toMatchObject({ status: exitCode })
  })

  it('is shown a token by a member of a group', async () => {
    await using writer = new LiveWriter(`127.0.0.1:${own.port}`)
    await writer.topic('by-token')
    await writer.write('by-token', 0, { count: 3 })
    const argv = config({
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.jaas.config': `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="a";`,
    })
    const group = ['by-token', '-g', 'by-token', '--format', '%o ']
    const run = await runLive('consume', `127.0.0.1:${ports.oauth}`, [...group, ...argv])
    expect(run).toEqual({ status: 0, stderr: '', stdout: '0 1 2 ' })
  })

  it('is told anew who we are, on the same link, before it forgets', async () => {
    const [, path = ''] = config({ 'security.protocol': 'SASL_PLAINTEXT', ...login('carol') })
    const clock = systemClock(() => process.hrtime())
    const flags = { bootstrap: `127.0.0.1:${ports.short}`, 'command-config': path }
    const settings = readClusterSettings(flags, { disk: systemDisk, environment: {}, platform: 'linux' })
    const cluster = new Cluster(settings, {
      network: socketNetwork({ adoptsHandles: false, loop: null }),
      clock,
      software: { name: 'ktool', version: '0' },
      logins: new Logins(systemRandom, () => Promise.reject(new Error('no token is wanted'))),
    })
    const connection = await cluster.any()
    // Three times as long as a session lasts.
    const endMs = clock.monotonicMs() + 9_000
    let answered = 0
    while (clock.monotonicMs() < endMs) {
      await connection.ask(metadata, { topics: [] }, 5000)
      answered += 1
    }
    expect(answered).toBeGreaterThan(100)
    expect(connection.isClosed).toBe(false)
    await cluster.close()
  })
})

function wanting(): Record<string, string> {
  const unsecured = `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="kafka";`
  const keyStore = join(folder, 'server.pem')
  writeFileSync(
    keyStore,
    ['server.key', 'server.pem'].map((name) => readFileSync(stores + name, 'utf8')).join(''),
  )
  return {
    'inter.broker.listener.name': 'PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': `${stores}authority.pem`,
    'listener.name.mtls.ssl.client.auth': 'required',
    'listener.name.oauth.sasl.enabled.mechanisms': 'OAUTHBEARER',
    'listener.name.oauth.oauthbearer.sasl.jaas.config': unsecured,
    'listener.name.short.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.short.connections.max.reauth.ms': '3000',
    'listener.name.short.plain.sasl.jaas.config': `${modules}.plain.PlainLoginModule required user_carol="${users.carol.secret}";`,
  }
}
