import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { OauthBearerClient } from '../../../src/lib/auth/oauth-bearer.ts'
import { PlainClient, readPlain } from '../../../src/lib/auth/plain.ts'
import { ScramClient } from '../../../src/lib/auth/scram-client.ts'
import { ScramServer, scramCredential } from '../../../src/lib/auth/scram-server.ts'

const sessions = new URL('../../golden/wire/sessions/', import.meta.url)

/** What a Java client and a broker said to each other, in order. */
function recorded(name: string): { dir: string; bytes: Buffer }[] {
  const lines = gunzipSync(readFileSync(new URL(name, sessions)))
    .toString('utf8')
    .trim()
    .split('\n')
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ api }) => api === 'SaslAuthenticate')
    .map(({ dir, json }) => ({ dir, bytes: Buffer.from(json.authBytes, 'base64') }))
}

it('says in PLAIN what a Java client said, and reads it', () => {
  const messages = recorded('java-sasl-plain.ndjson.gz').filter(({ dir }) => dir === 'request')
  expect(messages.length).toBeGreaterThan(0)
  for (const { bytes } of messages) {
    expect(new PlainClient('alice', 'alice-secret').start()).toEqual(bytes)
    expect(readPlain(bytes)).toEqual({ authorizationId: '', username: 'alice', password: 'alice-secret' })
  }
})

it('proves in SCRAM what a Java client proved, and believes the broker that it believed', () => {
  const messages = recorded('java-sasl-scram.ndjson.gz')
  expect(messages.length).toBeGreaterThan(0)
  for (let at = 0; at < messages.length; at += 4) {
    const [first, challenge, proof, end] = messages.slice(at, at + 4).map(({ bytes }) => bytes)
    const nonce = first?.toString().split(',r=')[1] ?? ''
    const client = new ScramClient('SCRAM-SHA-256', { username: 'carol', password: 'carol-secret' }, nonce)
    expect(client.start()).toEqual(first)
    expect(client.next(challenge ?? Buffer.of())).toEqual(proof)
    expect(client.next(end ?? Buffer.of())).toBeUndefined()
  }
})

it('answers in SCRAM what a broker answered', () => {
  const messages = recorded('java-sasl-scram.ndjson.gz').map(({ bytes }) => bytes)
  for (let at = 0; at < messages.length; at += 4) {
    const [first = Buffer.of(), challenge = Buffer.of(), proof = Buffer.of(), end] = messages.slice(
      at,
      at + 4,
    )
    const [, nonces = '', salt = '', iterations] = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge.toString()) ?? []
    const ofClient = first.toString().split(',r=')[1] ?? ''
    const password = [Buffer.from(salt, 'base64'), Number(iterations)] as const
    const credential = scramCredential('SCRAM-SHA-256', 'carol-secret', ...password)
    const facts = { find: () => credential, nonce: nonces.slice(ofClient.length) }
    const server = new ScramServer('SCRAM-SHA-256', facts)
    expect(server.next(first)).toEqual({ answer: challenge })
    expect(server.next(proof)).toEqual({ answer: end, login: { name: 'carol' } })
  }
})

it.each([
  ['', 'Invalid SASL/PLAIN response: expected 3 tokens, got 1'],
  ['alice', 'Invalid SASL/PLAIN response: expected 3 tokens, got 1'],
  ['\0alice', 'Invalid SASL/PLAIN response: expected 3 tokens, got 2'],
  ['\0a\0b\0c', 'Invalid SASL/PLAIN response: expected 3 tokens, got 4'],
  ['\0a\0b\0c\0d\0e', 'Invalid SASL/PLAIN response: expected 3 tokens, got 4'],
  ['\0\0secret', 'Authentication failed: username not specified'],
  ['\0alice\0', 'Authentication failed: password not specified'],
])('reads no login from %j, in words of Kafka', (message, words) => {
  expect(() => readPlain(Buffer.from(message))).toThrow(words)
})

it('sends no NUL inside of a password', () => {
  expect(() => new PlainClient('alice', 'a\0b').start()).toThrow(/no NUL/)
})

it('shows a token and its extensions as RFC 7628 and KIP-342 have it', () => {
  const client = new OauthBearerClient('a.b.c', { logicalCluster: 'lkc-1', pool: 'p' })
  expect(client.start().toString()).toBe('n,,\x01auth=Bearer a.b.c\x01logicalCluster=lkc-1\x01pool=p\x01\x01')
  expect(client.next(Buffer.of())).toBeUndefined()
})

it('acknowledges a refusal of the token, and then says what it was', () => {
  const client = new OauthBearerClient('a.b.c')
  expect(client.next(Buffer.from('{"status":"invalid_token"}'))).toEqual(Buffer.from('\x01'))
  expect(() => client.next(Buffer.of())).toThrow('the broker refuses the token: "invalid_token"')
})

it.each(['', 'a b', 'a\x01auth=Bearer b', 'ä'])('sends no token that is none: %j', (token) => {
  expect(() => new OauthBearerClient(token).start()).toThrow(/what should be the token is none/)
})

it.each([
  ['auth', 'x'],
  ['a1', 'x'],
  ['a', 'x\x01'],
  ['a', ''],
])('sends no extension %j=%j', (name, value) => {
  expect(() => new OauthBearerClient('t', { [name]: value }).start()).toThrow(/no SASL extension/)
})
