import { beforeEach, describe, expect, it } from 'vitest'
import { createPartitions } from '../../../../src/lib/protocol/apis/create-partitions.ts'
import { createTopics } from '../../../../src/lib/protocol/apis/create-topics.ts'
import { deleteRecords } from '../../../../src/lib/protocol/apis/delete-records.ts'
import { describeTopicPartitions } from '../../../../src/lib/protocol/apis/describe-topic-partitions.ts'
import { listOffsets } from '../../../../src/lib/protocol/apis/list-offsets.ts'
import { writeTxnMarkers } from '../../../../src/lib/protocol/apis/write-txn-markers.ts'
import { NodeRig } from './node-rig.ts'

const INVALID_REQUEST = 42
const TIMED_OUT = 7

let rig: NodeRig

beforeEach(async () => {
  rig = await NodeRig.open({ topics: [{ name: 'orders', partitions: 3 }] })
})

describe('a topic that stands in a request in several pieces', () => {
  it('has one place in the answer of DeleteRecords', async () => {
    const { topics } = await rig.ask(deleteRecords, 2, {
      timeoutMs: 1000,
      topics: [
        { name: 'orders', partitions: [{ partitionIndex: 0, offset: -1n }] },
        { name: 'empty', partitions: [] },
        { name: 'orders', partitions: [{ partitionIndex: 2, offset: -1n }] },
      ],
    })
    expect(topics.map(({ name }) => name)).toEqual(['orders'])
    expect(topics[0]?.partitions.map(({ partitionIndex }) => partitionIndex)).toEqual([0, 2])
  })

  it('has one place in the answer of ListOffsets, where no partition may stand twice', async () => {
    const latest = (partitionIndex: number) => ({ partitionIndex, timestamp: -1n })
    const { topics } = await rig.ask(listOffsets, 7, {
      replicaId: -1,
      topics: [
        { name: 'orders', partitions: [latest(0), latest(1)] },
        { name: 'orders', partitions: [latest(1)] },
      ],
    })
    expect(topics).toHaveLength(1)
    expect(topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([0, INVALID_REQUEST])
  })

  it('has one place for each producer in the answer about markers', async () => {
    const marker = (producerId: bigint, coordinatorEpoch: number) => ({
      ...{ producerId, producerEpoch: 0, transactionResult: true, coordinatorEpoch },
      topics: [{ name: 'orders', partitionIndexes: [0] }],
    })
    const nothing = { ...marker(8n, 0), topics: [] }
    const { markers } = await rig.ask(writeTxnMarkers, 1, {
      markers: [marker(7n, 0), nothing, marker(7n, 1)],
    })
    const partitions = [{ partitionIndex: 0, errorCode: 0 }]
    expect(markers).toEqual([{ producerId: 7n, topics: [{ name: 'orders', partitions }] }])
    expect(rig.partition().logEndOffset).toBe(2)
  })
})

describe('a name that is given twice', () => {
  const topics = ['twice', 'twice'].map((name) => ({ name, numPartitions: 1, replicationFactor: 1 }))
  const growing = topics.map(({ name }) => ({ name, count: 4, assignments: null }))
  const once = { name: 'once', numPartitions: 1, replicationFactor: 1 }

  it('is refused even where there is no time', async () => {
    const created = await rig.ask(createTopics, 5, { topics, timeoutMs: 0 })
    expect(created.topics.map(({ errorCode }) => errorCode)).toEqual([INVALID_REQUEST])
    const grown = await rig.ask(createPartitions, 2, { topics: growing, timeoutMs: 0 })
    expect(grown.results.map(({ errorCode }) => errorCode)).toEqual([INVALID_REQUEST])
  })

  it('goes with the others where there is no time for them', async () => {
    const created = await rig.ask(createTopics, 5, { topics: [...topics, once], timeoutMs: 0 })
    expect(created.topics.map(({ errorCode }) => errorCode)).toEqual([TIMED_OUT, TIMED_OUT, TIMED_OUT])
  })
})

describe('DescribeTopicPartitions', () => {
  const page = (topicName: string, partitionIndex: number) =>
    rig.ask(describeTopicPartitions, 0, {
      topics: [],
      responsePartitionLimit: 10,
      cursor: { topicName, partitionIndex },
    })

  it('goes through all topics from a cursor without a name on', async () => {
    const { topics } = await page('', 7)
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([['orders', 0]])
  })

  it('refuses a cursor before the first partition', async () => {
    expect((await page('orders', -1)).topics).toEqual([])
  })
})
