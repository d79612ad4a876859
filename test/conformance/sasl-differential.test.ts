import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alterUserScramCredentials } from '../../src/lib/protocol/apis/alter-user-scram-credentials.ts'
import { randomDraw } from '../random.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { freePorts } from './kafka/start.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'
import { conversation, mechanisms, PASSWORD, salt, saltedPassword, users } from './sasl/conversation.ts'
import { FAILURE_DELAY_MS, held } from './sasl/talk.ts'
import { connected } from './wire/connection.ts'

/** KTOOL_SEEDS=7,8 KTOOL_CONVERSATIONS=5000 holds more of them. */
const seeds = (process.env.KTOOL_SEEDS ?? '1').split(',').map(Number)
const count = Number(process.env.KTOOL_CONVERSATIONS ?? 240)
const AT_ONCE = 40

const modules = 'org.apache.kafka.common.security'
const plainUsers = `${modules}.plain.PlainLoginModule required user_alice="${PASSWORD}" user_bob="${PASSWORD}";`
const scram = `${modules}.scram.ScramLoginModule required;`

const settings = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'connection.failed.authentication.delay.ms': String(FAILURE_DELAY_MS),
  ...ofListener('sasl'),
  ...ofListener('renewed'),
  'listener.name.renewed.connections.max.reauth.ms': '3600000',
}

let kafka: OwnKafka
let ours: BrokerInProcess
let ports: { sasl: [number, number]; renewed: [number, number] }

beforeAll(async () => {
  const { sasl, saslTls: renewed } = await freePorts()
  const listeners = [
    { name: 'SASL', port: sasl, protocol: 'SASL_PLAINTEXT' },
    { name: 'RENEWED', port: renewed, protocol: 'SASL_PLAINTEXT' },
  ] as const
  kafka = await startOwnKafka('sasl-differential', { properties: settings, listeners })
  const plain = { name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: 0 }
  const secure = listeners.map(({ name, protocol }) => ({ name, protocol, hosts: ['127.0.0.1'], port: 0 }))
  ours = await brokerInProcess({ settings, listeners: [plain, ...secure] })
  const ourPort = (name: string) => ours.broker.endpoints.get(name)?.port ?? 0
  ports = { sasl: [sasl, ourPort('SASL')], renewed: [renewed, ourPort('RENEWED')] }
  for (const port of [kafka.port, ours.port]) await addUsers(port)
}, 60_000)

afterAll(async () => {
  await ours?.[Symbol.asyncDispose]()
  await kafka?.stop()
  kafka?.remove()
})

describe('whoever logs in, or tries to, hears from the local broker what Apache Kafka says', () => {
  const rows = seeds.flatMap((seed) => [
    ['', seed, 'sasl', count],
    [' anew', seed, 'renewed', count / 2],
  ]) as [string, number, keyof typeof ports, number][]
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

/** A machine that was busy makes answers late, but not the same ones again and again. */
async function difference(seed: number, listener: keyof typeof ports): Promise<string[]> {
  for (let left = 3; ; left--) {
    const [theirs, our] = await Promise.all(
      ports[listener].map((port) => held(port, conversation(randomDraw(seed), listener === 'renewed'))),
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

function ofListener(name: string): Record<string, string> {
  return {
    [`listener.name.${name}.plain.sasl.jaas.config`]: plainUsers,
    [`listener.name.${name}.scram-sha-256.sasl.jaas.config`]: scram,
    [`listener.name.${name}.scram-sha-512.sasl.jaas.config`]: scram,
  }
}
