import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { apiVersions } from '../../src/lib/protocol/apis/api-versions.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { saslAuthenticate } from '../../src/lib/protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../src/lib/protocol/apis/sasl-handshake.ts'
import { users } from './kafka/server-properties.ts'
import { type Connection, connected } from './wire/connection.ts'

const { ports, certificate } = inject('kafka')
const AUTHENTICATION_FAILED = 58

describe('the TLS listener', () => {
  it('answers as the plain one does', async () => {
    const plain = await connected(ports.plain, (connection) => connection.ask(apiVersions, 4, {}))
    const tls = await connected(ports.tls, (connection) => connection.ask(apiVersions, 4, {}), certificate)
    expect(tls.apiKeys).toEqual(plain.apiKeys)
  })
})

describe('SASL', () => {
  it.each([0, 1, 2])('PLAIN opens the door by SaslAuthenticate v%i', async (version) => {
    await connected(ports.sasl, async (connection) => {
      await shakeHands(connection, 'PLAIN')
      const answer = await say(connection, `\0carol\0${users.carol.secret}`, version)
      expect(answer.errorCode).toBe(0)
      expect((await connection.ask(metadata, 12, { topics: [] })).brokers).toHaveLength(1)
    })
  })

  it.each([
    ['SCRAM-SHA-256', 'alice', 'sha256', 'plain'],
    ['SCRAM-SHA-512', 'bob', 'sha512', 'TLS'],
  ] as const)('%s opens the door for %s by %s over %s', async (mechanism, user, hash, transport) => {
    const [port, pem] = transport === 'TLS' ? [ports.saslTls, certificate] : [ports.sasl, undefined]
    await connected(
      port,
      async (connection) => {
        await shakeHands(connection, mechanism)
        await scram(connection, hash, user, users[user].secret)
        expect((await connection.ask(metadata, 12, { topics: [] })).brokers).toHaveLength(1)
      },
      pem,
    )
  })

  it('refuses a wrong password, and says so in words', async () => {
    await connected(ports.sasl, async (connection) => {
      await shakeHands(connection, 'PLAIN')
      const answer = await say(connection, '\0carol\0wrong', 2)
      expect(answer.errorCode).toBe(AUTHENTICATION_FAILED)
      expect(answer.errorMessage).toContain('Authentication failed')
    })
  })

  it('lists its mechanisms to a client that names another', async () => {
    await connected(ports.sasl, async (connection) => {
      const answer = await connection.ask(saslHandshake, 1, { mechanism: 'GSSAPI' })
      expect(answer.errorCode).toBe(33)
      expect([...answer.mechanisms].sort()).toEqual(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
    })
  })
})

async function shakeHands(connection: Connection, mechanism: string): Promise<void> {
  const answer = await connection.ask(saslHandshake, 1, { mechanism })
  expect(answer.errorCode).toBe(0)
}

function say(connection: Connection, words: string, version = 2) {
  return connection.ask(saslAuthenticate, version, { authBytes: Buffer.from(words) })
}

/** RFC 5802 with an empty channel binding. */
async function scram(connection: Connection, hash: string, user: string, secret: string): Promise<void> {
  const bare = `n=${user},r=${randomBytes(12).toString('base64')}`
  const challenge = (await say(connection, `n,,${bare}`)).authBytes.toString()
  const [, nonce = '', salt = '', rounds = ''] = /^r=(.*),s=(.*),i=(.*)$/.exec(challenge) ?? []
  const salted = pbkdf2Sync(
    secret,
    Buffer.from(salt, 'base64'),
    Number(rounds),
    hash === 'sha256' ? 32 : 64,
    hash,
  )
  const sign = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest()
  const clientKey = sign(salted, 'Client Key')
  const ending = `c=biws,r=${nonce}`
  const dialogue = [bare, challenge, ending].join(',')
  const signature = sign(createHash(hash).update(clientKey).digest(), dialogue)
  const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))
  const answer = await say(connection, `${ending},p=${Buffer.from(proof).toString('base64')}`)
  expect(answer.errorCode).toBe(0)
  const verifier = Buffer.from(answer.authBytes.toString().replace(/^v=/, ''), 'base64')
  expect(timingSafeEqual(verifier, sign(sign(salted, 'Server Key'), dialogue))).toBe(true)
}
