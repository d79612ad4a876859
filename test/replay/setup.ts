import { setTimeout } from 'node:timers/promises'
import { apiVersions } from '../../src/lib/protocol/apis/api-versions.ts'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../src/lib/protocol/apis/delete-topics.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { type Connection, connected } from '../conformance/wire/connection.ts'
import type { Session } from './session.ts'

/** What stood ready before the client came, by the session's name; beside its topic. */
const prepared: Readonly<Record<string, readonly ('records' | 'in' | 'errors')[]>> = {
  'java-console-consumer-classic': ['records'],
  'java-console-consumer-protocol': ['records'],
  'java-producer-errors': ['errors'],
  'java-transactions': ['in'],
  'tools-transactions': ['records'],
  'tools-offsets-logdirs': ['records'],
  'kcat-group': ['records'],
  'kcl-group': ['records'],
}

/** Makes the topics of a session and what was in them. */
export async function prepare(port: number, name: string, session: Session): Promise<void> {
  const { topic, partitions } = session
  const steps = prepared[name] ?? []
  const configs = steps.includes('errors') ? [{ name: 'max.message.bytes', value: '2000' }] : []
  await createTopic(port, topic, partitions, configs)
  if (steps.includes('in')) await createTopic(port, `${topic}-in`, 1)
  if (steps.includes('errors')) {
    await createTopic(port, `${topic}-compact`, 1, [{ name: 'cleanup.policy', value: 'compact' }])
  }
  if (steps.includes('records')) await produceThree(port, topic)
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

async function produceThree(port: number, topic: string): Promise<void> {
  const writer = new BatchWriter()
  for (const text of ['one', 'two', 'three']) {
    writer.append({ key: null, value: Buffer.from(text), timestamp: Date.now() })
  }
  const partitionData = [{ index: 0, records: Buffer.from(writer.finish()) }]
  await connected(port, (connection) =>
    connection.ask(produce, 9, { acks: -1, timeoutMs: 5000, topicData: [{ name: topic, partitionData }] }),
  )
}
