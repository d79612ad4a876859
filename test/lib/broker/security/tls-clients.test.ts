import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { apiVersions } from '../../../../src/lib/protocol/apis/api-versions.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'
import { frameOf } from './login-words.ts'

const stores = fileURLToPath(new URL('../../../golden/key-stores/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ktool-tls-clients-'))
const pem = (name: string) => readFileSync(stores + name, 'utf8')
const question = frameOf(apiVersions, 0, {})
let rig: BrokerInProcess
const sockets: TLSSocket[] = []

beforeAll(async () => {
  const path = join(folder, 'server.pem')
  writeFileSync(path, pem('server.key') + pem('server.pem'))
  rig = await brokerInProcess({
    listeners: [{ name: 'TLS', protocol: 'SSL', hosts: ['127.0.0.1'], port: 0 }],
    settings: { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': path },
  })
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(async () => {
  await rig[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const port = () => rig.broker.endpoints.get('TLS')?.port ?? 0
const told = () => rig.lines.filter((line) => line.includes('closed a connection'))

async function come(wish: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: port(), ca: pem('authority.pem'), ...wish })
  sockets.push(socket)
  await once(socket, 'secureConnect')
  socket.on('error', () => {})
  return socket
}

async function isAnswered(socket: TLSSocket): Promise<boolean> {
  socket.write(question)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return answer.readInt32BE(4) === 7
}

describe('a client by TLS', () => {
  it.each<[string, ConnectionOptions]>([
    ['another host', { servername: 'elsewhere.example', checkServerIdentity: () => undefined }],
    ['another protocol', { ALPNProtocols: ['h2', 'http/1.1'] }],
    ['TLS 1.2', { maxVersion: 'TLSv1.2' }],
    ['TLS 1.3', { minVersion: 'TLSv1.3' }],
  ])('is answered as by Kafka where it asks for %s', async (_, wish) => {
    expect(await isAnswered(await come(wish))).toBe(true)
  })

  it.each(['TLSv1', 'TLSv1.1'] as const)('is refused by an alert, and a line, for %s', async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }
    await expect(come(old)).rejects.toThrow(/protocol version/)
    await expect.poll(() => told().at(-1)).toContain('no version or cipher in common')
  })

  it('that begins TLS anew in the midst of it is not followed, and nobody else has to wait', async () => {
    const socket = await come({ maxVersion: 'TLSv1.2' })
    const over = once(socket, 'close')
    socket.resume().renegotiate({}, () => {})
    await over
    await expect.poll(() => told().at(-1)).toContain('it begins TLS anew in the midst of it')
    expect(await isAnswered(await come())).toBe(true)
  })

  it('that sends no Kafka is cut off, with one line', async () => {
    const before = told().length
    const socket = await come()
    const over = once(socket, 'close')
    socket.resume().write('GET / HTTP/1.1\r\n\r\n')
    await over
    await expect.poll(() => told().length).toBe(before + 1)
    expect(told().at(-1)).toContain('HTTP on a listener of Kafka')
  })

  it('that sends bytes of nothing in place of a handshake is cut off, with one line', async () => {
    const before = told().length
    const socket = connectPlain({ host: '127.0.0.1', port: port() })
    socket.on('error', () => {})
    const over = once(socket, 'close')
    socket.resume().write(Buffer.from('160301000501000001ff', 'hex'))
    await over
    await expect.poll(() => told().length).toBe(before + 1)
    expect(told().at(-1)).toContain('TLS came to nothing')
  })

  it('whose bytes are damaged on the way is cut off, with one line', async () => {
    const before = told().length
    const raw = connectPlain({ host: '127.0.0.1', port: port() })
    const socket = await come({ socket: raw })
    expect(await isAnswered(socket)).toBe(true)
    const over = once(raw, 'close')
    raw.write(Buffer.concat([Buffer.from('1703030020', 'hex'), Buffer.alloc(32, 7)]))
    await over
    await expect.poll(() => told().length).toBe(before + 1)
    expect(told().at(-1)).toContain('what it sends is no TLS any more')
  })

  it('that comes byte by byte is served, if it takes no ten seconds', async () => {
    const socket = await come()
    for (const byte of question.subarray(0, -1)) {
      socket.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
    socket.write(question.subarray(-1))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.readInt32BE(4)).toBe(7)
  })

  it('that never reads is read no further, and nobody else has to wait', async () => {
    const silent = await come()
    silent.pause()
    const burst = Buffer.concat(Array.from({ length: 1000 }, () => question))
    const sent = 100_000
    for (let i = 0; i < sent; i += 1000) silent.write(burst)
    const asked = () =>
      rig.broker.status().clients.find(({ peer }) => peer.port === silent.localPort)?.requests
    await expect.poll(asked).toBeGreaterThan(1000)
    for (let before = -1; before !== asked(); await setTimeout(200)) before = asked() ?? 0
    expect(asked()).toBeLessThan(sent)
    expect(await isAnswered(await come())).toBe(true)
  })
})
