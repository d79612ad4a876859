import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTopics } from '../../../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../../../src/lib/protocol/apis/delete-topics.ts'
import { describeCluster } from '../../../../src/lib/protocol/apis/describe-cluster.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

let rig: BrokerInProcess

beforeAll(async () => {
  rig = await brokerInProcess({
    settings: { 'delete.topic.enable': 'false', 'auto.create.topics.enable': 'false', 'num.partitions': '3' },
  })
  await connected(rig.port, (connection) =>
    connection.ask(createTopics, 7, {
      topics: [{ name: 'orders', numPartitions: -1, replicationFactor: -1 }],
      timeoutMs: 5000,
    }),
  )
})

afterAll(() => rig[Symbol.asyncDispose]())

it('A broker in a rack says so', async () => {
  await using racked = await brokerInProcess({ settings: { 'broker.rack': 'b' } })
  await connected(racked.port, async (connection) => {
    const { brokers } = await connection.ask(metadata, 12, { topics: [] })
    expect(brokers).toMatchObject([{ nodeId: 1, rack: 'b' }])
    expect((await connection.ask(describeCluster, 2, {})).brokers).toMatchObject([{ brokerId: 1, rack: 'b' }])
  })
  expect(racked.broker.node.controller.image().brokers.get(1)?.rack).toBe('b')
})

describe('settings of the broker that rule over topics', () => {
  it.each([
    [2, { topicNames: ['orders', 'none'] }, [42, 42]],
    [3, { topicNames: ['orders', 'none'] }, [73, 73]],
    [6, { topics: [{ name: 'orders' }] }, [73]],
  ])('forbid to delete topics, in version %i', async (version, asked, codes) => {
    const { responses } = await connected(rig.port, (connection) =>
      connection.ask(deleteTopics, version, { ...asked, timeoutMs: 1000 }),
    )
    expect(responses.map(({ errorCode }) => errorCode)).toEqual(codes)
    expect(rig.broker.node.controller.topicByName('orders')).toBeDefined()
  })

  it('keep Metadata from creating topics, and give new ones their partitions', async () => {
    const ask = () =>
      connected(rig.port, (connection) =>
        connection.ask(metadata, 12, { topics: [{ name: 'orders' }, { name: 'nope' }, { name: 'a b' }] }),
      )
    for (const { topics } of [await ask(), await ask()]) {
      expect(topics.map(({ name, errorCode, partitions }) => [name, errorCode, partitions.length])).toEqual([
        ['orders', 0, 3],
        ['a b', 17, 0],
        ['nope', 3, 0],
      ])
    }
  })
})
