import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { goClients, nodeClients, pythonWithClients } from './clients/installed.ts'
import { type LocalBroker, startLocalBroker } from './clients/local-broker.ts'
import { java } from './kafka/java.ts'

const run = promisify(execFile)
const pythonSources = fileURLToPath(new URL('clients/python/', import.meta.url))

/**
 * Each makes two topics, produces 300 records, has two members of a group share and commit them, commits ten
 * records in two transactions and aborts five in a third, reads what was committed, and deletes the topics.
 */
const everything = {
  created: 3,
  retentionMs: 86_400_000,
  produced: 300,
  consumed: 300,
  shared: true,
  committed: 300,
  transactions: [10, 0],
  deleted: true,
}

type Client = (bootstrap: string, prefix: string) => Promise<unknown>

const clients: Readonly<Record<string, Client>> = {
  'the Java client': async (...args) => said(await java('ClientWorkload', args)),
  'librdkafka, by confluent-kafka': (...args) => python('confluent.py', args),
  aiokafka: (...args) => python('aio.py', args),
  'kafka-python': (...args) => python('kafka_python.py', args),
  kafkajs: (...args) => node('kafkajs.mjs', args),
  '@platformatic/kafka': (...args) => node('platformatic.mjs', args),
  'franz-go': (...args) => go('franz', args),
  sarama: (...args) => go('sarama', args),
}

let local: LocalBroker

beforeAll(async () => {
  await Promise.all([pythonWithClients(), goClients(), nodeClients()])
  local = await startLocalBroker()
}, 600_000)

afterAll(async () => {
  expect(await local.stop()).toBe(0)
})

describe('other people’s clients do on the local broker what they do on Apache Kafka', () => {
  it.each(Object.entries(clients))('%s', { timeout: 180_000 }, async (_name, client) => {
    const { plain } = inject('kafka').ports
    const [onKafka, onOurs] = [
      await client(`127.0.0.1:${plain}`, prefix()),
      await client(local.bootstrap, prefix()),
    ]
    expect(onKafka).toEqual(everything)
    expect(onOurs).toEqual(everything)
  })

  it('confluent-kafka-go, with delivery reports and a subscription by a regular expression', async () => {
    expect(await go('confluent', [local.bootstrap, prefix()])).toEqual({ delivered: 300, consumed: 300 })
  })
})

async function python(file: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(await pythonWithClients(), [pythonSources + file, ...args])
  return said(stdout)
}

async function node(file: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [`${await nodeClients()}/${file}`, ...args])
  return said(stdout)
}

async function go(program: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(`${await goClients()}/${program}`, [...args])
  return said(stdout)
}

function said(stdout: string): unknown {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

function prefix(): string {
  return `clients-${Math.random().toString(36).slice(2, 10)}`
}
