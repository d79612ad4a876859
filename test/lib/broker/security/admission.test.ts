import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { apiVersions } from '../../../../src/lib/protocol/apis/api-versions.ts'
import { describeCluster } from '../../../../src/lib/protocol/apis/describe-cluster.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { Link } from '../../../replay/link.ts'
import { sessionRules } from '../../../replay/rules.ts'
import { Replay, readSession } from '../../../replay/session.ts'
import { prepare, servedApis } from '../../../replay/setup.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'
import { ask, PATIENCE_MS, shake, show, sized } from './login-words.ts'

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule'

let rig: BrokerInProcess
const links: Link[] = []

const listeners = [
  { name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: 0 },
  { name: 'SASL_PLAINTEXT', protocol: 'SASL_PLAINTEXT', hosts: ['127.0.0.1'], port: 0 },
] as const
const sasl = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.sasl_plaintext.plain.connections.max.reauth.ms': '60000',
  'listener.name.sasl_plaintext.plain.sasl.jaas.config': `${plain} required user_alice="alice-secret" user_bob="b";`,
}
const furnish = async () => ({
  settings: new Map<string, string>(),
  users: [{ name: 'alice', mechanism: 'SCRAM-SHA-256' as const, password: 'alice-secret' }],
})

beforeAll(async () => {
  rig = await brokerInProcess({
    listeners,
    settings: { ...sasl, 'connection.failed.authentication.delay.ms': '20' },
  })
})

afterAll(() => rig[Symbol.asyncDispose]())
afterEach(() => {
  for (const link of links.splice(0)) link.close()
})

function port(): number {
  return rig.broker.endpoints.get('SASL_PLAINTEXT')?.port ?? 0
}

async function opened(): Promise<Link> {
  const link = await Link.open(port())
  links.push(link)
  return link
}

const everything = { topics: null }

/** Begins by SCRAM, and ends with this proof. */
async function proved(link: Link, proof: string): Promise<unknown> {
  await shake(link, 'SCRAM-SHA-256')
  const challenge = await show(link, 'n,,n=alice,r=abc')
  const said = typeof challenge === 'string' ? '' : challenge.authBytes.toString()
  return show(link, `c=biws,${/^r=[^,]+/.exec(said)?.[0]},p=${proof}`)
}

async function loggedIn(): Promise<Link> {
  const link = await opened()
  await shake(link, 'PLAIN')
  await show(link, '\0alice\0alice-secret')
  return link
}

/** Of the lines for the operator the last. */
const told = () => rig.lines.at(-1) ?? ''

describe('a client that has not logged in', () => {
  it('asks what it may ask, and logs in', async () => {
    const link = await opened()
    expect(await ask(link, apiVersions, 0, {})).toMatchObject({ errorCode: 0 })
    expect(await shake(link, 'PLAIN')).toEqual({
      ...{ errorCode: 0, mechanisms: ['PLAIN', 'SCRAM-SHA-512', 'SCRAM-SHA-256'] },
    })
    expect(await show(link, '\0alice\0alice-secret')).toMatchObject({
      ...{ errorCode: 0, errorMessage: '', sessionLifetimeMs: 60_000n },
    })
    expect(await ask(link, metadata, 12, everything)).toMatchObject({ controllerId: 1 })
  })

  it('is told by old messages without requests around them too', async () => {
    const link = await opened()
    expect(await shake(link, 'PLAIN', 0)).toMatchObject({ errorCode: 0 })
    expect(await link.ask(sized(Buffer.from('\0alice\0alice-secret')), PATIENCE_MS)).toEqual(
      sized(Buffer.of()),
    )
    expect(await ask(link, metadata, 12, everything)).toMatchObject({ controllerId: 1 })
  })

  it.each([
    [
      'anything else',
      (link: Link) => ask(link, metadata, 12, everything),
      /asks for Metadata during the SASL handshake/,
    ],
    ['a login before the handshake', (link: Link) => show(link, ''), /asks for SaslAuthenticate during/],
    [
      'more than 64 KiB',
      (link: Link) => link.ask(Buffer.from([0, 1, 0, 1, 0, 17]), PATIENCE_MS),
      /a request of 65537 bytes/,
    ],
    [
      'nonsense',
      (link: Link) => link.ask(sized(Buffer.from('nonsense')), PATIENCE_MS),
      /API key 28271 is not served/,
    ],
  ])('is cut off for %s', async (_, send, line) => {
    expect(await send(await opened())).toBe('connection closed')
    expect(told()).toMatch(line)
  })

  it('may not ask twice what it may ask', async () => {
    const link = await opened()
    await ask(link, apiVersions, 0, {})
    expect(await ask(link, apiVersions, 3, { clientSoftwareName: 'a', clientSoftwareVersion: '1' })).toBe(
      'connection closed',
    )
  })

  it('learns what there is where it wants another mechanism, and is cut off', async () => {
    const link = await opened()
    expect(await shake(link, 'GSSAPI')).toMatchObject({ errorCode: 33, mechanisms: { length: 3 } })
    expect(await shake(link, 'PLAIN')).toBe('connection closed')
  })

  it.each([
    ['PLAIN', '\0alice\0another', 'Authentication failed: Invalid username or password'],
    ['PLAIN', '\0nobody\0another', 'Authentication failed: Invalid username or password'],
    ['PLAIN', 'bob\0alice\0alice-secret', /an authorization id that is different from username/],
    ['PLAIN', 'alice', 'Invalid SASL/PLAIN response: expected 3 tokens, got 1'],
    ['PLAIN', '\0\0alice-secret', 'Authentication failed: username not specified'],
    [
      'SCRAM-SHA-512',
      'n,,n=alice,r=abc',
      /^Authentication failed during authentication due .* SCRAM-SHA-512$/,
    ],
    ['SCRAM-SHA-256', '\0\0', /^Authentication failed during authentication due .* SCRAM-SHA-256$/],
  ])('is refused by %s for %j in words of Kafka', async (mechanism, message, words) => {
    const link = await opened()
    await shake(link, mechanism)
    const errorMessage = typeof words === 'string' ? words : expect.stringMatching(words)
    expect(await show(link, message)).toMatchObject({ errorCode: 58, errorMessage, authBytes: { length: 0 } })
    expect(await ask(link, metadata, 12, everything)).toBe('connection closed')
  })

  it('is told that nothing else is awaited where it asks in the midst of a login', async () => {
    const link = await opened()
    await shake(link, 'PLAIN')
    expect(await ask(link, describeCluster, 1, {})).toMatchObject({
      errorCode: 34,
      errorMessage: 'Unexpected Kafka request of type DESCRIBE_CLUSTER during SASL authentication.',
    })
    expect(await show(link, '\0alice\0alice-secret')).toBe('connection closed')
    const other = await opened()
    await shake(other, 'PLAIN')
    const answer = await ask(other, metadata, 12, { topics: [{ name: 'orders' }] })
    expect(answer).toMatchObject({ topics: [{ name: 'orders', errorCode: 34 }] })
  })

  it.each<[string, boolean, (link: Link) => Promise<unknown>]>([
    ['nonsense', false, (link) => link.ask(sized(Buffer.from('nonsense')), PATIENCE_MS)],
    ['another request', false, (link) => ask(link, metadata, 12, everything)],
    ['a length that cannot be', true, (link) => link.ask(Buffer.from([0xff, 0, 0, 0]), PATIENCE_MS)],
    ['another mechanism', true, (link) => shake(link, 'GSSAPI')],
    ['another password', true, (link) => shake(link, 'PLAIN').then(() => show(link, '\0alice\0a'))],
    ['a proof of another length', false, (link) => proved(link, Buffer.from('short').toString('base64'))],
    ['another proof', true, (link) => proved(link, Buffer.alloc(32).toString('base64'))],
  ])('for %s waits: %s', async (_, waits, send) => {
    const settings = { ...sasl, 'connection.failed.authentication.delay.ms': '3600000' }
    await using slow = await brokerInProcess({ listeners, settings, furnish })
    const link = await Link.open(slow.broker.endpoints.get('SASL_PLAINTEXT')?.port ?? 0)
    links.push(link)
    const answer = send(link)
    if (!waits) expect(await answer).toBe('connection closed')
    else {
      const soon = await Promise.race([answer.then(() => 'an answer'), setTimeout(100, 'none')])
      expect(soon).toBe('none')
      slow.broker.clock.leap(3_600_000)
      await answer
    }
  })

  it('is sent away once it has taken ten seconds', async () => {
    const link = await opened()
    await ask(link, apiVersions, 0, {})
    const answer = link.ask(Buffer.of(0), PATIENCE_MS)
    rig.broker.clock.leap(10_001)
    expect(await answer).toBe('connection closed')
  })
})

describe('a client that has logged in', () => {
  it('does so anew, as the same user by the same mechanism', async () => {
    const link = await loggedIn()
    rig.broker.clock.leap(50_000)
    expect(await shake(link, 'PLAIN')).toMatchObject({ errorCode: 0 })
    expect(await show(link, '\0alice\0alice-secret')).toMatchObject({
      errorCode: 0,
      sessionLifetimeMs: 60_000n,
    })
    rig.broker.clock.leap(50_000)
    expect(await ask(link, metadata, 12, everything)).toMatchObject({ controllerId: 1 })
  })

  it('cannot become somebody else', async () => {
    const link = await loggedIn()
    await shake(link, 'PLAIN')
    expect(await show(link, '\0bob\0b')).toMatchObject({
      errorMessage: 'Cannot change principals during re-authentication from User.alice: User.bob',
    })
  })

  it('is cut off without a word where it asks for a mechanism that there is not', async () => {
    const link = await loggedIn()
    expect(await shake(link, 'GSSAPI')).toBe('connection closed')
  })

  it('cannot change the mechanism', async () => {
    const link = await loggedIn()
    expect(await shake(link, 'SCRAM-SHA-256')).toMatchObject({ errorCode: 0 })
    expect(await show(link, 'n,,n=alice,r=abc')).toBe('connection closed')
  })

  it('has to within its session', async () => {
    const link = await loggedIn()
    rig.broker.clock.leap(60_001)
    expect(await ask(link, metadata, 12, everything)).toBe('connection closed')
    expect(told()).toMatch(/did not log in anew in time.*"principal":"User:alice"/)
  })

  it('may not do so at every moment', async () => {
    const link = await loggedIn()
    await shake(link, 'PLAIN')
    await show(link, '\0alice\0alice-secret')
    expect(await shake(link, 'PLAIN')).toMatchObject({ errorCode: 34 })
  })
})

it('gives way to others where a crowd stands there and says nothing', async () => {
  const first = await opened()
  for (let i = 0; i < 500; i++) await opened()
  expect(await ask(first, apiVersions, 0, {})).toBe('connection closed')
  expect(await ask(await loggedIn(), metadata, 12, everything)).toMatchObject({ controllerId: 1 })
})

it('answers a Java client that logs in by PLAIN as Apache Kafka did', { timeout: 30_000 }, async () => {
  const file = new URL('../../../golden/wire/sessions/java-sasl-plain.ndjson.gz', import.meta.url)
  const session = readSession(readFileSync(file))
  await prepare(rig.port, 'java-sasl-plain', session)
  const replay = new Replay(port(), sessionRules, await servedApis(rig.port))
  await replay.run(session)
  const found = replay.exchanges.flatMap(({ api, differences }) =>
    differences.map((each) => `${api}: ${each}`),
  )
  expect(replay.exchanges.map(({ api }) => api)).toContain('SaslAuthenticate')
  // On the recorded listener a login lasted for ever.
  expect(found.filter((each) => !each.includes('sessionLifetimeMs'))).toEqual([])
})
