import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alterUserScramCredentials } from '../../src/lib/protocol/apis/alter-user-scram-credentials.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { randomDraw } from '../random.ts'
import { goClients } from './clients/installed.ts'
import { java } from './kafka/java.ts'
import { KafkaTools, type ToolName, type ToolRun } from './kafka/tools.ts'
import { clientWishes, DENIED, OPEN, outcomes, wishesOfBoth } from './sasl/client-wishes.ts'
import { conversation, mechanisms, PASSWORD, salt, saltedPassword, users } from './sasl/conversation.ts'
import { changedAt, keyChanges, shownAt } from './sasl/key-changes.ts'
import { goWishes, kcat, kcatWishes, outputOf, scramLogin } from './sasl/other-clients.ts'
import { type ListenerName, type SecurePair, startSecurePair } from './sasl/secure-pair.ts'
import { held } from './sasl/talk.ts'
import { toolQuestions } from './sasl/tool-questions.ts'
import { connected } from './wire/connection.ts'

/** KTOOL_SEEDS=7,8 KTOOL_CONVERSATIONS=5000 holds more of them. */
const seeds = (process.env.KTOOL_SEEDS ?? '1').split(',').map(Number)
const count = Number(process.env.KTOOL_CONVERSATIONS ?? 80)
const AT_ONCE = 40

/** Of those who are refused, to the operator of ours. */
const told = [
  /Invalid username or password.*"listener":"SASL","principal":"User:bob"/,
  /the password is another one.*"listener":"SASL","principal":"User:dora"/,
  /nobody has no password for SCRAM-SHA-256.*"principal":"User:nobody"/,
  /wants to log in by \\"OAUTHBEARER\\"/,
  /shows no certificate, and has to","listener":"MTLS"/,
  /has expired \(CN=expired\)","listener":"MTLS"/,
  /it says \\"certificate unknown\\", about our certificate most likely","listener":"ELSEWHERE"/,
  /denied .*"principal":"User:client@tests".*"resource":"TOPIC:denied"/,
  /denied .*"principal":"User:bob".*"resource":"GROUP:security"/,
]

const folder = mkdtempSync(join(tmpdir(), 'ktool-broker-security-'))
let pair: SecurePair

beforeAll(async () => {
  pair = await startSecurePair(folder)
  for (const port of pair.plain) await addUsers(port)
}, 60_000)

afterAll(async () => {
  await pair?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

describe('whoever logs in, or tries to, hears from the local broker what Apache Kafka says', () => {
  const rows = seeds.flatMap((seed) => [
    ['', seed, 'SASL', count],
    [' anew', seed, 'RENEWED', count / 2],
  ]) as [string, number, ListenerName, number][]
  it.each(rows)(
    'logging in%s, seed %d',
    { timeout: 60_000 + count * 200 },
    async (_, seed, listener, many) => {
      const found: string[] = []
      for (let first = 0; first < many; first += AT_ONCE) {
        const some = Array.from({ length: Math.min(AT_ONCE, many - first) }, (_, i) => first + i)
        const each = some.map((i) => difference(seed * 100_000 + i, listener))
        found.push(...(await Promise.all(each)).flat())
      }
      expect(found).toEqual([])
    },
  )
})

describe('clients that log in, or do not get in, see of the local broker what they see of Apache Kafka', () => {
  let tools: KafkaTools
  const both = (...args: readonly string[]) =>
    Promise.all(
      pair.plain.map((port) =>
        tools.run(args[0] as ToolName, ['--bootstrap-server', `127.0.0.1:${port}`, ...args.slice(1)]),
      ),
    )
  const alike = async (...args: readonly string[]) => {
    const [theirs, our] = await both(...args)
    expect(our).toEqual(theirs)
    expect(theirs).toMatchObject({ status: 0 })
    return theirs?.stdout
  }
  const dora = ['configs', '--entity-type', 'users', '--entity-name', 'dora'] as const

  beforeAll(() => {
    tools = new KafkaTools()
  })
  afterAll(() => tools.stop())

  it('by Java, with users and rights that Kafka’s tools made', async () => {
    for (const scram of [
      `SCRAM-SHA-256=[iterations=4096,password=${PASSWORD}]`,
      `SCRAM-SHA-512=[password=${PASSWORD}]`,
    ])
      await alike(...dora, '--alter', '--add-config', scram)
    // Kafka goes through the mechanisms in the order of a map of its own making
    for (const { stdout } of await both(...dora, '--describe')) {
      expect(stdout).toContain('SCRAM-SHA-256=iterations=4096')
      expect(stdout).toContain('SCRAM-SHA-512=iterations=4096')
    }
    for (const topic of [OPEN, DENIED]) await alike('topics', '--create', '--topic', topic)
    for (const name of ['bob', 'dora', 'client@tests']) {
      const deny = ['acls', '--add', '--deny-principal', `User:${name}`, '--operation', 'All']
      await alike(...deny, '--topic', DENIED)
      await alike(...deny, '--group', 'security')
    }
    const listed = await both('acls', '--list', '--topic', DENIED)
    const [kafkas, of] = listed.map(({ stdout }) => stdout.split('\n').toSorted())
    expect(of).toEqual(kafkas)
    const [theirs, our] = outcomes(await java('SecureClients', [], wishesOfBoth(clientWishes(folder), pair)))
    expect(our).toEqual(theirs)
    expect(Object.entries(theirs).filter(([, said]) => said === 'done')).toHaveLength(15)
    expect(theirs).toMatchObject({
      'SCRAM-SHA-512 with another password': expect.stringMatching(/^SaslAuthenticationException: /),
      'an expired certificate': expect.stringMatching(/^SslAuthenticationException: /),
      'a certificate may not produce': expect.stringMatching(/^TopicAuthorizationException: /),
      'may not join': expect.stringMatching(/^GroupAuthorizationException: /),
    })
    for (const line of told) expect(pair.ours.lines).toContainEqual(expect.stringMatching(line))
  }, 120_000)

  it('by Kafka’s tools, in what they say and how they end', async () => {
    const asTold = ({ status, stdout, stderr }: ToolRun) => [
      status,
      ...[stdout, stderr].map((text) =>
        text
          .replace(/127\.0\.0\.1:\d+/g, '…')
          .split('\n')
          .toSorted(),
      ),
    ]
    const found: unknown[] = []
    const said: unknown[] = []
    for (const question of toolQuestions) {
      const [theirs, our] = (await both(...question)).map(asTold)
      said.push(theirs)
      if (!isDeepStrictEqual(our, theirs)) found.push({ question: question.join(' '), theirs, our })
    }
    expect(found).toEqual([])
    const text = JSON.stringify(said)
    for (const one of ['host=10.0.0.1, operation=READ', 'principal=User:CN=eve,O=Tests', 'iterations=8192'])
      expect(text).toContain(one)
  }, 60_000)

  it('by franz-go', async () => {
    const program = `${await goClients()}/secure`
    const [theirs = [], our] = await Promise.all(
      [0, 1].map(async (i) => (await outputOf(program, goWishes(pair, i))).trim().split('\n')),
    )
    expect(our).toEqual(theirs)
    expect(theirs.filter((said) => said === 'done')).toHaveLength(8)
    expect(new Set(theirs)).toContain('SASL_AUTHENTICATION_FAILED')
    expect(new Set(theirs)).toContain('TOPIC_AUTHORIZATION_FAILED')
  }, 300_000)

  it('by kcat', async () => {
    const said = await Promise.all([0, 1].map((i) => Promise.all(kcatWishes(pair, i).map(kcat))))
    expect(said[1]).toEqual(said[0])
    expect(said[0]?.slice(0, 3)).toEqual(['done', 'done', 'done'])
  }, 60_000)

  it('and not at all once a user is deleted, while who is there stays', async () => {
    const before = await Promise.all(pair.ports('SASL').map((port) => scramLogin(port, 'dora')))
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'])
      await alike(...dora, '--alter', '--delete-config', mechanism)
    expect(await alike(...dora, '--describe')).not.toContain('iterations')
    for (const { link, errorCode } of before) {
      expect(errorCode).toBe(0)
      expect((await link.ask(metadata, 12, { topics: [] })).brokers).toHaveLength(1)
      link.close()
    }
    const after = await Promise.all(pair.ports('SASL').map((port) => scramLogin(port, 'dora')))
    expect(after.map(({ errorCode }) => errorCode)).toEqual([58, 58])
  }, 60_000)
})

describe('a listener whose key store changes while it is there', () => {
  it('shows the same certificates, and is refused the same in the same words', async () => {
    const asShown = () => Promise.all(pair.ports('TLS').map(shownAt))
    const [before] = await asShown()
    const found: unknown[] = []
    for (const change of keyChanges(folder)) {
      const [theirs, our] = await Promise.all(pair.plain.map((port) => changedAt(port, change)))
      if (our !== theirs) found.push({ title: change.title, theirs, our })
      // A Kafka answers before it has done it
      if (theirs?.startsWith('0 ') && change.listener === 'TLS')
        await expect.poll(async () => new Set(await asShown()).size, { interval: 20 }).toBe(1)
    }
    expect(found).toEqual([])
    expect((await asShown())[0]).not.toBe(before)
  }, 60_000)
})

/** A machine that was busy makes answers late, but not the same ones again and again. */
async function difference(seed: number, listener: ListenerName): Promise<string[]> {
  for (let left = 3; ; left--) {
    const [theirs, our] = await Promise.all(
      pair.ports(listener).map((port) => held(port, conversation(randomDraw(seed), listener === 'RENEWED'))),
    )
    if (JSON.stringify(theirs) === JSON.stringify(our)) return []
    if (left === 0) return [`${seed}\n  Kafka: ${theirs?.join('\n    ')}\n  ours: ${our?.join('\n    ')}`]
  }
}

async function addUsers(port: number): Promise<void> {
  for (const [i, [, hash]] of mechanisms.entries()) {
    const credential = { mechanism: i + 1, iterations: 4096, salt, saltedPassword: saltedPassword(hash) }
    const asked = { deletions: [], upsertions: users.map((name) => ({ name, ...credential })) }
    const { results } = await connected(port, (one) => one.ask(alterUserScramCredentials, 0, asked))
    expect(results.map(({ errorCode }) => errorCode)).toEqual(users.map(() => 0))
  }
}
