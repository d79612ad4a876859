import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka } from 'kafkajs'
import { afterEach, expect, it } from 'vitest'
import { secureDirectory } from '../../../src/lib/local/secure/secure-directory.ts'
import { brokerStarter } from '../../../src/lib/local/start-broker.ts'
import { systemNetwork } from '../../../src/lib/network/sockets.ts'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { systemRandom } from '../../../src/lib/ports/random.ts'
import { systemDisk } from '../../../src/lib/ports/system-disk.ts'
import { runLive } from '../../support/run-live.ts'

const folders: string[] = []
const clock = systemClock(() => process.hrtime())
const ports = { clock, disk: systemDisk, random: systemRandom, network: systemNetwork(null) }
const startBroker = brokerStarter({
  ...{ environment: process.env, platform: process.platform, processId: process.pid, ports },
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'ktool-secure-'))
  folders.push(made)
  return made
}

afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
})

it('is a broker with a certificate, a user and what clients need, kept for the next start', async () => {
  const dataDir = folder()
  const passwords: (string | undefined)[] = []
  for (const topics of [['orders'], []]) {
    await using broker = await startBroker({ secure: true, dataDir, topics })
    const { security } = broker
    passwords.push(security?.password)
    const config = ['--command-config', security?.clientProperties ?? '']
    const run = await runLive('topics list', broker.bootstrap, [...config, '-o', 'name'])
    expect(run).toEqual({ status: 0, stderr: '', stdout: 'orders\n' })
    expect(await runLive('topics list', broker.bootstrap)).toMatchObject({ status: 5 })
  }
  expect(passwords[0]).toMatch(/^[\w-]{32}$/)
  expect(passwords[1]).toBe(passwords[0])
  for (const name of ['broker.pem', 'client.properties', 'kcat.conf'])
    expect([name, statSync(join(dataDir, name)).mode & 0o777]).toEqual([name, 0o600])
})

it.each(['SCRAM-SHA-512', 'PLAIN'] as const)('lets other clients in by %s', async (mechanism) => {
  await using broker = await startBroker({ secure: true })
  const { username = '', password = '', certificate = '' } = broker.security ?? {}
  const kind = mechanism === 'PLAIN' ? 'plain' : 'scram-sha-512'
  const kafka = new Kafka({
    brokers: [broker.bootstrap],
    logLevel: 0,
    ssl: { ca: [certificate] },
    sasl: { mechanism: kind as 'plain', username, password },
  })
  const admin = kafka.admin()
  await admin.connect()
  expect(await admin.listTopics()).toEqual([])
  await admin.disconnect()
})

it('has a certificate for this machine alone, and a new one once that has run out', async () => {
  const directory = folder()
  const at = (nowMs: number) =>
    secureDirectory(directory, { ...ports, clock: { nowMs: () => nowMs } }).then(({ security }) => security)
  const nowMs = Date.parse('2030-05-06T07:08:09Z')
  const first = await at(nowMs)
  const certificate = new X509Certificate(first.certificate)
  expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  expect([certificate.validFrom, certificate.validTo]).toEqual([
    'May  5 07:08:09 2030 GMT',
    'May  6 07:08:09 2031 GMT',
  ])
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(await at(nowMs + 86_400_000 * 300)).toEqual(first)
  const renewed = await at(nowMs + 86_400_000 * 365)
  expect(renewed.certificate).not.toBe(first.certificate)
  expect(readFileSync(renewed.certificateFile, 'utf8')).toBe(renewed.certificate)
  expect(renewed.password).toBe(first.password)
})
