import { afterEach, describe, expect, it } from 'vitest'
import { readPlain } from '../../../../src/lib/auth/plain.ts'
import type { Connection } from '../../../../src/lib/client/connection/connection.ts'
import { Logins } from '../../../../src/lib/client/connection/logins.ts'
import { openConnection } from '../../../../src/lib/client/connection/open-connection.ts'
import type { ClusterSettings, SaslSettings } from '../../../../src/lib/config/cluster-settings.ts'
import { socketNetwork } from '../../../../src/lib/network/sockets.ts'
import { systemClock } from '../../../../src/lib/ports/clock.ts'
import { systemRandom } from '../../../../src/lib/ports/random.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { saslAuthenticate } from '../../../../src/lib/protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../../../src/lib/protocol/apis/sasl-handshake.ts'
import { answers, HANG_UP, type ScriptedAnswer, scriptedPeer } from '../../../support/scripted-peer.ts'

const real = systemClock(() => process.hrtime())
const patienceMs = 3000
const carol: SaslSettings = { mechanism: 'PLAIN', username: 'carol', password: 'secret' }
const ended: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

describe('a connection that says who we are', () => {
  it('begins with that, and asks on', async () => {
    const { connection, peer } = await opened([welcome(), authenticated()])
    await connection.ask(metadata, { topics: [] }, patienceMs)
    expect(peer.asked.map(({ api }) => api)).toEqual(['SaslHandshake', 'SaslAuthenticate', 'Metadata'])
    expect(peer.asked[0]).toMatchObject({ version: 1, question: { mechanism: 'PLAIN' } })
    expect(readPlain(peer.asked[1]?.question.authBytes as Buffer)).toMatchObject({ username: 'carol' })
  })

  it('tells what the broker offers where it is something else', async () => {
    const other = answers(saslHandshake, () => ({ errorCode: 33, mechanisms: ['GSSAPI', 'OAUTHBEARER'] }))
    await expect(opened([other])).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/does not know the mechanism PLAIN; it offers GSSAPI, OAUTHBEARER/),
    })
  })

  it.each([
    ['that says so', [answers(saslHandshake, () => ({ errorCode: 34, mechanisms: [] }))]],
    ['that has no such API', []],
  ])('is told of a listener without SASL %s', async (_, table) => {
    await expect(opened(table)).rejects.toMatchObject({ code: 'no-sasl-there', exitCode: 4 })
  })

  it("ends with the broker's own words, and without the password", async () => {
    const refusal = { errorCode: 58, errorMessage: 'Invalid username or password' }
    const refusing = answers(saslAuthenticate, () => ({ ...refusal, authBytes: Buffer.of() }))
    await expect(opened([welcome(), refusing])).rejects.toMatchObject({
      exitCode: 4,
      code: 'sasl-authentication-failed',
      message: expect.stringMatching(/: Invalid username or password$/),
    })
  })

  it('is told what a listener may want that hangs up on strangers', async () => {
    const { connection } = await opened([answers(metadata, () => HANG_UP)], null)
    await expect(connection.ask(metadata, { topics: [] }, patienceMs)).rejects.toMatchObject({
      hint: expect.stringMatching(/security\.protocol=SASL_PLAINTEXT/),
    })
  })
})

describe('a session that is about to end', () => {
  it('is renewed before the next question, which waits, behind what is in flight', async () => {
    let nowMs = 0
    const { connection, peer } = await opened([welcome(), authenticated(10_000n)], carol, () => nowMs)
    await connection.ask(metadata, { topics: [] }, patienceMs)
    nowMs = 8_400
    await connection.ask(metadata, { topics: [] }, patienceMs)
    expect(peer.of(saslHandshake)).toHaveLength(1)
    const inFlight = connection.ask(metadata, { topics: [] }, patienceMs)
    nowMs = 9_600
    await Promise.all([inFlight, ...[1, 2].map(() => connection.ask(metadata, { topics: [] }, patienceMs))])
    expect(peer.asked.slice(4).map(({ api }) => api)).toEqual([
      'Metadata',
      'SaslHandshake',
      'SaslAuthenticate',
      'Metadata',
      'Metadata',
    ])
  })

  it('ends the link where the broker no longer believes us', async () => {
    let nowMs = 0
    let isWelcome = true
    const table = [
      welcome(),
      answers(saslAuthenticate, () => ({
        errorCode: isWelcome ? 0 : 58,
        errorMessage: 'gone',
        authBytes: Buffer.of(),
        sessionLifetimeMs: 10_000n,
      })),
    ]
    const { connection } = await opened(table, carol, () => nowMs)
    isWelcome = false
    nowMs = 9_600
    const asked = [1, 2].map(() => connection.ask(metadata, { topics: [] }, patienceMs))
    for (const each of asked) await expect(each).rejects.toMatchObject({ code: 'sasl-authentication-failed' })
    expect(connection.isClosed).toBe(true)
  })
})

function welcome(): ScriptedAnswer {
  return answers(saslHandshake, () => ({ errorCode: 0, mechanisms: ['PLAIN'] }))
}

function authenticated(sessionLifetimeMs = 0n): ScriptedAnswer {
  return answers(saslAuthenticate, () => ({
    errorCode: 0,
    errorMessage: null,
    authBytes: Buffer.of(),
    sessionLifetimeMs,
  }))
}

async function opened(
  table: readonly ScriptedAnswer[],
  sasl: SaslSettings | null = carol,
  monotonicMs: () => number = () => real.monotonicMs(),
) {
  const peer = await scriptedPeer(table)
  ended.push(() => peer[Symbol.asyncDispose]())
  const settings: ClusterSettings = {
    bootstrap: [],
    clientId: 'ktool',
    tls: null,
    sasl,
    timeoutMs: patienceMs,
    context: null,
  }
  const world = {
    network: socketNetwork({ adoptsHandles: false, loop: null }),
    clock: { ...real, monotonicMs },
    software: { name: 'ktool', version: '0' },
    logins: new Logins(systemRandom, () => Promise.reject(new Error('no token is wanted'))),
  }
  const at = { host: '127.0.0.1', port: peer.port, name: 'the peer' }
  const connection: Connection = await openConnection(at, settings, world, patienceMs)
  ended.push(() => connection.close())
  return { connection, peer }
}
