import { beforeAll, describe, expect, inject, it } from 'vitest'
import { addOffsetsToTxn } from '../../src/lib/protocol/apis/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../src/lib/protocol/apis/add-partitions-to-txn.ts'
import { endTxn } from '../../src/lib/protocol/apis/end-txn.ts'
import { initProducerId } from '../../src/lib/protocol/apis/init-producer-id.ts'
import { offsetFetch } from '../../src/lib/protocol/apis/offset-fetch.ts'
import { txnOffsetCommit } from '../../src/lib/protocol/apis/txn-offset-commit.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { parseControlRecordKey } from '../../src/lib/records/control-record-type.ts'
import { openRecords } from '../../src/lib/records/open-records.ts'
import { Connection, connected } from './wire/connection.ts'
import { eventually, GROUP, TRANSACTION, untilCoordinated } from './wire/coordinators.ts'
import { batchesIn, fetchAll, produceBatch, recordsIn, type Topic } from './wire/produce.ts'
import { createTopic } from './wire/topics.ts'

const { ports } = inject('kafka')
/** The newest before KIP-890 made Produce add its partitions itself. */
const VERSIONS = { initProducerId: 4, addPartitions: 3, addOffsets: 3, produce: 11, commitOffsets: 3, end: 3 }
const READ_COMMITTED = 1

interface Producer {
  transactionalId: string
  producerId: bigint
  producerEpoch: number
}

describe('a transaction of ours', () => {
  let topic: Topic

  beforeAll(async () => {
    topic = await connected(ports.plain, async (connection) => {
      return { name: 'transactions', topicId: await createTopic(connection, 'transactions') }
    })
  })

  it.each([
    ['COMMIT', true],
    ['ABORT', false],
  ])(
    'ends with a %s marker that we can read, and shows its records accordingly',
    async (marker, committed) => {
      const connection = await Connection.open(ports.plain)
      const producer = await begin(connection, `txn-${marker}`)
      const topics = [{ name: topic.name, partitions: [0] }]
      const added = await connection.ask(addPartitionsToTxn, VERSIONS.addPartitions, {
        v3AndBelowTransactionalId: producer.transactionalId,
        v3AndBelowProducerId: producer.producerId,
        v3AndBelowProducerEpoch: producer.producerEpoch,
        v3AndBelowTopics: topics,
      })
      expect(added.resultsByTopicV3AndBelow[0]?.resultsByPartition).toEqual([
        { partitionIndex: 0, partitionErrorCode: 0 },
      ])
      const options = { version: VERSIONS.produce, transactionalId: producer.transactionalId }
      const produced = await produceBatch(connection, topic, transactionalBatch(producer, marker), options)
      expect(produced.errorCode).toBe(0)
      await commitOffsets(connection, producer, `group-${marker}`, topic.name)
      expect((await connection.ask(endTxn, VERSIONS.end, { ...producer, committed })).errorCode).toBe(0)

      await eventually(async () => expect(await lastMarker(connection, topic)).toBe(marker))
      const partition = await fetchAll(connection, topic, 16, READ_COMMITTED)
      const data = batchesIn(partition.records).filter((batch) => !batch.isControl)
      expect(recordsIn(data.at(-1) ?? expect.fail('no data'))).toMatchObject([{ value: marker }])
      expect(data.at(-1)).toMatchObject({
        isTransactional: true,
        baseSequence: 0,
        producerId: Number(producer.producerId),
      })
      const aborted = (partition.abortedTransactions ?? []).map(({ producerId }) => producerId)
      expect(aborted.includes(producer.producerId)).toBe(!committed)
      expect(await committedOffset(connection, `group-${marker}`, topic.name)).toBe(committed ? 3n : -1n)
      connection.close()
    },
  )
})

async function begin(connection: Connection, transactionalId: string): Promise<Producer> {
  await untilCoordinated(connection, TRANSACTION, [transactionalId])
  return eventually(async () => {
    const request = { transactionalId, transactionTimeoutMs: 30_000 }
    const answer = await connection.ask(initProducerId, VERSIONS.initProducerId, request)
    expect(answer.errorCode).toBe(0)
    return { transactionalId, producerId: answer.producerId, producerEpoch: answer.producerEpoch }
  })
}

/** Of now, as the marker will be: from an older batch Kafka would roll to a new segment, which no Fetch spans. */
function transactionalBatch({ producerId, producerEpoch }: Producer, value: string): Buffer {
  const writer = new BatchWriter({
    producerId: Number(producerId),
    producerEpoch,
    baseSequence: 0,
    isTransactional: true,
  })
  writer.append({ timestamp: Date.now(), key: null, value: Buffer.from(value) })
  return writer.finish()
}

async function commitOffsets(
  connection: Connection,
  producer: Producer,
  groupId: string,
  name: string,
): Promise<void> {
  const added = await connection.ask(addOffsetsToTxn, VERSIONS.addOffsets, { ...producer, groupId })
  expect(added.errorCode).toBe(0)
  await untilCoordinated(connection, GROUP, [groupId])
  await eventually(async () => {
    const partitions = [{ partitionIndex: 0, committedOffset: 3n, committedMetadata: null }]
    const request = { ...producer, groupId, topics: [{ name, partitions }] }
    const answer = await connection.ask(txnOffsetCommit, VERSIONS.commitOffsets, request)
    expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(0)
  })
}

async function committedOffset(
  connection: Connection,
  groupId: string,
  name: string,
): Promise<bigint | undefined> {
  const groups = [{ groupId, topics: [{ name, partitionIndexes: [0] }] }]
  const answer = await connection.ask(offsetFetch, 9, { groups, requireStable: true })
  return answer.groups[0]?.topics[0]?.partitions[0]?.committedOffset
}

async function lastMarker(connection: Connection, topic: Topic): Promise<string | undefined> {
  const control = batchesIn((await fetchAll(connection, topic, 16)).records).filter(
    (batch) => batch.isControl,
  )
  const batch = control.at(-1)
  if (batch === undefined) return undefined
  const cursor = openRecords(batch)
  expect(cursor.next()).toBe(true)
  return parseControlRecordKey(cursor.key).type
}
