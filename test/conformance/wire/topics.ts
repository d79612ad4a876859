import { expect } from 'vitest'
import { createTopics } from '../../../src/lib/protocol/apis/create-topics.ts'
import { listOffsets } from '../../../src/lib/protocol/apis/list-offsets.ts'
import type { Connection } from './connection.ts'
import { eventually } from './coordinators.ts'

/** Makes a topic of one partition and returns its id. */
export async function createTopic(connection: Connection, name: string): Promise<string> {
  const topics = [{ name, numPartitions: 1, replicationFactor: 1 }]
  const answer = await connection.ask(createTopics, 7, { topics })
  const [made] = answer.topics
  if (made === undefined || made.errorCode !== 0)
    throw new Error(`${name}: ${made?.errorMessage ?? 'not made'}`)
  await untilLed(connection, name)
  return made.topicId
}

/** Kafka answers before its broker has heard from its controller that it leads the partition. */
async function untilLed(connection: Connection, name: string): Promise<void> {
  await eventually(async () => {
    const partitions = [{ partitionIndex: 0, timestamp: -1n }]
    const answer = await connection.ask(listOffsets, 9, { replicaId: -1, topics: [{ name, partitions }] })
    expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(0)
  })
}
