import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FaultWish } from '../../../../src/lib/broker/faults/parse-fault.ts'
import { apiVersions } from '../../../../src/lib/protocol/apis/api-versions.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { Link } from '../../../replay/link.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'
import { ask, shake, show } from './login-words.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-login-faults-'))
const journal = join(folder, 'requests.ndjson')
const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const right = '\0alice\0alice-secret'
let rig: BrokerInProcess
const links: Link[] = []

beforeAll(async () => {
  rig = await brokerInProcess({
    listeners: [{ name: 'LOGIN', protocol: 'SASL_PLAINTEXT', hosts: ['127.0.0.1'], port: 0 }],
    settings: {
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.login.plain.sasl.jaas.config': `${plain} required user_alice="alice-secret";`,
      'connection.failed.authentication.delay.ms': '0',
    },
    journal: { path: journal, hasRecords: true },
  })
})

afterAll(async () => {
  await rig[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

afterEach(() => {
  rig.broker.faults.clear()
  for (const link of links.splice(0)) link.close()
})

async function opened(): Promise<Link> {
  const link = await Link.open(rig.broker.endpoints.get('LOGIN')?.port ?? 0)
  links.push(link)
  return link
}

const add = (fault: FaultWish) => rig.broker.faults.add(fault)
const rules = () => rig.broker.faults.list()
const told = () => rig.lines.at(-1) ?? ''

/** What became of a login, and of the first request behind it. */
async function login(said = right): Promise<unknown[]> {
  const link = await opened()
  const outcomes: unknown[] = [await shake(link, 'PLAIN')]
  if (typeof outcomes[0] === 'object') outcomes.push(await show(link, said))
  if (typeof outcomes[1] === 'object') outcomes.push(await ask(link, metadata, 12, { topics: [] }))
  return outcomes
}

const isIn = { controllerId: 1 }

describe('a rule for what is said before a client is let in', () => {
  it('has its login fail in words of Kafka, as often as it says, and cuts it off', async () => {
    add({ api: 'SaslAuthenticate', error: 'SASL_AUTHENTICATION_FAILED', times: 1 })
    const words =
      'Authentication failed during authentication due to invalid credentials with SASL mechanism PLAIN'
    expect(await login()).toMatchObject([{ errorCode: 0 }, { errorCode: 58, errorMessage: words }, /closed/])
    expect(told()).toContain('a fault rule has its SaslAuthenticate fail with SASL_AUTHENTICATION_FAILED')
    expect((await login()).at(-1)).toMatchObject(isIn)
    expect(rules()).toMatchObject([{ state: 'spent', matched: 1, applied: 1 }])
  })

  it('refuses its mechanism, and tells which there are', async () => {
    add({ api: 'SaslHandshake', error: 'UNSUPPORTED_SASL_MECHANISM' })
    const link = await opened()
    expect(await shake(link, 'PLAIN')).toEqual({ errorCode: 33, mechanisms: ['PLAIN'] })
    expect(await show(link, right)).toBe('connection closed')
  })

  it('does not end a connection by an error of ApiVersions, behind which clients ask anew', async () => {
    add({ api: 'ApiVersions', error: 'UNSUPPORTED_VERSION', times: 1 })
    const link = await opened()
    expect(await ask(link, apiVersions, 0, {})).toMatchObject({ errorCode: 35 })
    expect(await ask(link, apiVersions, 0, {})).toMatchObject({ errorCode: 0 })
    expect(await shake(link, 'PLAIN')).toMatchObject({ errorCode: 0 })
  })

  it('closes the connection, before the login or behind it', async () => {
    add({ api: 'SaslHandshake', disconnect: true, times: 1 })
    expect(await login()).toEqual(['connection closed'])
    add({ api: 'SaslAuthenticate', disconnect: true, after: true, times: 1 })
    expect(await login()).toMatchObject([{ errorCode: 0 }, 'connection closed'])
    expect((await login()).at(-1)).toMatchObject(isIn)
  })

  it('tells of an error behind a login that was done', async () => {
    add({ api: 'SaslAuthenticate', error: 'ILLEGAL_SASL_STATE', after: true, times: 1 })
    expect(await login()).toMatchObject([{ errorCode: 0 }, { errorCode: 34 }, 'connection closed'])
  })

  it.each<[string, FaultWish]>([
    ['late', { latencyMs: 15_000 }],
    ['never answered', { drop: true }],
  ])(
    'has it wait for an answer that is %s, though it has to say within ten seconds who it is',
    async (_, fault) => {
      add({ api: 'SaslAuthenticate', ...fault, times: 1 })
      const link = await opened()
      await shake(link, 'PLAIN')
      let answer: unknown = 'none'
      const asked = show(link, right).then((said) => {
        answer = said
      })
      await expect.poll(() => rules()[0]?.applied).toBe(1)
      rig.broker.clock.leap(14_000)
      expect((await login()).at(-1)).toMatchObject(isIn)
      expect(answer).toBe('none')
      if (fault.drop) link.close()
      rig.broker.clock.leap(2000)
      await asked
      expect(answer).toEqual(fault.drop ? expect.any(String) : expect.objectContaining({ errorMessage: '' }))
    },
  )

  it('strikes the n-th, by chance, or who has its client id', async () => {
    add({ api: 'SaslAuthenticate', error: 'SASL_AUTHENTICATION_FAILED', every: 2 })
    const codes = async () =>
      (await login()).map((said) => (said as { errorCode?: number }).errorCode ?? 0)[1]
    expect([await codes(), await codes(), await codes(), await codes()]).toEqual([0, 58, 0, 58])
    rig.broker.faults.clear()
    add({ api: 'SaslHandshake', clientId: 'somebody', disconnect: true })
    add({ api: 'SaslHandshake', clientId: 'c', disconnect: true, probability: 0.5, seed: 1 })
    const outcomes = []
    for (let i = 0; i < 8; i++) outcomes.push(typeof (await login())[0])
    expect(new Set(outcomes)).toEqual(new Set(['string', 'object']))
    expect(rules()).toMatchObject([
      { matched: 0 },
      { matched: 8, applied: outcomes.filter((is) => is === 'string').length },
    ])
  })

  it('says no more than others do to one who guesses passwords', async () => {
    add({ api: 'SaslAuthenticate', latencyMs: 1 })
    expect(await login('\0alice\0wrong')).toMatchObject([{}, { errorCode: 58 }, 'connection closed'])
    expect(told()).toContain('Invalid username or password')
  })
})

describe('a journal', () => {
  it('has all that a client asks before it is let in, and no password', async () => {
    const link = await opened()
    await ask(link, apiVersions, 3, { clientSoftwareName: 'shop', clientSoftwareVersion: '1' })
    await shake(link, 'PLAIN')
    await show(link, right)
    await ask(link, metadata, 12, { topics: [] })
    expect((await login('\0alice\0wrong-secret')).at(-1)).toBe('connection closed')
    await expect
      .poll(() =>
        readFileSync(journal, 'utf8')
          .trim()
          .split('\n')
          .slice(-6)
          .map((line) => JSON.parse(line)),
      )
      .toMatchObject([
        {
          api: 'ApiVersions',
          listener: 'LOGIN',
          principal: 'User:ANONYMOUS',
          outcome: 'answered',
          errors: [],
        },
        { api: 'SaslHandshake', request: { mechanism: 'PLAIN' }, errors: [] },
        { api: 'SaslAuthenticate', clientId: 'c', request: { authBytes: '' }, errors: [] },
        { api: 'Metadata', principal: 'User:alice' },
        { api: 'SaslHandshake' },
        { api: 'SaslAuthenticate', outcome: 'answered', errors: ['SASL_AUTHENTICATION_FAILED'] },
      ])
    const text = readFileSync(journal, 'utf8')
    for (const secret of ['alice-secret', 'wrong-secret', right])
      for (const form of ['utf8', 'base64', 'hex'] as const)
        expect(text).not.toContain(Buffer.from(secret).toString(form))
  })
})
