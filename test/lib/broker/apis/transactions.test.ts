import { beforeEach, describe, expect, it } from 'vitest'
import { addOffsetsToTxn } from '../../../../src/lib/broker/apis/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../../../src/lib/broker/apis/add-partitions-to-txn.ts'
import { describeTransactions } from '../../../../src/lib/broker/apis/describe-transactions.ts'
import { endTxn } from '../../../../src/lib/broker/apis/end-txn.ts'
import type { Handler, RequestContext } from '../../../../src/lib/broker/apis/handler.ts'
import { initProducerId } from '../../../../src/lib/broker/apis/init-producer-id.ts'
import { listTransactions } from '../../../../src/lib/broker/apis/list-transactions.ts'
import type { TransactionCoordinator } from '../../../../src/lib/broker/coordinators/transaction/transaction-coordinator.ts'
import { errorCodes } from '../../../../src/lib/protocol/error-codes.ts'
import { MemoryCluster } from '../coordinators/transaction/memory-cluster.ts'

type Json = Record<string, unknown>

let cluster: MemoryCluster
let coordinator: TransactionCoordinator

beforeEach(() => {
  cluster = new MemoryCluster()
  cluster.addTopic('orders', 2)
  coordinator = cluster.coordinator()
  coordinator.createTopic()
})

/** Over the wire, as far as there is one: what is not in this version does not get through. */
async function ask({ api, handle }: Handler, version: number, json: Json): Promise<Json> {
  const request = api.request.decode(
    api.request.encode({ ...api.request.create(), ...json }, version),
    version,
  )
  const context = { version, node: cluster.node(coordinator) } as unknown as RequestContext
  const answer = (await handle(request, context)) as Json
  return api.response.decode(api.response.encode(answer, version), version)
}

const codes = (answer: Json) => JSON.stringify(answer).match(/"partitionErrorCode":(\d+)/g)
const init = (more: Json = {}, version = 4) =>
  ask(initProducerId, version, { transactionalId: 'etl', transactionTimeoutMs: 60_000, ...more })
const single = (topics: Json[], epoch = 0) => ({
  v3AndBelowTransactionalId: 'etl',
  v3AndBelowProducerId: 0n,
  v3AndBelowProducerEpoch: epoch,
  v3AndBelowTopics: topics,
})

describe('InitProducerId', () => {
  it('gives producers without transactions an id each', async () => {
    expect(await init({ transactionalId: null })).toMatchObject({ producerId: 0n, producerEpoch: 0 })
    expect(await init({ transactionalId: null }, 0)).toMatchObject({ producerId: 1n, producerEpoch: 0 })
  })

  it.each([
    ['an empty id', { transactionalId: '' }, errorCodes.INVALID_REQUEST],
    ['no time', { transactionTimeoutMs: 0 }, errorCodes.INVALID_TRANSACTION_TIMEOUT],
    ['too much time', { transactionTimeoutMs: 900_001 }, errorCodes.INVALID_TRANSACTION_TIMEOUT],
    ['a producer id without an epoch', { producerId: 3n }, errorCodes.INVALID_REQUEST],
    ['an epoch without a producer id', { producerEpoch: 3 }, errorCodes.INVALID_REQUEST],
  ])('refuses %s', async (_what, request, errorCode) => {
    expect(await init(request)).toMatchObject({ errorCode, producerId: -1n, producerEpoch: -1 })
  })

  it('calls a fence by the name that the client knows', async () => {
    await init()
    await init()
    const old = { producerId: 0n, producerEpoch: 0 }
    expect(await init(old, 4)).toMatchObject({ errorCode: errorCodes.PRODUCER_FENCED })
    expect(await init(old, 3)).toMatchObject({ errorCode: errorCodes.INVALID_PRODUCER_EPOCH })
  })
})

describe('AddPartitionsToTxn', () => {
  it('adds all partitions or none', async () => {
    await init()
    const some = [
      { name: 'orders', partitions: [0] },
      { name: 'nowhere', partitions: [1] },
    ]
    const refused = await ask(addPartitionsToTxn, 3, single(some))
    expect(codes(refused)).toEqual(['"partitionErrorCode":55', '"partitionErrorCode":3'])
    const added = await ask(addPartitionsToTxn, 0, single([{ name: 'orders', partitions: [0, 1] }]))
    expect(codes(added)).toEqual(['"partitionErrorCode":0', '"partitionErrorCode":0'])
    expect(coordinator.describe('etl').partitions).toEqual(new Map([['orders', new Set([0, 1])]]))
  })

  it('calls a fence by the name that the client knows', async () => {
    await init()
    await init()
    const topics = [{ name: 'orders', partitions: [0] }]
    expect(codes(await ask(addPartitionsToTxn, 1, single(topics)))).toEqual(['"partitionErrorCode":47'])
    expect(codes(await ask(addPartitionsToTxn, 2, single(topics)))).toEqual(['"partitionErrorCode":90'])
  })

  it('answers brokers that only want to know, one partition at a time', async () => {
    await init()
    const one = { transactionalId: 'etl', producerId: 0n, producerEpoch: 0 }
    const topics = [{ name: 'orders', partitions: [0] }]
    await ask(addPartitionsToTxn, 5, { transactions: [{ ...one, verifyOnly: false, topics }] })
    const both = [{ name: 'orders', partitions: [0, 1] }]
    const transactions = [
      { ...one, verifyOnly: true, topics: both },
      { ...one, transactionalId: '', verifyOnly: true, topics },
    ]
    const answer = await ask(addPartitionsToTxn, 4, { transactions })
    expect(codes(answer)).toEqual([
      '"partitionErrorCode":0',
      '"partitionErrorCode":120',
      '"partitionErrorCode":42',
    ])
  })
})

describe('AddOffsetsToTxn and EndTxn', () => {
  it("take the partition of a group's offsets into the transaction, and end it", async () => {
    const producer = { transactionalId: 'etl', producerId: 0n, producerEpoch: 0 }
    await init()
    expect(await ask(addOffsetsToTxn, 0, { ...producer, groupId: 'g' })).toMatchObject({ errorCode: 0 })
    expect(coordinator.describe('etl').partitions).toEqual(new Map([['__consumer_offsets', new Set([0])]]))
    const ended = await ask(endTxn, 5, { ...producer, committed: true })
    expect(ended).toMatchObject({ errorCode: 0, producerId: 0n, producerEpoch: 1 })
    expect(await ask(endTxn, 1, { ...producer, committed: true })).toMatchObject({ errorCode: 47 })
    expect(await ask(endTxn, 4, { ...producer, committed: true })).toMatchObject({ errorCode: 90 })
    expect(await ask(endTxn, 4, { ...producer, transactionalId: '' })).toMatchObject({ errorCode: 42 })
    expect(await ask(addOffsetsToTxn, 4, { ...producer, groupId: 'g' })).toMatchObject({ errorCode: 90 })
  })
})

describe('ListTransactions and DescribeTransactions', () => {
  const listed = async (filter: Json) => {
    const answer = await ask(listTransactions, 2, filter)
    return (answer.transactionStates as { transactionalId: string }[]).map((one) => one.transactionalId)
  }

  beforeEach(async () => {
    await init()
    await init({ transactionalId: 'etl-2' })
    await ask(addPartitionsToTxn, 3, single([{ name: 'orders', partitions: [1] }]))
    await cluster.clock.pass(5000)
  })

  it('show those that are wanted', async () => {
    expect((await listed({})).sort()).toEqual(['etl', 'etl-2'])
    expect(await listed({ stateFilters: ['Ongoing'] })).toEqual(['etl'])
    expect(await listed({ stateFilters: ['Nonsense'] })).toEqual([])
    expect(await listed({ producerIdFilters: [1n] })).toEqual(['etl-2'])
    expect(await listed({ stateFilters: ['Ongoing'], durationFilter: 5000n })).toEqual([])
    expect(await listed({ stateFilters: ['Ongoing'], durationFilter: 4999n })).toEqual(['etl'])
    expect(await listed({ transactionalIdPattern: 'etl-\\d' })).toEqual(['etl-2'])
  })

  it('name states that they do not know, and refuse patterns that are none', async () => {
    const unknown = await ask(listTransactions, 0, { stateFilters: ['Empty', 'Nonsense', 'Unknown'] })
    expect(unknown.unknownStateFilters).toEqual(['Nonsense', 'Unknown'])
    const refused = await ask(listTransactions, 2, { transactionalIdPattern: '(' })
    expect(refused).toMatchObject({ errorCode: errorCodes.INVALID_REGULAR_EXPRESSION, transactionStates: [] })
  })

  it('say where a transaction stands, or that there is none', async () => {
    const { transactionStates } = await ask(describeTransactions, 0, { transactionalIds: ['etl', 'no', ''] })
    expect(transactionStates).toMatchObject([
      {
        ...{ errorCode: 0, transactionState: 'Ongoing', transactionTimeoutMs: 60_000, producerEpoch: 0 },
        topics: [{ topic: 'orders', partitions: [1] }],
      },
      { errorCode: errorCodes.TRANSACTIONAL_ID_NOT_FOUND, transactionState: '' },
      { errorCode: errorCodes.INVALID_REQUEST, transactionState: '' },
    ])
  })
})
