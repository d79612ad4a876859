import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { alterReplicaLogDirs } from '../../src/lib/protocol/apis/alter-replica-log-dirs.ts'
import { createPartitions } from '../../src/lib/protocol/apis/create-partitions.ts'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../src/lib/protocol/apis/delete-topics.ts'
import { describeLogDirs } from '../../src/lib/protocol/apis/describe-log-dirs.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { ktool } from '../ktool.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { recordsAt } from './directory-story.ts'
import { java } from './kafka/java.ts'
import { startOwnKafka } from './kafka/start-own.ts'
import { KafkaTools } from './kafka/tools.ts'
import { type Connection, connected } from './wire/connection.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-several-directories-'))
const dataDirs = [join(folder, 'one'), join(folder, 'two')] as const
const [one, two] = dataDirs
const tools = new KafkaTools()
const RATE = 'replica.alter.log.dirs.io.max.bytes.per.second'

afterAll(async () => {
  await tools.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('Two log directories go to Apache Kafka and back, with each partition where it is or on its way', {
  timeout: 120_000,
}, async () => {
  const ours = await brokerInProcess({ dataDirs })
  const { clusterId } = ours.broker.node
  await create(ours.port)
  await fill(ours.port)
  expect(await lying(ours.port)).toEqual({ [one]: ['moves-0', 'moves-2'], [two]: ['moves-1', 'moves-3'] })
  await reassignByKafka(ours.port, two)
  expect(await lying(ours.port)).toEqual({ [one]: ['moves-2'], [two]: ['moves-0', 'moves-1', 'moves-3'] })
  expect(await describedByKafka(ours.port)).toEqual({
    [one]: ['moves-2'],
    [two]: ['moves-0', 'moves-1', 'moves-3'],
  })
  await setRate(ours.port, '0')
  await move(ours.port, one, 1)
  const before = await recordsAt(ours.port)
  await ours.stop()
  expect(readdirSync(one).filter((name) => name.endsWith('-future'))).toHaveLength(1)

  let byKafka: unknown
  const kafka = await startOwnKafka('several-directories', {
    former: { logDir: one, clusterId },
    file: async ({ plain, controller }) => {
      const at = ['--listen', `PLAINTEXT://127.0.0.1:${plain}`, '--controller-port', `${controller}`]
      const { stdout } = await ktool(['broker', 'export-config', ...dataDirs, ...at])
      return stdout.toString()
    },
  })
  try {
    expect(await recordsAt(kafka.port)).toEqual(before)
    // Kafka goes on with the move that we began; it has its own idea of a rate of nothing.
    await setRate(kafka.port, '1000000000')
    await expect
      .poll(() => lying(kafka.port), { timeout: 20_000 })
      .toEqual({
        [one]: ['moves-1', 'moves-2'],
        [two]: ['moves-0', 'moves-3'],
      })
    await fill(kafka.port)
    byKafka = await cordoning(kafka.port)
  } finally {
    await kafka.stop()
  }

  const again = await brokerInProcess({ dataDirs })
  try {
    expect(await cordoning(again.port)).toEqual(byKafka)
    expect(await lying(again.port)).toEqual({ [one]: ['moves-1', 'moves-2'], [two]: ['moves-0', 'moves-3'] })
    await fill(again.port)
  } finally {
    await again.stop()
  }
})

async function create(port: number): Promise<void> {
  await connected(port, async (connection) => {
    const topics = [{ name: 'moves', numPartitions: 4, replicationFactor: 1 }]
    await connection.ask(createTopics, 7, { topics, timeoutMs: 5000 })
  })
}

async function fill(port: number): Promise<void> {
  const load = ['--topic', 'moves', '--num-records', '2000', '--record-size', '500', '--throughput', '-1']
  const producer = ['--producer-props', `bootstrap.servers=127.0.0.1:${port}`, 'batch.size=20000']
  await java('org.apache.kafka.tools.ProducerPerformance', [...load, ...producer])
}

/** The topic's partitions by directory; a copy that is being made has a word behind it. */
async function lying(port: number): Promise<Record<string, string[]>> {
  return connected(port, async (connection) => {
    const { results } = await connection.ask(describeLogDirs, 4, { topics: null })
    return Object.fromEntries(
      results.map(({ logDir, topics }) => [
        logDir,
        topics
          .filter(({ name }) => name === 'moves')
          .flatMap(({ name, partitions }) =>
            partitions.map((each) => `${name}-${each.partitionIndex}${each.isFutureKey ? ' future' : ''}`),
          )
          .sort(),
      ]),
    )
  })
}

async function move(port: number, path: string, partition: number): Promise<void> {
  await connected(port, async (connection) => expect(await moved(connection, path, partition)).toBe(0))
}

async function moved(connection: Connection, path: string, partition: number): Promise<number | undefined> {
  const dirs = [{ path, topics: [{ name: 'moves', partitions: [partition] }] }]
  const { results } = await connection.ask(alterReplicaLogDirs, 2, { dirs })
  return results[0]?.partitions[0]?.errorCode
}

/** What comes of it where directories are cordoned (KIP-1066): one, all, and what cannot be. */
async function cordoning(port: number): Promise<unknown[]> {
  return connected(port, async (connection) => {
    const cordon = async (value: string | null) => {
      const configs = [{ name: 'cordoned.log.dirs', value, configOperation: value === null ? 1 : 0 }]
      const resources = [{ resourceType: 4, resourceName: '1', configs }]
      const { responses } = await connection.ask(incrementalAlterConfigs, 1, { resources })
      return [responses[0]?.errorCode, responses[0]?.errorMessage]
    }
    const directories = async () => (await connection.ask(describeLogDirs, 5, { topics: null })).results
    // Kafka's broker tells its controller by and by.
    const cordoned = (paths: readonly string[]) =>
      expect
        .poll(async () =>
          (await directories()).filter(({ isCordoned }) => isCordoned).map(({ logDir }) => logDir),
        )
        .toEqual(paths)
    const wish = (name: string, partitions: number, brokerIds: readonly number[] = []) => ({
      ...{ name, replicationFactor: -1, numPartitions: brokerIds.length > 0 ? -1 : partitions },
      assignments: brokerIds.length > 0 ? [{ partitionIndex: 0, brokerIds: [...brokerIds] }] : [],
    })
    const create = async (topic: ReturnType<typeof wish>, validateOnly = false) => {
      const asked = { topics: [topic], timeoutMs: 5000, validateOnly }
      const [made] = (await connection.ask(createTopics, 7, asked)).topics
      return [made?.errorCode, made?.errorMessage]
    }
    const found = async (topic: string) =>
      (await directories()).flatMap(({ logDir, topics }) =>
        topics.filter(({ name }) => name === topic).flatMap(({ partitions }) => partitions.map(() => logDir)),
      )
    const seen: unknown[] = [await cordon('/nowhere,/neither'), await cordon(`${one},*`), await cordon(one)]
    await cordoned([one])
    seen.push(await create(wish('beside', 3)))
    await expect.poll(() => found('beside')).toHaveLength(3)
    seen.push(await found('beside'), await moved(connection, one, 0))
    seen.push(await cordon('*'))
    await cordoned([one, two])
    await expect.poll(async () => (await create(wish('nowhere', 1), true))[0]).not.toBe(0)
    seen.push(await create(wish('nowhere', 1)), await create(wish('byhand', 1, [1])))
    await expect.poll(() => found('byhand')).toHaveLength(1)
    const grown = { topics: [{ name: 'beside', count: 4, assignments: null }], timeoutMs: 5000 }
    seen.push(await found('byhand'), (await connection.ask(createPartitions, 3, grown)).results)
    const auto = { topics: [{ name: 'auto' }], allowAutoTopicCreation: true }
    seen.push((await connection.ask(metadata, 12, auto)).topics.map(({ errorCode }) => errorCode))
    seen.push(await cordon(null))
    await cordoned([])
    const topics = ['beside', 'byhand'].map((name) => ({ name }))
    seen.push((await connection.ask(deleteTopics, 6, { topics, timeoutMs: 5000 })).responses.length)
    return seen
  })
}

async function setRate(port: number, value: string): Promise<void> {
  await connected(port, async (connection) => {
    const configs = [{ name: RATE, configOperation: 0, value }]
    const resources = [{ resourceType: 4, resourceName: '1', configs }]
    const { responses } = await connection.ask(incrementalAlterConfigs, 1, { resources })
    expect(responses[0]?.errorCode).toBe(0)
  })
}

/** By Kafka's own tool, until it says that it is done. */
async function reassignByKafka(port: number, path: string): Promise<void> {
  const file = join(folder, 'reassignment.json')
  const partitions = [{ topic: 'moves', partition: 0, replicas: [1], log_dirs: [path] }]
  writeFileSync(file, JSON.stringify({ version: 1, partitions }))
  const at = ['--bootstrap-server', `127.0.0.1:${port}`, '--reassignment-json-file', file]
  await tools.tell('reassign-partitions', [...at, '--execute'])
  const done = 'Reassignment of replica moves-0-1 completed successfully'
  await expect.poll(() => tools.tell('reassign-partitions', [...at, '--verify'])).toContain(done)
}

async function describedByKafka(port: number): Promise<Record<string, string[]>> {
  const at = ['--bootstrap-server', `127.0.0.1:${port}`, '--describe', '--topic-list', 'moves']
  const lines = (await tools.tell('log-dirs', at)).split('\n')
  const said = JSON.parse(lines.find((line) => line.startsWith('{')) ?? '{}') as {
    brokers: { logDirs: { logDir: string; partitions: { partition: string }[] }[] }[]
  }
  const dirs = said.brokers[0]?.logDirs ?? []
  return Object.fromEntries(
    dirs.map(({ logDir, partitions }) => [logDir, partitions.map(({ partition }) => partition).sort()]),
  )
}
