import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { initProducerId } from '../../src/lib/protocol/apis/init-producer-id.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { BatchWriter, type BatchWriterFields } from '../../src/lib/records/batch-writer.ts'
import type { Connection } from '../conformance/wire/connection.ts'

/** So that a kill may fall into a roll. */
const smallSegments = [{ name: 'internal.segment.bytes', value: '16384' }]

export async function createTopic(
  connection: Connection,
  name: string,
  partitions: number,
  settings: readonly { readonly name: string; readonly value: string }[] = [],
): Promise<void> {
  const configs = [...smallSegments, ...settings]
  const topics = [{ name, numPartitions: partitions, replicationFactor: 1, configs }]
  const answer = await connection.ask(createTopics, 7, { topics, timeoutMs: 10_000 })
  mustBeFine(`CreateTopics of ${name}`, answer.topics[0]?.errorCode)
}

export async function coordinatorIsThere(connection: Connection, key: string, keyType: 0 | 1): Promise<void> {
  await untilFine(async () => {
    const answer = await connection.ask(findCoordinator, 4, { keyType, coordinatorKeys: [key] })
    return answer.coordinators[0]?.errorCode
  })
}

export interface ProducerIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

export async function newProducer(
  connection: Connection,
  transactionalId: string | null,
): Promise<ProducerIdentity> {
  let identity: ProducerIdentity = { producerId: -1n, producerEpoch: -1 }
  await untilFine(async () => {
    const answer = await connection.ask(initProducerId, 4, { transactionalId, transactionTimeoutMs: 60_000 })
    identity = answer
    return answer.errorCode
  })
  return identity
}

interface Sending extends BatchWriterFields {
  readonly transactionalId?: string
  readonly acks?: number
}

/** One batch; resolves with the error code and the first offset. */
export async function send(
  connection: Connection,
  topic: string,
  partition: number,
  values: readonly string[],
  { transactionalId, acks = -1, ...fields }: Sending = {},
): Promise<{ errorCode: number; baseOffset: number }> {
  const writer = new BatchWriter({ isTransactional: transactionalId !== undefined, ...fields })
  for (const value of values) writer.append({ key: null, value: Buffer.from(value), timestamp: Date.now() })
  const topicData = [{ name: topic, partitionData: [{ index: partition, records: writer.finish() }] }]
  const answer = await connection.ask(produce, 11, {
    transactionalId: transactionalId ?? null,
    acks,
    timeoutMs: 10_000,
    topicData,
  })
  const part = answer.responses[0]?.partitionResponses[0]
  return { errorCode: part?.errorCode ?? -1, baseOffset: Number(part?.baseOffset ?? -1n) }
}

/** Coordinators that load, and transactions that end, ask for patience. */
const LATER = new Set([14, 15, 16, 51])

export async function untilFine(ask: () => Promise<number | undefined>): Promise<void> {
  for (let left = 200; ; left--) {
    const code = await ask()
    if (code === 0) return
    if (code === undefined || !LATER.has(code) || left === 0) throw new Error(`error ${code}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export function mustBeFine(what: string, errorCode: number | undefined): void {
  if (errorCode !== 0) throw new Error(`${what}: error ${errorCode}`)
}
