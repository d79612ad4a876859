import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Tokens } from '../../../../src/lib/client/tokens/tokens.ts'
import type { OidcSource } from '../../../../src/lib/config/cluster-settings.ts'
import { socketNetwork } from '../../../../src/lib/network/sockets.ts'
import { systemClock } from '../../../../src/lib/ports/clock.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { systemProcesses } from '../../../../src/lib/ports/system-processes.ts'

const clock = systemClock(() => process.hrtime())
const servers: Server[] = []
const pem = (name: string) =>
  readFileSync(new URL(`../../../golden/key-stores/${name}`, import.meta.url), 'utf8')

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('a token endpoint', () => {
  it('is asked once for all who need a token, and again when most of its life is over', async () => {
    const asked: string[] = []
    const url = await endpoint(async (request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization} ${await textOf(request)}`)
      response.end(JSON.stringify({ access_token: `token-${asked.length}`, expires_in: 100 }))
    })
    let nowMs = 0
    const tokens = tokensAt(() => nowMs)
    const source = { ...oidc, url: `${url}/realm/token?x=1` }
    expect(await Promise.all([tokens.of(source), tokens.of(source)])).toEqual(['token-1', 'token-1'])
    nowMs = 79_000
    expect(await tokens.of(source)).toBe('token-1')
    nowMs = 81_000
    expect(await Promise.all([tokens.of(source), tokens.of(source)])).toEqual(['token-2', 'token-2'])
    const basic = Buffer.from('me:hu sh').toString('base64')
    expect(asked[0]).toBe(`POST /realm/token?x=1 Basic ${basic} grant_type=client_credentials&scope=a+b`)
    expect(asked).toHaveLength(2)
  })

  it('may speak TLS, and answer in pieces', async () => {
    const server = createSecureServer({ cert: pem('server.pem'), key: pem('server.key') }, (_, response) => {
      response.write('{"access_token":')
      setImmediate(() => response.end('"t"}'))
    })
    const url = (await listening(server)).replace('http:', 'https:')
    const trust = { ...oidc.trust, authorities: [pem('authority.pem')] }
    expect(await tokensAt().of({ ...oidc, url, trust })).toBe('t')
    await expect(tokensAt().of({ ...oidc, url })).rejects.toMatchObject({
      code: 'unknown-authority',
      message: expect.stringMatching(/^no token from 127\.0\.0\.1:\d+: /),
    })
  })

  it.each([
    [
      401,
      '{"error":"invalid_client","error_description":"no\\u001b[31m"}',
      4,
      /it answers 401, invalid_client, no\\u001b/,
    ],
    [200, '{"expires_in":5}', 4, /has no access_token/],
    [200, '<html>', 4, /has no access_token/],
    [503, '', 5, /it answers 503/],
  ])(
    'that answers %i %s is refused with a sentence, without the secret',
    async (status, body, exitCode, message) => {
      const url = await endpoint((_, response) => void response.writeHead(status).end(body))
      const asked = tokensAt().of({ ...oidc, url })
      await expect(asked).rejects.toMatchObject({ exitCode, message: expect.stringMatching(message) })
      await expect(asked).rejects.toMatchObject({ message: expect.not.stringContaining('hu sh') })
    },
  )

  it('is asked again after it has failed', async () => {
    let isWell = false
    const url = await endpoint((_, response) => {
      response.writeHead(isWell ? 200 : 503).end('{"access_token":"t"}')
    })
    const tokens = tokensAt()
    const source = { ...oidc, url }
    await expect(tokens.of(source)).rejects.toMatchObject({ exitCode: 5 })
    isWell = true
    expect(await tokens.of(source)).toBe('t')
  })

  it('that nobody runs is said to be that', async () => {
    await expect(tokensAt().of({ ...oidc, url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
      message: 'no token from 127.0.0.1:1: 127.0.0.1:1: nobody listens there',
    })
  })
})

describe('a token', () => {
  it('is the last line of what a program prints, without a shell', async () => {
    const script = 'console.log("talk"); console.log(process.argv[1])'
    const command = [process.execPath, '-e', script, '$HOME t']
    expect(await tokensAt().of({ kind: 'command', command })).toBe('$HOME t')
  })

  it.each([
    [[process.execPath, '-e', 'process.exit(3)'], /which brings the token, ended with 3/],
    [['no-such-program-anywhere'], /there is no such command/],
  ])('is missing where the program fails: %j', async (command, message) => {
    await expect(tokensAt().of({ kind: 'command', command })).rejects.toThrow(message)
  })

  it('is read from its file each time', async () => {
    const path = join(tmpdir(), `ktool-token-${process.pid}`)
    writeFileSync(path, 'one\n')
    const tokens = tokensAt()
    expect(await tokens.of({ kind: 'file', path })).toBe('one')
    writeFileSync(path, 'two\n')
    expect(await tokens.of({ kind: 'file', path })).toBe('two')
    systemDisk.remove(path)
    await expect(tokens.of({ kind: 'file', path })).rejects.toThrow(/with the token/)
  })

  it('that nobody signs says who we are and until when', async () => {
    const token = await tokensAt(() => 5000).of({
      kind: 'unsecured',
      claims: { sub: 'a' },
      lifetimeSeconds: 60,
    })
    const [head = '', claims = '', signature] = token.split('.')
    expect([head, claims].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))).toEqual([
      { alg: 'none' },
      { sub: 'a', iat: 5, exp: 65 },
    ])
    expect(signature).toBe('')
  })
})

const oidc: OidcSource = {
  kind: 'oidc',
  url: '',
  clientId: 'me',
  clientSecret: 'hu sh',
  scope: 'a b',
  encodesHeader: false,
  trust: {
    authorities: null,
    identity: null,
    verifies: true,
    checksHost: true,
    leastVersion: 'TLSv1.2',
    mostVersion: null,
    ciphers: null,
  },
}

function tokensAt(nowMs: () => number = () => clock.nowMs()): Tokens {
  return new Tokens({
    network: socketNetwork({ adoptsHandles: false, loop: null }),
    clock: { ...clock, nowMs },
    disk: systemDisk,
    processes: systemProcesses({ id: process.pid, platform: process.platform, command: [], kill: () => {} }),
    environment: {},
  })
}

function endpoint(answer: RequestListener): Promise<string> {
  return listening(createServer(answer))
}

function listening(server: Server): Promise<string> {
  servers.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`)
    })
  })
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
