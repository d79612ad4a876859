import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { selfSigned } from '../../../../src/lib/local/secure/self-signed.ts'
import { systemRandom } from '../../../../src/lib/ports/random.ts'
import { describeConfigs } from '../../../../src/lib/protocol/apis/describe-configs.ts'
import { incrementalAlterConfigs } from '../../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ktool-listener-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function certified(file: string, commonName = 'broker', names: readonly string[] = ['localhost']): string {
  const wish = { commonName, names, addresses: [], fromMs: 1e12, untilMs: 4e12 }
  const { certificate, key } = selfSigned(wish, systemRandom)
  const path = join(folder, file)
  writeFileSync(path, key + certificate)
  return path
}

function started(settings: Record<string, string> = {}): Promise<BrokerInProcess> {
  return brokerInProcess({
    dataDir: join(folder, 'data'),
    listeners: [
      { name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: 0 },
      { name: 'TLS', protocol: 'SSL', hosts: ['127.0.0.1'], port: 0 },
    ],
    settings: { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': join(folder, 'first.pem'), ...settings },
  })
}

function come(rig: BrokerInProcess): Promise<TLSSocket> {
  const port = rig.broker.endpoints.get('TLS')?.port ?? 0
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => resolve(socket))
    socket.on('error', reject)
  })
}

async function shown(rig: BrokerInProcess): Promise<string> {
  const socket = await come(rig)
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}

function set(rig: BrokerInProcess, said: Record<string, string | null>): Promise<string> {
  const configs = Object.entries(said).map(([name, value]) => ({
    ...{ name: `listener.name.tls.${name}`, configOperation: value === null ? 1 : 0, value },
  }))
  const resources = [{ resourceType: 4, resourceName: '1', configs }]
  return connected(rig.port, async (link) => {
    const { responses } = await link.ask(incrementalAlterConfigs, 1, { validateOnly: false, resources })
    return responses[0]?.errorMessage ?? 'done'
  })
}

it('shows who comes from now on another certificate, and leaves alone who is there', async () => {
  certified('first.pem')
  await using rig = await started()
  const [there, before] = [await come(rig), await shown(rig)]
  expect(await set(rig, { 'ssl.keystore.location': certified('second.pem') })).toBe('done')
  const after = await shown(rig)
  expect(after).not.toBe(before)
  expect(there.destroyed).toBe(false)
  there.destroy()
  expect(rig.lines).toContainEqual(expect.stringMatching(/info a listener has another certificate.*"TLS"/))
  expect(await set(rig, { 'ssl.keystore.location': null })).toBe('done')
  expect(await shown(rig)).toBe(before)
})

it('shows it after its next start too', async () => {
  certified('first.pem')
  const rig = await started()
  await set(rig, { 'ssl.keystore.location': certified('second.pem') })
  const after = await shown(rig)
  await rig.stop()
  await using next = await started()
  expect(await shown(next)).toBe(after)
})

it('keeps what it has at a start where the new one is gone, and says so', async () => {
  certified('first.pem')
  const rig = await started()
  const first = await shown(rig)
  const second = certified('second.pem')
  await set(rig, { 'ssl.keystore.location': second })
  await rig.stop()
  rmSync(second)
  await using next = await started()
  expect(await shown(next)).toBe(first)
  expect(next.lines).toContainEqual(
    expect.stringMatching(/error a listener keeps its certificate.*second.pem/),
  )
})

it('looks at the file anew where something else is altered', async () => {
  certified('first.pem')
  await using rig = await started()
  const before = await shown(rig)
  certified('first.pem')
  await set(rig, { 'max.connections': '100' })
  const renewed = await shown(rig)
  expect(renewed).not.toBe(before)
  certified('first.pem', 'another')
  await set(rig, { 'max.connections': '101' })
  expect(await shown(rig)).toBe(renewed)
})

it('takes another subject and fewer names where that is allowed at the start', async () => {
  certified('first.pem', 'broker', ['localhost', 'more.example'])
  const rig = await started()
  const said = { 'ssl.keystore.location': certified('other.pem', 'other') }
  expect(await set(rig, said)).toContain('DistinguishedName does not match')
  await rig.stop()
  await using lenient = await started({ 'ssl.allow.dn.changes': 'true', 'ssl.allow.san.changes': 'true' })
  const before = await shown(lenient)
  expect(await set(lenient, said)).toBe('done')
  expect(await shown(lenient)).not.toBe(before)
})

it('refuses a key that is not that of the certificate, of which Kafka hears from its clients', async () => {
  certified('first.pem')
  await using rig = await started()
  const [one, other] = [1, 2].map(() =>
    selfSigned(
      { commonName: 'broker', names: ['localhost'], addresses: [], fromMs: 1e12, untilMs: 4e12 },
      systemRandom,
    ),
  )
  const path = join(folder, 'mixed.pem')
  writeFileSync(path, `${one?.key}${other?.certificate}`)
  expect(await set(rig, { 'ssl.keystore.location': path })).toContain(
    'the private key is not that of the certificate',
  )
})

it('says so where clients will refuse it for its age', async () => {
  const path = join(folder, 'first.pem')
  const wish = { commonName: 'old', names: ['localhost'], addresses: [], fromMs: 1e12, untilMs: 1.1e12 }
  const { certificate, key } = selfSigned(wish, systemRandom)
  writeFileSync(path, key + certificate)
  await using rig = await started()
  expect(rig.lines).toContainEqual(
    expect.stringMatching(/warn the certificate of a listener has expired.*"TLS".*"CN=old".*2004-11-09/),
  )
})

it('never tells a password', async () => {
  certified('first.pem')
  await using rig = await started()
  expect(await set(rig, { 'ssl.key.password': 'do not tell' })).toBe('done')
  const { results } = await connected(rig.port, (link) =>
    link.ask(describeConfigs, 4, {
      resources: [{ resourceType: 4, resourceName: '1', configurationKeys: null }],
      includeSynonyms: true,
    }),
  )
  const [found] = (results[0]?.configs ?? []).filter(({ name }) => name.endsWith('tls.ssl.key.password'))
  expect(found).toMatchObject({ value: null, isSensitive: true })
  const text = JSON.stringify(results, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  expect(text).not.toContain('do not tell')
})
