import { beforeEach, describe, expect, it } from 'vitest'
import { deleteTopics } from '../../../../src/lib/protocol/apis/delete-topics.ts'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
import { writeTxnMarkers } from '../../../../src/lib/protocol/apis/write-txn-markers.ts'
import { FetchRig } from './fetch-rig.ts'

const COMMITTED = 1
const PRODUCER = 77
/** A batch of one record with a key of one letter and a value of three. */
const SMALL = 72

let rig: FetchRig

beforeEach(async () => {
  rig = await FetchRig.open()
})

/** Whether it is settled once all that can happen at once has happened. */
async function isAnswered(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false
  promise.then(() => {
    isSettled = true
  })
  await rig.node.clock.pass(0)
  return isSettled
}

async function endTransaction(transactionResult: boolean): Promise<void> {
  const topics = [{ name: 'orders', partitionIndexes: [0] }]
  const marker = {
    producerId: BigInt(PRODUCER),
    producerEpoch: 0,
    transactionResult,
    topics,
    coordinatorEpoch: 0,
  }
  await rig.node.ask(writeTxnMarkers, 1, { markers: [marker] })
}

/** As its first records come to the log. */
async function sendTransactional(value: string, baseSequence: number): Promise<void> {
  const producer = { producerId: PRODUCER, producerEpoch: 0, baseSequence, isTransactional: true }
  rig.node.partition().append([{ key: Buffer.from('k'), value: Buffer.from(value) }], producer)
}

describe('Fetch', () => {
  it('gives whole batches, from the one that holds the offset on', async () => {
    for (const value of ['one', 'two', 'three']) await rig.send(value)
    const { seen, raw } = await rig.fetch([{ offset: 1 }])
    expect(seen).toEqual([{ topic: 'orders', partition: 0, error: 0, bytes: SMALL + SMALL + 2 }])
    const [partition] = raw.responses[0]?.partitions ?? []
    expect(partition).toMatchObject({ highWatermark: 3n, lastStableOffset: 3n, logStartOffset: 0n })
    expect(partition?.records?.readBigInt64BE(0)).toBe(1n)
  })

  it('gives the first batch however little is allowed, and the others as far as there is room', async () => {
    for (const partition of [0, 1]) for (const value of ['one', 'two']) await rig.send(value, { partition })
    const both = [{ offset: 0 }, { offset: 0, partition: 1 }]
    const bytes = async (maxBytes: number) =>
      (await rig.fetch(both, { maxBytes })).seen.map((each) => each.bytes)
    expect(await bytes(1)).toEqual([SMALL, 0])
    expect(await bytes(2 * SMALL - 1)).toEqual([SMALL, 0])
    expect(await bytes(3 * SMALL)).toEqual([2 * SMALL, SMALL])
    expect(await bytes(50_000_000)).toEqual([2 * SMALL, 2 * SMALL])
  })

  it('counts what is cut off of a last batch as room that is taken, as Kafka does', async () => {
    for (const partition of [0, 1]) for (const value of ['one', 'two']) await rig.send(value, { partition })
    const both = [
      { offset: 0, maxBytes: 2 * SMALL - 1 },
      { offset: 0, partition: 1 },
    ]
    const bytes = async (maxBytes: number) =>
      (await rig.fetch(both, { maxBytes })).seen.map((each) => each.bytes)
    expect(await bytes(3 * SMALL - 2)).toEqual([SMALL, 0])
    expect(await bytes(3 * SMALL - 1)).toEqual([SMALL, SMALL])
  })

  it('gives a batch whole that is larger than what one answer has of a partition', async () => {
    rig = await FetchRig.open({ settings: { 'message.max.bytes': '5000000' } })
    await rig.send('small', { partition: 1 })
    for (const value of ['x'.repeat(3_000_000), 'y']) await rig.send(value)
    const from = [
      { offset: 0, partition: 1 },
      { offset: 0, maxBytes: 5_000_000 },
    ]
    const { seen } = await rig.fetch(from)
    expect(seen[1]?.bytes).toBeGreaterThan(3_000_000)
  })

  it('answers what is out of range, or of another epoch, with its error', async () => {
    await rig.send('one')
    const error = async (from: Parameters<typeof rig.fetch>[0][number]) =>
      (await rig.fetch([from])).seen[0]?.error
    expect(await error({ offset: 1 })).toBe(0)
    expect(await error({ offset: 2 })).toBe(1)
    expect(await error({ offset: -1 })).toBe(1)
    expect(await error({ offset: 0, partition: 9 })).toBe(3)
    expect(await error({ offset: 0, currentLeaderEpoch: 7 })).toBe(75)
    expect(await error({ offset: 0, lastFetchedEpoch: 7 })).toBe(1)
  })

  it('tells where the logs part', async () => {
    await rig.send('one')
    const { raw } = await rig.fetch([{ offset: 1, lastFetchedEpoch: 0 }])
    expect(raw.responses[0]?.partitions[0]?.divergingEpoch).toEqual({ epoch: -1, endOffset: -1n })
    const ahead = (await rig.fetch([{ offset: 5, lastFetchedEpoch: 0 }])).raw.responses[0]?.partitions[0]
    expect(ahead).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 0, endOffset: 1n } })
  })

  it('shows a reader of committed records nothing from the first open transaction on', async () => {
    await rig.send('before')
    await sendTransactional('inside', 0)
    await rig.send('after')
    const committed = async () => {
      const { raw } = await rig.fetch([{ offset: 0 }], { isolationLevel: COMMITTED })
      const [partition] = raw.responses[0]?.partitions ?? []
      return [partition?.lastStableOffset, partition?.records?.length, partition?.abortedTransactions]
    }
    const [before] = (await rig.fetch([{ offset: 0 }])).seen
    expect(await committed()).toEqual([1n, SMALL + 3, []])
    await endTransaction(false)
    const all = await committed()
    expect(all).toEqual([4n, expect.any(Number), [{ producerId: BigInt(PRODUCER), firstOffset: 1n }]])
    expect(all[1]).toBeGreaterThan(before?.bytes ?? 0)
  })

  it('names aborted transactions as far as the next place in the offset index, as Kafka does', async () => {
    await rig.send('before')
    await sendTransactional('inside', 0)
    await endTransaction(false)
    const { raw } = await rig.fetch([{ offset: 0, maxBytes: 1 }], { isolationLevel: COMMITTED })
    const aborted = raw.responses[0]?.partitions[0]?.abortedTransactions
    expect(aborted).toEqual([{ producerId: 77n, firstOffset: 1n }])
  })

  it('names no aborted transaction that lies behind that place', async () => {
    await rig.send('before')
    await rig.send('x'.repeat(5000))
    await rig.send('indexed')
    await sendTransactional('inside', 0)
    await endTransaction(false)
    const { raw } = await rig.fetch([{ offset: 0, maxBytes: 1 }], { isolationLevel: COMMITTED })
    expect(raw.responses[0]?.partitions[0]?.abortedTransactions).toEqual([])
  })

  it('says of a topic that it has not, by its id, that the id is unknown', async () => {
    const topicId = 'AAAAAAAAAAAAAAAAAAABAQ'
    const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1 }]
    const answer = await rig.node.ask(fetch, 13, {
      maxWaitMs: 0,
      minBytes: 1,
      topics: [{ topicId, partitions }],
    })
    expect(answer.responses[0]?.partitions[0]).toMatchObject({ errorCode: 100, abortedTransactions: [] })
  })
})

describe('a Fetch that waits', () => {
  it('is answered as soon as there is something', async () => {
    const answer = rig.fetch([{ offset: 0 }, { offset: 0, partition: 1 }], { maxWaitMs: 5000 })
    expect(await isAnswered(answer)).toBe(false)
    await rig.send('one', { partition: 1 })
    expect((await answer).seen.map(({ bytes }) => bytes)).toEqual([0, SMALL])
  })

  it('gets what it waited for also where the next segment begins in the same turn', async () => {
    const rig = await FetchRig.open()
    const read = rig.fetch([{ offset: 0 }], { maxWaitMs: 5000 })
    const sent = rig.send('first')
    rig.node.partition().log.roll()
    await sent
    const { error, seen } = await read
    expect([error, seen[0]?.error]).toEqual([0, 0])
    expect(seen[0]?.bytes).toBeGreaterThan(0)
  })

  it('waits until there is as much as it wants, counted over all partitions', async () => {
    const from = [{ offset: 0 }, { offset: 0, partition: 1 }, { offset: 0, topic: 'other' }]
    const answer = rig.fetch(from, { maxWaitMs: 5000, minBytes: 4 * SMALL })
    await rig.send('one')
    await rig.send('two', { topic: 'other' })
    await rig.send('one')
    expect(await isAnswered(answer)).toBe(false)
    await rig.send('one')
    expect((await answer).seen.map(({ bytes }) => bytes)).toEqual([3 * SMALL, 0, SMALL])
  })

  it('has as much as it wants also with what is cut off of a last batch', async () => {
    for (const value of ['one', 'two']) await rig.send(value)
    const from = [{ offset: 0, maxBytes: 2 * SMALL - 1 }]
    const answer = rig.fetch(from, { maxWaitMs: 5000, minBytes: 2 * SMALL - 1 })
    expect(await isAnswered(answer)).toBe(true)
    expect((await answer).seen[0]?.bytes).toBe(SMALL)
    expect(await isAnswered(rig.fetch(from, { maxWaitMs: 5000, minBytes: 2 * SMALL }))).toBe(false)
  })

  it('is answered with what there is when its time is over', async () => {
    await rig.send('one')
    const answer = rig.fetch([{ offset: 0 }], { maxWaitMs: 300, minBytes: 1000 })
    await rig.node.clock.pass(299)
    expect(await isAnswered(answer)).toBe(false)
    await rig.node.clock.pass(1)
    expect((await answer).seen[0]?.bytes).toBe(SMALL)
  })

  it('does not wait with an error of a partition, nor where there is none at all', async () => {
    expect(
      await isAnswered(rig.fetch([{ offset: 99 }, { offset: 0, partition: 1 }], { maxWaitMs: 5000 })),
    ).toBe(true)
    expect(await isAnswered(rig.fetch([{ offset: 0, topic: 'nowhere' }], { maxWaitMs: 5000 }))).toBe(true)
    expect(await isAnswered(rig.fetch([], { maxWaitMs: 5000 }))).toBe(true)
  })

  it('is answered when the topic goes', async () => {
    const answer = rig.fetch([{ offset: 0 }], { maxWaitMs: 5000 })
    expect(await isAnswered(answer)).toBe(false)
    await rig.node.ask(deleteTopics, 5, { topicNames: ['orders'], timeoutMs: 1000 })
    expect((await answer).seen[0]?.error).toBe(3)
  })

  it('is told that another leader has begun', async () => {
    const answer = rig.fetch([{ offset: 0, currentLeaderEpoch: 0 }], { maxWaitMs: 5000 })
    expect(await isAnswered(answer)).toBe(false)
    rig.node.partition().lead(rig.node.node.id, 1, true)
    expect((await answer).seen[0]?.error).toBe(74)
  })

  it('is given up once its client is gone', async () => {
    const answer = rig.fetch([{ offset: 0 }], { maxWaitMs: 5000 })
    rig.node.gone.abort()
    expect(await isAnswered(answer)).toBe(true)
  })
})
