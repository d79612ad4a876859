import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../src/lib/protocol/apis/delete-topics.ts'
import { describeConfigs } from '../../src/lib/protocol/apis/describe-configs.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { ktool } from '../ktool.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { startOwnKafka } from './kafka/start-own.ts'
import { connected } from './wire/connection.ts'

const folder = mkdtempSync(join(tmpdir(), 'ktool-same-directory-'))
const dataDir = join(folder, 'logs')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('A data directory goes to Apache Kafka by the file that export-config prints, and back, with its topics as they were', {
  timeout: 120_000,
}, async () => {
  const ours = await brokerInProcess({ dataDir })
  const { clusterId } = ours.broker.node
  await createTopic(ours.port, 'orders', 3, { 'retention.ms': '123456789' })
  await createTopic(ours.port, 'gone', 1)
  await deleteTopic(ours.port, 'gone')
  const made = await seen(ours.port)
  await ours.stop()

  const kafka = await startOwnKafka('same-directory', {
    former: { logDir: dataDir, clusterId },
    file: async ({ plain, controller }) => {
      const at = ['--listen', `PLAINTEXT://127.0.0.1:${plain}`, '--controller-port', `${controller}`]
      const { stdout } = await ktool(['broker', 'export-config', dataDir, ...at])
      return stdout.toString()
    },
  })
  try {
    expect(await seen(kafka.port)).toEqual(made)
    await createTopic(kafka.port, 'payments', 2)
    await expect.poll(async () => Object.keys((await seen(kafka.port)).topics)).toContain('payments')
  } finally {
    await kafka.stop()
  }

  const again = await brokerInProcess({ dataDir })
  try {
    const { topics, retention } = await seen(again.port)
    expect(Object.keys(topics).sort()).toEqual(['orders', 'payments'])
    expect(topics.orders).toEqual(made.topics.orders)
    expect(retention).toBe(made.retention)
  } finally {
    await again.stop()
  }
})

/** Ids and replicas of all topics; their leaders' epochs rise with each start. */
function seen(port: number) {
  return connected(port, async (connection) => {
    const answer = await connection.ask(metadata, 12, { topics: null })
    const resources = [{ resourceType: 2, resourceName: 'orders', configurationKeys: ['retention.ms'] }]
    const { results } = await connection.ask(describeConfigs, 4, { resources })
    const told = answer.topics.map(({ name, topicId, partitions }) => [
      name,
      {
        topicId,
        partitions: partitions
          .map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => ({
            partitionIndex,
            leaderId,
            replicaNodes,
            isrNodes,
          }))
          .sort((a, b) => a.partitionIndex - b.partitionIndex),
      },
    ])
    const topics: Record<string, unknown> = Object.fromEntries(told)
    return { clusterId: answer.clusterId, topics, retention: results[0]?.configs[0]?.value }
  })
}

async function createTopic(
  port: number,
  name: string,
  numPartitions: number,
  configs: Record<string, string> = {},
): Promise<void> {
  await connected(port, async (connection) => {
    const wish = {
      name,
      numPartitions,
      replicationFactor: 1,
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    }
    const { topics } = await connection.ask(createTopics, 7, { topics: [wish], timeoutMs: 5000 })
    expect(topics[0]).toMatchObject({ errorCode: 0 })
  })
}

async function deleteTopic(port: number, name: string): Promise<void> {
  await connected(port, async (connection) => {
    const { responses } = await connection.ask(deleteTopics, 6, { topics: [{ name }], timeoutMs: 5000 })
    expect(responses[0]).toMatchObject({ errorCode: 0 })
  })
}
