import { setTimeout } from 'node:timers/promises'
import { apiVersions } from '../../src/lib/protocol/apis/api-versions.ts'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../src/lib/protocol/apis/delete-topics.ts'
import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { initProducerId } from '../../src/lib/protocol/apis/init-producer-id.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { offsetCommit } from '../../src/lib/protocol/apis/offset-commit.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { type Connection, connected } from '../conformance/wire/connection.ts'
import type { Session } from './session.ts'

/** What stood ready before the client came, by the session's name; beside its topic. */
const prepared: Readonly<Record<string, Preparation>> = {
  'java-console-consumer-classic': { recordsIn: 0 },
  'java-console-consumer-protocol': { recordsIn: 2 },
  'java-producer-errors': { topics: 'errors' },
  'java-transactions': { topics: 'input' },
  'kcat-group': { recordsIn: 2 },
  'kcl-group': { recordsIn: 3, commitIn: '-g2' },
  'tools-offsets-logdirs': { recordsIn: 0 },
  'tools-transactions': { recordsIn: 0 },
}

interface Preparation {
  /** Three records by an idempotent producer, in this partition. */
  readonly recordsIn?: number
  /** A group of the topic's name and this has committed offset 1 of partition 0. */
  readonly commitIn?: string
  readonly topics?: 'input' | 'errors'
}

/** Makes the topics of a session and what was in them. */
export async function prepare(port: number, name: string, session: Session): Promise<void> {
  const { topic, partitions } = session
  const { recordsIn, commitIn, topics } = prepared[name] ?? {}
  const configs = topics === 'errors' ? [{ name: 'max.message.bytes', value: '2000' }] : []
  await createTopic(port, topic, partitions, configs)
  if (topics === 'input') await createTopic(port, `${topic}-in`, 1)
  if (topics === 'errors') {
    await createTopic(port, `${topic}-compact`, 1, [{ name: 'cleanup.policy', value: 'compact' }])
  }
  if (recordsIn !== undefined) await produceThree(port, topic, recordsIn)
  if (commitIn !== undefined) await commitOne(port, topic, topic + commitIn)
}

/** Deletes every topic of sessions. */
export function tidyUp(port: number): Promise<void> {
  return connected(port, async (connection) => {
    const { topics } = await connection.ask(metadata, 12, { topics: null })
    const names = topics.flatMap(({ name }) => (name?.match(/^(t-|no-such-topic)/) ? [name] : []))
    await connection.ask(deleteTopics, 5, { topicNames: names, timeoutMs: 5000 })
  })
}

/** The APIs that the broker says it serves. */
export function servedApis(port: number): Promise<Set<number>> {
  return connected(port, async (connection) => {
    const { apiKeys } = await connection.ask(apiVersions, 3, {
      clientSoftwareName: 'replay',
      clientSoftwareVersion: '1',
    })
    return new Set(apiKeys.map(({ apiKey }) => apiKey))
  })
}

function createTopic(
  port: number,
  name: string,
  numPartitions: number,
  configs: { name: string; value: string }[] = [],
): Promise<void> {
  return connected(port, async (connection) => {
    const topics = [{ name, numPartitions, replicationFactor: 1, configs }]
    const answer = await connection.ask(createTopics, 7, { topics, timeoutMs: 5000 })
    const { errorCode = 0 } = answer.topics[0] ?? {}
    if (errorCode !== 0) throw new Error(`${name} was not created: error ${errorCode}`)
    // Apache Kafka answers before its brokers have heard of the topic.
    while (!(await isThere(connection, name))) await setTimeout(20)
  })
}

async function isThere(connection: Connection, name: string): Promise<boolean> {
  const { topics } = await connection.ask(metadata, 12, { topics: [{ name }], allowAutoTopicCreation: false })
  return topics[0]?.errorCode === 0
}

async function produceThree(port: number, topic: string, index: number): Promise<void> {
  await connected(port, async (connection) => {
    const identity = await connection.ask(initProducerId, 4, {
      transactionalId: null,
      transactionTimeoutMs: 1000,
    })
    const writer = new BatchWriter({ ...identity, baseSequence: 0 })
    for (const text of ['one', 'two', 'three']) {
      writer.append({ key: null, value: Buffer.from(text), timestamp: Date.now() })
    }
    const topicData = [{ name: topic, partitionData: [{ index, records: writer.finish() }] }]
    await connection.ask(produce, 9, { acks: -1, timeoutMs: 5000, topicData })
  })
}

async function commitOne(port: number, name: string, groupId: string): Promise<void> {
  const topics = [{ name, partitions: [{ partitionIndex: 0, committedOffset: 1n }] }]
  await connected(port, async (connection) => {
    await connection.ask(findCoordinator, 4, { keyType: 0, coordinatorKeys: [groupId] })
    await connection.ask(offsetCommit, 7, { groupId, topics })
  })
}
