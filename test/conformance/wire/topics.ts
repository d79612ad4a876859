import { createTopics } from '../../../src/lib/protocol/apis/create-topics.ts'
import type { Connection } from './connection.ts'

/** Makes a topic of one partition and returns its id. */
export async function createTopic(connection: Connection, name: string): Promise<string> {
  const topics = [{ name, numPartitions: 1, replicationFactor: 1 }]
  const answer = await connection.ask(createTopics, 7, { topics })
  const [made] = answer.topics
  if (made === undefined || made.errorCode !== 0)
    throw new Error(`${name}: ${made?.errorMessage ?? 'not made'}`)
  return made.topicId
}
