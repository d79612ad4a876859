import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import type { FaultWish } from '../../../../src/lib/broker/faults/parse-fault.ts'
import { alterShareGroupOffsets } from '../../../../src/lib/protocol/apis/alter-share-group-offsets.ts'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
import { findCoordinator } from '../../../../src/lib/protocol/apis/find-coordinator.ts'
import { initProducerId } from '../../../../src/lib/protocol/apis/init-producer-id.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { offsetCommit } from '../../../../src/lib/protocol/apis/offset-commit.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { shareFetch } from '../../../../src/lib/protocol/apis/share-fetch.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { DefaultRecordBatch } from '../../../../src/lib/records/default-record-batch.ts'
import type { Connection } from '../../../conformance/wire/connection.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

const topics = [
  { name: 'orders', partitions: 2 },
  { name: 'payments', partitions: 1 },
]

async function withBroker(work: (running: BrokerInProcess, asks: Connection) => Promise<void>) {
  await using running = await brokerInProcess({ topics })
  await connected(running.port, (connection) => work(running, connection))
}

function batch(
  value: string,
  fields: Partial<{ producerId: bigint; producerEpoch: number; baseSequence: number }> = {},
) {
  const writer = new BatchWriter(fields as never)
  writer.append({ key: null, value: Buffer.from(value), timestamp: Date.now() })
  return writer.finish()
}

function produced(asks: Connection, names: readonly string[], records = batch('x'), acks = -1) {
  const topicData = names.map((name) => ({ name, partitionData: [{ index: 0, records }] }))
  return asks.ask(produce, 11, { acks, timeoutMs: 1000, topicData })
}

function fetched(asks: Connection, sessionId = 0, sessionEpoch = -1, names = ['orders', 'payments']) {
  const partitions = [{ partition: 0, partitionMaxBytes: 10_000 }]
  return asks.ask(fetch, 12, {
    ...{ maxWaitMs: 30_000, minBytes: 1, maxBytes: 10_000, sessionId, sessionEpoch },
    topics: names.map((topic) => ({ topic, partitions })),
  })
}

const codesOf = (answer: Awaited<ReturnType<typeof produced>>) =>
  Object.fromEntries(
    answer.responses.map(({ name, partitionResponses }) => [name, partitionResponses[0]?.errorCode]),
  )

describe('a fault', () => {
  it('fails the partitions that it names, and no others', () =>
    withBroker(async ({ broker }, asks) => {
      broker.faults.add({ api: 'produce', topic: 'orders', error: 'NOT_LEADER_OR_FOLLOWER', times: 1 })
      expect(codesOf(await produced(asks, ['orders', 'payments']))).toEqual({ orders: 6, payments: 0 })
      expect(codesOf(await produced(asks, ['orders', 'payments']))).toEqual({ orders: 0, payments: 0 })
      const [orders, payments] = [
        broker.node.partitions.get('orders', 0),
        broker.node.partitions.get('payments', 0),
      ]
      expect([orders?.logEndOffset, payments?.logEndOffset]).toEqual([1, 2])
      expect(broker.faults.list()).toMatchObject([{ id: 1, state: 'spent', matched: 1, applied: 1 }])
    }))

  it('can let the write happen all the same, and cut off who waits for no answer', () =>
    withBroker(async ({ broker }, asks) => {
      broker.faults.add({ api: 'Produce', error: 'REQUEST_TIMED_OUT', after: true })
      expect(codesOf(await produced(asks, ['orders']))).toEqual({ orders: 7 })
      expect(broker.node.partitions.get('orders', 0)?.logEndOffset).toBe(1)
      broker.faults.clear()
      broker.faults.add({ api: 'Produce', error: 'REQUEST_TIMED_OUT' })
      await expect(produced(asks, ['orders'], batch('x'), 0)).rejects.toThrow()
      expect(broker.node.partitions.get('orders', 0)?.logEndOffset).toBe(1)
    }))

  it('fails what a fetch session means without saying it, at once', () =>
    withBroker(async ({ broker }, asks) => {
      await produced(asks, ['orders', 'payments'])
      const { sessionId } = await fetched(asks, 0, 0)
      expect(sessionId).not.toBe(0)
      broker.faults.add({ api: 'Fetch', topic: 'payments', error: 'OFFSET_OUT_OF_RANGE', times: 1 })
      const answer = await fetched(asks, sessionId, 1, [])
      expect(answer.responses.find(({ topic }) => topic === 'payments')?.partitions).toMatchObject([
        { partitionIndex: 0, errorCode: 1 },
      ])
      const next = await fetched(asks, sessionId, 2, [])
      expect([
        next.errorCode,
        next.responses.flatMap(({ partitions }) => partitions.map((p) => p.errorCode)),
      ]).toEqual([0, [0, 0]])
    }))

  it('fails a topic in the metadata of all, and a commit by its group', () =>
    withBroker(async ({ broker }, asks) => {
      broker.faults.add({ api: 'Metadata', topic: 'orders', error: 'LEADER_NOT_AVAILABLE' })
      const { topics: told } = await asks.ask(metadata, 9, { topics: null })
      expect(
        told.map(({ name, errorCode, partitions }) => [name, errorCode, partitions.length]).sort(),
      ).toEqual([
        ['orders', 5, 0],
        ['payments', 0, 1],
      ])
      broker.faults.add({ api: 'OffsetCommit', group: 'billing', error: 'INVALID_GROUP_ID' })
      const commit = async (groupId: string) => {
        const partitions = [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }]
        const answer = await asks.ask(offsetCommit, 7, { groupId, topics: [{ name: 'orders', partitions }] })
        return answer.topics[0]?.partitions[0]?.errorCode
      }
      expect(await commit('billing')).toBe(24)
      expect(await commit('shipping')).not.toBe(24)
    }))

  it('leaves metadata its brokers, whatever becomes of the topics', () =>
    withBroker(async ({ broker }, asks) => {
      broker.faults.add({ api: 'Metadata', error: 'LEADER_NOT_AVAILABLE' })
      for (const [version, names] of [
        [1, ['orders']],
        [9, ['orders', 'payments']],
        [9, []],
      ] as const) {
        const answer = await asks.ask(metadata, version, { topics: names.map((name) => ({ name })) })
        expect(answer.brokers).toHaveLength(1)
        expect(answer.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual(
          names.map((name) => [name, 5]),
        )
      }
    }))

  it('has a group found whose coordinator says that it is loading, unless FindCoordinator is meant', () =>
    withBroker(async ({ broker }, asks) => {
      const find = async () => (await asks.ask(findCoordinator, 3, { key: 'billing', keyType: 0 })).errorCode
      await expect.poll(find, { timeout: 5000, interval: 20 }).toBe(0)
      broker.faults.add({ group: 'billing', error: 'COORDINATOR_LOAD_IN_PROGRESS' })
      expect(await find()).toBe(0)
      broker.faults.add({ group: 'billing', error: 'COORDINATOR_NOT_AVAILABLE', times: 1 })
      expect(await find()).toBe(15)
      broker.faults.add({ api: 'FindCoordinator', error: 'COORDINATOR_LOAD_IN_PROGRESS' })
      expect(await find()).toBe(14)
    }))

  it('fails a partition of a share session without losing the session, or its records', () =>
    withBroker(async ({ broker }, asks) => {
      await asks.ask(findCoordinator, 3, { key: 'work', keyType: 0 })
      const start = async () => {
        const offsets = [{ partitionIndex: 0, startOffset: 0n }]
        const all = topics.map(({ name }) => ({ topicName: name, partitions: offsets }))
        return (await asks.ask(alterShareGroupOffsets, 0, { groupId: 'work', topics: all })).errorCode
      }
      await expect.poll(start, { timeout: 5000, interval: 20 }).toBe(0)
      const idOf = (name: string) => broker.node.controller.topicByName(name)?.topicId ?? ''
      const partitions = [{ partitionIndex: 0, partitionMaxBytes: 0, acknowledgementBatches: [] }]
      const poll = (shareSessionEpoch: number, names: readonly string[]) =>
        asks.ask(shareFetch, 1, {
          ...{ groupId: 'work', memberId: 'AAAAAAAAAAAAAAAAAAAAAA', shareSessionEpoch },
          ...{ maxWaitMs: 0, minBytes: 1, maxBytes: 10_000, maxRecords: 10, batchSize: 10 },
          topics: names.map((name) => ({ topicId: idOf(name), partitions })),
        })
      const codes = async (epoch: number, names: readonly string[] = []) => {
        const { errorCode, responses } = await poll(epoch, names)
        const told = responses.map(({ topicId, partitions: [found] }) => [topicId, found?.errorCode] as const)
        return { errorCode, ...Object.fromEntries(told) }
      }
      const rule = { api: 'ShareFetch', topic: 'orders', error: 'NOT_LEADER_OR_FOLLOWER', times: 1 }
      broker.faults.add(rule)
      expect(await codes(0, ['orders', 'payments'])).toEqual({
        errorCode: 0,
        [idOf('orders')]: 6,
        [idOf('payments')]: 0,
      })
      broker.faults.add(rule)
      expect(await codes(1)).toEqual({ errorCode: 0, [idOf('orders')]: 6 })
      expect(await codes(2)).toEqual({ errorCode: 0, [idOf('orders')]: 0 })
    }))

  it('breaks batches that are fetched, and not those in the log', () =>
    withBroker(async ({ broker }, asks) => {
      await produced(asks, ['orders'])
      const isValid = async () => {
        const { responses } = await fetched(asks, 0, -1, ['orders'])
        const records = responses[0]?.partitions[0]?.records
        if (!Buffer.isBuffer(records)) throw new Error('no records')
        return new DefaultRecordBatch(records, 0, 0).damage() === null
      }
      broker.faults.add({ api: 'Fetch', corrupt: 'records', times: 1 })
      expect([await isValid(), await isValid()]).toEqual([false, true])
    }))

  it.each<[string, FaultWish]>([
    ['a disconnection', { disconnect: true }],
    ['a frame that ends too early', { corrupt: 'frame' }],
  ])('is %s', (_, fault) =>
    withBroker(async ({ broker, port }, asks) => {
      broker.faults.add({ api: 'Produce', times: 1, ...fault })
      await expect(produced(asks, ['orders'])).rejects.toThrow()
      await connected(port, async (again) => {
        expect(codesOf(await produced(again, ['orders']))).toEqual({ orders: 0 })
      })
    }),
  )

  it('is a late answer, a slow one, a throttled one', () =>
    withBroker(async ({ broker }, asks) => {
      const took = async (fault: FaultWish) => {
        broker.faults.add({ api: 'Metadata', times: 1, ...fault })
        const sinceMs = performance.now()
        const answer = await asks.ask(metadata, 9, { topics: null })
        return [answer.throttleTimeMs, performance.now() - sinceMs] as const
      }
      expect((await took({ latencyMs: 60, jitterMs: 10 }))[1]).toBeGreaterThanOrEqual(60)
      expect((await took({ bytesPerSecond: 1000 }))[1]).toBeGreaterThanOrEqual(90)
      const sinceMs = performance.now()
      expect((await took({ throttleMs: 80 }))[0]).toBe(80)
      await asks.ask(metadata, 9, { topics: [] })
      expect(performance.now() - sinceMs).toBeGreaterThanOrEqual(80)
    }))

  it('loses an answer, and those behind it', () =>
    withBroker(async ({ broker, port }, asks) => {
      broker.faults.add({ api: 'InitProducerId', clientId: 'ktool-test', drop: true, times: 1 })
      const lost = asks.ask(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000 })
      const behind = asks.ask(metadata, 9, { topics: [] })
      const outcome = Promise.race(
        [lost, behind].map((one) =>
          one.then(
            () => 'answered',
            () => 'closed',
          ),
        ),
      )
      await connected(port, (other) => other.ask(metadata, 9, { topics: [] }))
      expect(await Promise.race([outcome, Promise.resolve('nothing yet')])).toBe('nothing yet')
      await broker.stop()
      expect(await outcome).toBe('closed')
    }))

  it('strikes by count and by chance, the same for the same seed', () =>
    withBroker(async ({ broker }, asks) => {
      const struck = async (fault: FaultWish, count: number) => {
        broker.faults.clear()
        broker.faults.add({ api: 'Produce', topic: 'orders', error: 'REQUEST_TIMED_OUT', ...fault })
        const codes: (number | undefined)[] = []
        for (let i = 0; i < count; i++) codes.push(codesOf(await produced(asks, ['orders'])).orders)
        return codes.map((code) => (code === 7 ? 'x' : '.')).join('')
      }
      expect(await struck({ skip: 2, times: 1 }, 5)).toBe('..x..')
      expect(await struck({ every: 3 }, 7)).toBe('..x..x.')
      const byChance = await struck({ probability: 0.5, seed: 7 }, 20)
      expect(await struck({ probability: 0.5, seed: 7 }, 20)).toBe(byChance)
      expect(new Set(byChance).size).toBe(2)
      expect(await struck({ probability: 0 }, 3)).toBe('...')
    }))

  it('is over when its time is', () =>
    withBroker(async ({ broker }, asks) => {
      broker.faults.add({ api: 'Produce', error: 'REQUEST_TIMED_OUT', forMs: 30_000 })
      expect(codesOf(await produced(asks, ['orders']))).toEqual({ orders: 7 })
      broker.clock.leap(30_000)
      expect(codesOf(await produced(asks, ['orders']))).toEqual({ orders: 0 })
      expect(broker.faults.list()).toMatchObject([{ state: 'over', applied: 1 }])
    }))

  it.each<[unknown, string]>([
    [{}, 'something go wrong'],
    [{ api: 'Prodce', drop: true }, 'did you mean Produce?'],
    [{ error: 'NOT_LEADER' }, 'did you mean'],
    [{ error: 'NONE' }, 'ktool protocol errors'],
    [{ api: 'Frob', drop: true }, 'ktool protocol apis'],
    [{ api: 'Fetch', apiVersion: '3-1', drop: true }, 'no version'],
    [{ api: 'Fetch', apiVersion: 99, drop: true }, 'versions 4 to'],
    [{ api: ['OffsetCommit', 'Produce'], group: 'billing', drop: true }, 'Produce is about no group'],
    [{ api: 'Heartbeat', topic: 'orders', drop: true }, 'about no topic'],
    [{ api: 'Produce', corrupt: 'records' }, 'no records'],
    [{ api: 'SaslAuthenticate', topic: 'orders', drop: true }, 'about no topic'],
    [{ listener: 'front', drop: true }, 'no listener FRONT'],
    [{ principal: 'anna', drop: true }, 'User:anna'],
    [{ topic: 'a/b', drop: true }, 'no name of a topic'],
    [{ drop: true, disconnect: true }, 'exclude each other'],
    [{ latencyMs: 5, after: true }, '"after"'],
    [{ tpoic: 'orders', drop: true }, 'did you mean topic'],
    [{ probability: 2, drop: true }, 'from 0 to 1'],
    [{ times: 0, drop: true }, 'times'],
    [{ apiVersion: 'x', drop: true }, 'no version'],
    [null, 'an object'],
  ])('is refused where it is none: %j', async (fault, reason) => {
    await using running = await brokerInProcess()
    const error = (() => {
      try {
        running.broker.faults.add(fault as FaultWish)
      } catch (refusal) {
        return refusal as Error & { hint?: string }
      }
      return undefined
    })()
    expect(`${error?.message} ${error?.hint}`).toContain(reason)
    expect(running.broker.faults.isEmpty).toBe(true)
  })
})

describe('kafkajs', () => {
  const client = (bootstrap: string) =>
    new Kafka({
      ...{ clientId: 'shop', brokers: [bootstrap], logLevel: logLevel.NOTHING },
      retry: { initialRetryTime: 5, retries: 6 },
    })

  it('gets its record through three times NOT_LEADER_OR_FOLLOWER', async () => {
    await using running = await brokerInProcess({ topics })
    const { faults, node } = running.broker
    faults.add({
      api: 'Produce',
      topic: 'orders',
      error: 'NOT_LEADER_OR_FOLLOWER',
      clientId: 'shop',
      times: 3,
    })
    const producer = client(running.bootstrap).producer()
    await producer.connect()
    await producer.send({ topic: 'orders', messages: [{ partition: 0, value: 'x' }] })
    await producer.disconnect()
    expect(faults.list()).toMatchObject([{ state: 'spent', applied: 3 }])
    expect(node.partitions.get('orders', 0)?.logEndOffset).toBe(1)
  })

  it.each([
    [true, 1],
    [false, 2],
  ])('is cut off behind a write; idempotent %s, and it is there %d times', async (idempotent, count) => {
    await using running = await brokerInProcess({ topics })
    const { faults, node } = running.broker
    faults.add({ api: 'Produce', disconnect: true, after: true, times: 1 })
    const producer = client(running.bootstrap).producer({ idempotent, maxInFlightRequests: 1 })
    await producer.connect()
    await producer.send({ topic: 'orders', messages: [{ partition: 0, value: 'x' }] })
    await producer.disconnect()
    expect(node.partitions.get('orders', 0)?.logEndOffset).toBe(count)
  })
})
