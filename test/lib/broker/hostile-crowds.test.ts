import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectByTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { saslHandshake } from '../../../src/lib/protocol/apis/sasl-handshake.ts'
import { ktool } from '../../ktool.ts'
import { Link } from '../../replay/link.ts'
import { type BrokerProcess, brokerProcess } from '../../support/broker-process.ts'
import { Canary, linesOf, refusals, residentMiBOf } from '../../support/broker-watch.ts'
import { frameOf, shake, show } from './security/login-words.ts'

/** Of each kind. */
const CROWD = Number(process.env.KTOOL_CROWD ?? 30)
/** As many stand before a door at a time as the broker lets. */
const MOST = 500
const MOST_LATENCY_MS = 1000
/** 500 of them, with TLS and 64 KiB each, and what is only collected when there is more to do. */
const MOST_GROWTH_MIB = 192

const stores = fileURLToPath(new URL('../../golden/key-stores/', import.meta.url))
const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="a";'

const handshake = frameOf(saslHandshake, 1, { mechanism: 'PLAIN' })
/** All but the last kilobyte of the longest login that is taken. */
const endless = Buffer.concat([handshake, Buffer.from('00010000', 'hex'), Buffer.alloc(63 * 1024)])

type Ports = Readonly<Record<'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL', number>>
type Come = (ports: Ports, hello: Buffer) => Promise<Socket>

const kinds: readonly Come[] = [
  (ports) => opened(ports.SASL_PLAINTEXT),
  (ports) => opened(ports.SSL),
  (ports) => opened(ports.SSL, Buffer.of(0x16)),
  (ports, hello) => opened(ports.SSL, hello),
  (ports) => openedByTls(ports.SASL_SSL),
  (ports) => opened(ports.SASL_PLAINTEXT, endless),
  (ports) => openedByTls(ports.SASL_SSL, endless),
]

it.runIf(process.platform === 'linux')(
  `serves others while crowds of ${CROWD} say nothing, begin TLS, or begin to log in, and never end it`,
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ktool-crowds-'))
    const broker = await secured(folder)
    try {
      const ports = portsOf(broker)
      const residentMiB = residentMiBOf(broker)
      const canary = new Canary()
      const singing = canary.sing(ports.PLAINTEXT)
      const hello = await greeting()
      const crowd = await all(ports, hello)
      expect(residentMiBOf(broker) - residentMiB).toBeLessThan(MOST_GROWTH_MIB)
      await expect.poll(() => crowd.filter(isThere).length).toBeLessThanOrEqual(MOST)
      expect(crowd.filter(isThere)).toHaveLength(Math.min(MOST, crowd.length))
      expect(await loggedIn(ports.SASL_PLAINTEXT)).toMatchObject({ errorCode: 0 })
      // It has ten seconds
      expect(
        (await ktool(['broker', 'clock', 'skip', '11s', '--data-dir', join(folder, 'data')])).status,
      ).toBe(0)
      await expect.poll(() => crowd.filter(isThere)).toHaveLength(0)
      canary.hush()
      await singing
      expect(canary.p99Ms).toBeLessThan(MOST_LATENCY_MS)
      expect(await refusals(broker)).toBe(crowd.length + 1)
      expect(await loggedIn(ports.SASL_PLAINTEXT)).toMatchObject({ errorCode: 0 })
      expect(linesOf(broker).filter((line) => line.includes(' ERROR '))).toEqual([])
      for (const one of crowd) one.destroy()
    } finally {
      expect(await broker.end()).toBe(0)
      rmSync(folder, { recursive: true })
    }
  },
)

async function all(ports: Ports, hello: Buffer): Promise<Socket[]> {
  const crowd: Socket[] = []
  for (const come of kinds)
    for (let left = CROWD; left > 0; left -= 50)
      crowd.push(...(await Promise.all(Array.from({ length: Math.min(50, left) }, () => come(ports, hello)))))
  return crowd
}

function secured(folder: string): Promise<BrokerProcess> {
  const pem = join(folder, 'server.pem')
  writeFileSync(pem, ['server.key', 'server.pem'].map((name) => readFileSync(stores + name, 'utf8')).join(''))
  const names = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']
  const properties = {
    listeners: names.map((name) => `${name}://127.0.0.1:0`).join(','),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': pem,
    'sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.sasl_plaintext.plain.sasl.jaas.config': plain,
    'listener.name.sasl_ssl.plain.sasl.jaas.config': plain,
  }
  const text = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`)
  const config = join(folder, 'server.properties')
  writeFileSync(config, text.join(''))
  return brokerProcess(`--config=${config}`, `--data-dir=${join(folder, 'data')}`)
}

function portsOf({ ready }: BrokerProcess): Ports {
  const { listeners } = ready as unknown as { listeners: { name: string; address: string }[] }
  const entries = listeners.map(({ name, address }) => [name, Number(address.split(':').at(-1))])
  return Object.fromEntries(entries) as Ports
}

/** The first message of a client by TLS, as it goes over the wire. */
function greeting(): Promise<Buffer> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.once('data', (bytes) => {
        resolve(bytes)
        socket.destroy()
        server.close()
      })
    })
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      connectByTls({ host: '127.0.0.1', port }).on('error', () => {})
    })
  })
}

function opened(port: number, bytes: Uint8Array = Buffer.of()): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => come(socket, bytes, resolve))
    socket.on('error', () => resolve(socket))
  })
}

function openedByTls(port: number, bytes: Uint8Array = Buffer.of()): Promise<Socket> {
  return new Promise((resolve) => {
    const way = { host: '127.0.0.1', port, rejectUnauthorized: false }
    const socket = connectByTls(way, () => come(socket, bytes, resolve))
    socket.on('error', () => resolve(socket))
  })
}

function come(socket: Socket, bytes: Uint8Array, resolve: (socket: Socket) => void): void {
  if (bytes.length > 0) socket.write(bytes)
  socket.resume()
  resolve(socket)
}

function isThere(socket: Socket): boolean {
  return !socket.destroyed && !socket.readableEnded
}

async function loggedIn(port: number): Promise<unknown> {
  const link = await Link.open(port)
  await shake(link, 'PLAIN')
  const answer = await show(link, '\0alice\0a')
  link.close()
  return answer
}
