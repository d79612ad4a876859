import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { listGroups } from '../../src/lib/protocol/apis/list-groups.ts'
import { goClients, nodeClients, pythonWithClients } from './clients/installed.ts'
import { type LocalBroker, startLocalBroker } from './clients/local-broker.ts'
import { java } from './kafka/java.ts'
import { groupSettings } from './kafka/server-properties.ts'
import { connected } from './wire/connection.ts'

const run = promisify(execFile)
const GROUP_RESOURCE = 32
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

type Client = (bootstrap: string, prefix: string, ...protocol: 'consumer'[]) => Promise<unknown>

/** Those that speak the newer protocol of groups (KIP-848); nothing is done in transactions then. */
const modern = ['librdkafka, by confluent-kafka', '@platformatic/kafka', 'franz-go']
const { transactions: _, ...everythingButTransactions } = everything

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
  const settings = Object.entries(groupSettings).flatMap(([name, value]) => ['-X', `${name}=${value}`])
  local = await startLocalBroker(['--ephemeral', ...settings])
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

  it.each(modern)('%s, by group.protocol=consumer', { timeout: 180_000 }, async (name) => {
    const places = [`127.0.0.1:${inject('kafka').ports.plain}`, local.bootstrap]
    const [onKafka, onOurs] = await Promise.all(places.map((bootstrap) => inModernGroup(name, bootstrap)))
    expect(onKafka).toEqual([everythingButTransactions, 'consumer'])
    expect(onOurs).toEqual([everythingButTransactions, 'consumer'])
  })

  it('confluent-kafka-go, with delivery reports and a subscription by a regular expression', async () => {
    expect(await go('confluent', [local.bootstrap, prefix()])).toEqual({ delivered: 300, consumed: 300 })
  })
})

/** What it has done, and of which type its group has been. */
async function inModernGroup(name: string, bootstrap: string): Promise<unknown[]> {
  const own = prefix()
  return await connected(Number(bootstrap.split(':')[1]), async (connection) => {
    const group = `${own}-group`
    const configs = [{ name: 'consumer.heartbeat.interval.ms', configOperation: 0, value: '200' }]
    const resources = [{ resourceType: GROUP_RESOURCE, resourceName: group, configs }]
    await connection.ask(incrementalAlterConfigs, 1, { resources, validateOnly: false })
    const done = await clients[name]?.(bootstrap, own, 'consumer')
    const { groups } = await connection.ask(listGroups, 5, { statesFilter: [], typesFilter: [] })
    return [done, groups.find(({ groupId }) => groupId === group)?.groupType]
  })
}

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
