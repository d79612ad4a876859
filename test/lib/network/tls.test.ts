import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { socketNetwork } from '../../../src/lib/network/sockets.ts'
import type { Receiver, TlsTrust } from '../../../src/lib/ports/network.ts'

const network = socketNetwork({ adoptsHandles: false, loop: null })
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

function pem(name: string): string {
  return readFileSync(new URL(`../../golden/key-stores/${name}`, import.meta.url), 'utf8')
}

const trust: TlsTrust = {
  authorities: [pem('authority.pem')],
  identity: null,
  verifies: true,
  checksHost: true,
  leastVersion: 'TLSv1.2',
  mostVersion: null,
  ciphers: null,
}
const client = { chain: pem('client.pem'), key: pem('client.key'), passphrase: null }

describe('a link by TLS', () => {
  it.each(['127.0.0.1', 'localhost'])(
    'carries bytes both ways to who has a certificate for %s',
    async (host) => {
      const port = await echoing({})
      expect(await echo(host, port, trust)).toBe('hello')
    },
  )

  it.each([
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', null],
  ] as const)('speaks %s where that is wanted', async (leastVersion, mostVersion) => {
    const port = await echoing({ minVersion: leastVersion, maxVersion: leastVersion })
    expect(await echo('127.0.0.1', port, { ...trust, leastVersion, mostVersion })).toBe('hello')
  })

  it.each([
    [
      'an authority that is not believed',
      'server',
      { authorities: null },
      'unknown-authority',
      4,
      /not believed|not known/,
    ],
    ['a certificate that has expired', 'expired', {}, 'certificate-expired', 4, /has expired/],
    [
      'other names',
      'elsewhere',
      {},
      'wrong-host',
      4,
      /not for 127\.0\.0\.1, but for kafka1\.example, kafka2\.example/,
    ],
    [
      'no common version',
      'server',
      { leastVersion: 'TLSv1.3' },
      'tls-failed',
      5,
      /both sides agree on no TLS/,
    ],
  ] as const)('is refused for %s', async (_, name, wish, code, exitCode, message) => {
    const port = await echoing({ maxVersion: 'leastVersion' in wish ? 'TLSv1.2' : 'TLSv1.3' }, name)
    await expect(echo('127.0.0.1', port, { ...trust, ...wish })).rejects.toMatchObject({
      code,
      exitCode,
      message: expect.stringMatching(message),
    })
  })

  it('takes any name where nobody looks at it, and any certificate where nobody looks at all', async () => {
    const port = await echoing({}, 'elsewhere')
    expect(await echo('127.0.0.1', port, { ...trust, checksHost: false })).toBe('hello')
    const blind = { ...trust, authorities: null, verifies: false, checksHost: false }
    expect(await echo('127.0.0.1', port, blind)).toBe('hello')
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'shows who we are where that is wanted, by %s',
    async (version) => {
      const wanting = { ca: pem('authority.pem'), requestCert: true, rejectUnauthorized: true }
      const port = await echoing({ ...wanting, minVersion: version, maxVersion: version })
      expect(await echo('127.0.0.1', port, { ...trust, identity: client })).toBe('hello')
      // Servers of OpenSSL are vague about it in TLS 1.2.
      await expect(echo('127.0.0.1', port, trust)).rejects.toMatchObject(
        version === 'TLSv1.3'
          ? { code: 'certificate-wanted', exitCode: 4 }
          : { code: 'tls-failed', hint: expect.stringMatching(/wants a certificate of ours/) },
      )
    },
  )

  it('opens a key that has a password, and says so where it is another one', async () => {
    const port = await echoing({})
    const identity = { ...client, key: pem('client-encrypted.key'), passphrase: 'key-store-password' }
    expect(await echo('127.0.0.1', port, { ...trust, identity })).toBe('hello')
    const wrong = { ...identity, passphrase: 'wrong' }
    await expect(echo('127.0.0.1', port, { ...trust, identity: wrong })).rejects.toMatchObject({
      code: 'wrong-password',
      message: expect.not.stringContaining("wrong'"),
    })
  })

  it.each([
    ['a key of somebody else', { identity: { ...client, key: pem('server.key') } }, 'wrong-key'],
    ['a cipher that nobody knows', { ciphers: 'NOTHING' }, 'no-such-cipher'],
  ])('is not tried with %s', async (_, wish, code) => {
    await expect(echo('127.0.0.1', 1, { ...trust, ...wish })).rejects.toMatchObject({ code, exitCode: 1 })
  })

  it.each([
    ['hangs up', (socket: Socket) => socket.end()],
    ['answers as a web server', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('is not what a plain port speaks that %s', async (_, answer) => {
    const port = await listening(
      createServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => answer(socket))
      }),
    )
    await expect(echo('127.0.0.1', port, trust)).rejects.toMatchObject({ code: 'no-tls-there', exitCode: 5 })
  })

  it('says that nobody is there as a plain one does', async () => {
    await expect(echo('127.0.0.1', 1, trust)).rejects.toMatchObject({
      code: 'connection-refused',
      exitCode: 5,
    })
  })
})

async function echo(host: string, port: number, tls: TlsTrust): Promise<string> {
  const bytes = Buffer.alloc(16)
  return new Promise((resolve, reject) => {
    const receiver: Receiver = {
      room: () => bytes,
      received: (count) => resolve(bytes.toString('utf8', 0, count)),
      drained: () => {},
      closed: (cause) => reject(cause ?? new Error('closed')),
    }
    network
      .connect({ host, port }, receiver, { tls })
      .then((link) => link.write(Buffer.from('hello')), reject)
  })
}

function echoing(options: TlsOptions, name = 'server'): Promise<number> {
  const server = createTlsServer(
    { cert: pem(`${name}.pem`), key: pem(`${name}.key`), ...options },
    (socket) => {
      socket.on('error', () => {})
      socket.pipe(socket)
    },
  )
  server.on('tlsClientError', () => {})
  return listening(server)
}

function listening(server: Server): Promise<number> {
  servers.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}
