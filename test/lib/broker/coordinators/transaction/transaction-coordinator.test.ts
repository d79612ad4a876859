import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import type { ProducerIdentity } from '../../../../../src/lib/broker/coordinators/transaction/transaction.ts'
import type { TransactionCoordinator } from '../../../../../src/lib/broker/coordinators/transaction/transaction-coordinator.ts'
import { transactionEntry } from '../../../../../src/lib/broker/coordinators/transaction/transaction-records.ts'
import { FailedError } from '../../../../../src/lib/errors.ts'
import { settled } from '../../../../simulation/sim-clock.ts'
import { MemoryCluster } from './memory-cluster.ts'

const id = 'payments'
const partitions = (topic: string, ...numbers: number[]) => new Map([[topic, new Set(numbers)]])

let cluster: MemoryCluster
let coordinator: TransactionCoordinator

beforeEach(() => {
  cluster = new MemoryCluster()
  cluster.addTopic('orders', 3)
  coordinator = cluster.coordinator()
  coordinator.start()
  coordinator.createTopic()
})

function init(expected: ProducerIdentity | null = null, timeoutMs = 60_000): Promise<ProducerIdentity> {
  return coordinator.initialise({ transactionalId: id, timeoutMs, expected })
}

function add(producer: ProducerIdentity, partition = 0, clientVersion = 0): Promise<void> {
  const { producerId, producerEpoch } = producer
  return coordinator.addPartitions({
    ...{ transactionalId: id, producerId, producerEpoch, clientVersion },
    partitions: partitions('orders', partition),
  })
}

function end(
  producer: ProducerIdentity,
  isCommit: boolean,
  clientVersion: number,
): Promise<ProducerIdentity> {
  const { producerId, producerEpoch } = producer
  return coordinator.end(id, { producerId, producerEpoch, isCommit, clientVersion })
}

function enter(producer: ProducerIdentity, partition: number, mayAdd: boolean): Promise<void> | undefined {
  const { producerId, producerEpoch } = producer
  const entry = { transactionalId: id, producerId, producerEpoch, mayAdd }
  return coordinator.enterPartitions({ ...entry, partitions: [{ topic: 'orders', partition }] })
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'NONE',
    (cause: ApiError) => cause.error,
  )
}

/** A coordinator that finds the producer so far on. */
async function withEpoch(producerEpoch: number): Promise<void> {
  await init()
  const transaction = { ...coordinator.describe(id), producerEpoch }
  cluster
    .store('__transaction_state', coordinator.partitionFor(id))
    .append([transactionEntry(transaction, 2)])
  coordinator = cluster.coordinator()
}

const state = () => coordinator.describe(id).state
const markers = (partition: number) => cluster.store('orders', partition).markers

describe('a producer with a transactional id', () => {
  it('has an id of its own, and a higher epoch with each new start', async () => {
    expect(await init()).toMatchObject({ producerId: 0, producerEpoch: 0 })
    expect(await init()).toMatchObject({ producerId: 0, producerEpoch: 1 })
  })

  it('is not found before the topic is there', async () => {
    cluster.deleteTopic('__transaction_state')
    expect(await refusal(init())).toBe('NOT_COORDINATOR')
  })

  it('gets a topic made for it once, with as many replicas as there are brokers', () => {
    coordinator.createTopic()
    expect(cluster.wishes).toHaveLength(1)
    expect(cluster.wishes[0]).toMatchObject({ partitions: 3, replicationFactor: 1 })
  })

  it('goes on with the next epoch when it says who it was, and with the same again when it asks twice', async () => {
    const first = await init()
    const second = await init(first)
    expect(second).toMatchObject({ producerId: 0, producerEpoch: 1 })
    expect(await init(first)).toMatchObject({ producerId: 0, producerEpoch: 1 })
  })

  it('is fenced when it says that it is one from long ago', async () => {
    const first = await init()
    const second = await init()
    expect(await refusal(init(first))).toBe('PRODUCER_FENCED')
    expect(await refusal(init({ ...second, producerId: 77 }))).toBe('PRODUCER_FENCED')
  })

  it('has its open transaction aborted by a new start, and the old producer is fenced', async () => {
    const old = await init()
    await add(old)
    expect(await refusal(init())).toBe('CONCURRENT_TRANSACTIONS')
    await cluster.clock.pass(100)
    expect(markers(0)).toEqual([{ producerId: 0, producerEpoch: 1, coordinatorEpoch: 0, isCommit: false }])
    expect(await init()).toMatchObject({ producerId: 0, producerEpoch: 2 })
    expect(await refusal(add(old))).toBe('PRODUCER_FENCED')
    expect(await refusal(end(old, true, 0))).toBe('PRODUCER_FENCED')
  })

  it('gets another id once its epochs are used up, by itself', async () => {
    await withEpoch(32_765)
    const last = await init()
    expect(last).toMatchObject({ producerId: 0, producerEpoch: 32_766 })
    expect(await init(last)).toMatchObject({ producerId: 1000, producerEpoch: 0 })
    expect(await init(last)).toMatchObject({ producerId: 1000, producerEpoch: 0 })
  })
})

describe('a transaction of a client that names its partitions', () => {
  let producer: ProducerIdentity
  beforeEach(async () => {
    producer = await init()
    await add(producer, 1)
    await add(producer, 2)
  })

  it('is decided at once, and told to its partitions a moment later', async () => {
    await end(producer, true, 0)
    expect(state()).toBe('PrepareCommit')
    expect(await refusal(end(producer, true, 0))).toBe('CONCURRENT_TRANSACTIONS')
    expect(await refusal(init())).toBe('CONCURRENT_TRANSACTIONS')
    // Readers of what was committed wait for it.
    await cluster.clock.pass(1)
    const marker = { producerId: 0, producerEpoch: 0, coordinatorEpoch: 0, isCommit: true }
    expect([markers(0), markers(1), markers(2)]).toEqual([[], [marker], [marker]])
    expect(await refusal(end(producer, true, 0))).toBe('CONCURRENT_TRANSACTIONS')
    await cluster.clock.pass(20)
    expect(coordinator.describe(id)).toMatchObject({ state: 'CompleteCommit', partitions: new Map() })
  })

  it('may be ended again the same way, and not the other way', async () => {
    await end(producer, false, 0)
    await cluster.clock.pass(100)
    expect(await refusal(end(producer, false, 0))).toBe('NONE')
    expect(await refusal(end(producer, true, 0))).toBe('INVALID_TXN_STATE')
    expect(markers(1)).toHaveLength(1)
  })

  it('is over before the next one begins, however soon that is', async () => {
    await end(producer, true, 0)
    await add(producer, 0)
    expect(markers(1)).toHaveLength(1)
    expect(coordinator.describe(id)).toMatchObject({ state: 'Ongoing', partitions: partitions('orders', 0) })
  })

  it('is not ended by another producer', async () => {
    expect(await refusal(end({ producerId: 5, producerEpoch: 0 }, true, 0))).toBe(
      'INVALID_PRODUCER_ID_MAPPING',
    )
    expect(await refusal(end({ ...producer, producerEpoch: 9 }, true, 0))).toBe('PRODUCER_FENCED')
  })

  it('lets only partitions be written that were named', () => {
    expect(enter(producer, 1, false)).toBeUndefined()
    expect(() => enter(producer, 0, false)).toThrow(
      expect.objectContaining({ error: 'TRANSACTION_ABORTABLE' }),
    )
    cluster.isVerifying = false
    expect(enter(producer, 0, false)).toBeUndefined()
  })

  it('leaves out partitions of topics that were deleted', async () => {
    cluster.deleteTopic('orders')
    await end(producer, true, 0)
    await cluster.clock.pass(100)
    expect(state()).toBe('CompleteCommit')
  })
})

describe('a transaction of a client that adds partitions by writing to them', () => {
  let producer: ProducerIdentity
  beforeEach(async () => {
    producer = await init()
    await enter(producer, 0, true)
  })

  it('ends with the epoch of the next one', async () => {
    const next = await end(producer, true, 2)
    expect(next).toMatchObject({ producerId: 0, producerEpoch: 1 })
    await cluster.clock.pass(100)
    expect(markers(0)).toEqual([{ producerId: 0, producerEpoch: 1, coordinatorEpoch: 0, isCommit: true }])
  })

  it('is known by its epoch when the same end is asked for again', async () => {
    const next = await end(producer, false, 2)
    expect(await refusal(end(producer, false, 2))).toBe('CONCURRENT_TRANSACTIONS')
    await cluster.clock.pass(100)
    expect(await end(producer, false, 2)).toMatchObject({ producerId: 0, producerEpoch: 1 })
    expect(await refusal(end(producer, true, 2))).toBe('INVALID_TXN_STATE')
    expect(await refusal(end(next, true, 2))).toBe('INVALID_TXN_STATE')
    expect(await end(next, false, 2)).toMatchObject({ producerId: 0, producerEpoch: 2 })
  })

  it('needs no second look for a partition that is in it', () => {
    expect(enter(producer, 0, true)).toBeUndefined()
  })

  it('waits for the markers of the one before', async () => {
    const next = await end(producer, true, 2)
    await enter(next, 1, true)
    expect(markers(0)).toHaveLength(1)
    expect(coordinator.describe(id)).toMatchObject({ state: 'Ongoing', partitions: partitions('orders', 1) })
  })

  it('is closed to the producer of before, by the name that Produce has for it', async () => {
    await end(producer, true, 2)
    await cluster.clock.pass(100)
    expect(() => enter(producer, 1, true)).toThrow(
      expect.objectContaining({ error: 'INVALID_PRODUCER_EPOCH' }),
    )
  })

  it('goes on with another id once the epochs are used up, also for one who missed that', async () => {
    await end(producer, false, 2)
    await coordinator.stop()
    await withEpoch(32_766)
    const last = { producerId: 0, producerEpoch: 32_766 }
    await enter(last, 0, true)
    expect(await end(last, true, 2)).toMatchObject({ producerId: 1000, producerEpoch: 0 })
    await cluster.clock.pass(100)
    expect(markers(0).at(-1)).toMatchObject({ producerId: 0, producerEpoch: 32_767, isCommit: true })
    expect(await end(last, true, 2)).toMatchObject({ producerId: 1000, producerEpoch: 0 })
  })
})

describe('time', () => {
  it('aborts what was left open, with an epoch that shuts its producer out', async () => {
    const producer = await init(null, 15_000)
    await add(producer)
    await cluster.clock.pass(10_000)
    expect(state()).toBe('Ongoing')
    await cluster.clock.pass(10_100)
    expect(coordinator.describe(id)).toMatchObject({ state: 'CompleteAbort', producerEpoch: 1 })
    expect(markers(0)).toMatchObject([{ producerEpoch: 1, isCommit: false }])
    expect(await refusal(end(producer, true, 0))).toBe('PRODUCER_FENCED')
  })

  it('raises the epoch in clusters without transaction.version as well', async () => {
    cluster.transactionVersion = 0
    await add(await init(null, 1000))
    await cluster.clock.pass(20_100)
    expect(coordinator.describe(id)).toMatchObject({ producerEpoch: 1, clientVersion: 0 })
  })

  it('forgets ids that were not used for a week, and not those with something open', async () => {
    await init(null, 900_000)
    await coordinator.initialise({ transactionalId: 'open', timeoutMs: 2 ** 31 - 1, expected: null })
    await coordinator.addPartitions({
      ...{ transactionalId: 'open', producerId: 1, producerEpoch: 0, clientVersion: 0 },
      partitions: partitions('orders', 0),
    })
    await cluster.clock.pass(604_800_000 - 1)
    expect(coordinator.all()).toHaveLength(2)
    await cluster.clock.pass(3_600_000)
    expect(coordinator.all().map(({ transactionalId }) => transactionalId)).toEqual(['open'])
    expect(cluster.coordinator().all()).toHaveLength(1)
  })
})

describe('a disk that refuses', () => {
  const full = new Error('ENOSPC')
  const refuse = (refusal: Error | null) => {
    for (const store of cluster.stores('__transaction_state')) store.refusal = refusal
  }

  it('leaves everything as it was', async () => {
    const producer = await init()
    refuse(full)
    expect(await refusal(add(producer))).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await refusal(init())).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(coordinator.describe(id)).toMatchObject({ state: 'Empty', producerEpoch: 0 })
    refuse(null)
    expect(await refusal(add(producer))).toBe('NONE')
  })

  it('is asked again until all markers are written, each of them once', async () => {
    const producer = await init()
    await add(producer, 0)
    await add(producer, 1)
    await end(producer, true, 0)
    cluster.store('orders', 1).refusal = full
    await cluster.clock.pass(5000)
    expect(state()).toBe('PrepareCommit')
    cluster.store('orders', 1).refusal = null
    await cluster.clock.pass(5000)
    expect(state()).toBe('CompleteCommit')
    expect([markers(0).length, markers(1).length]).toEqual([1, 1])
  })
})

describe('a partition that has heard of a newer coordinator', () => {
  it('keeps the transaction from being over, until the coordinator is started anew', async () => {
    const producer = await init()
    await add(producer, 0)
    await add(producer, 1)
    const store = cluster.store('orders', 1)
    store.refusal = new ApiError('TRANSACTION_COORDINATOR_FENCED')
    await end(producer, true, 2)
    await cluster.clock.pass(5000)
    store.refusal = null
    await cluster.clock.pass(5000)
    expect(coordinator.describe(id)).toMatchObject({
      state: 'PrepareCommit',
      partitions: partitions('orders', 1),
    })
    expect(await refusal(end({ producerId: 99, producerEpoch: 0 }, true, 2))).toBe('CONCURRENT_TRANSACTIONS')
    expect(await refusal(add({ producerId: 99, producerEpoch: 0 }))).toBe('CONCURRENT_TRANSACTIONS')
    cluster.clock.forget()
    coordinator = cluster.coordinator()
    coordinator.start()
    await cluster.clock.pass(100)
    expect(state()).toBe('CompleteCommit')
  })
})

describe('a coordinator that starts on what another wrote', () => {
  it('finishes what was decided, and knows everything else', async () => {
    const producer = await init()
    await add(producer)
    await end(producer, true, 2)
    cluster.clock.forget()
    coordinator = cluster.coordinator()
    coordinator.start()
    expect(state()).toBe('PrepareCommit')
    await cluster.clock.pass(100)
    expect(coordinator.describe(id)).toMatchObject({ state: 'CompleteCommit', producerEpoch: 1 })
    expect(markers(0)).toHaveLength(1)
  })

  it('does not wait for anybody to ask', async () => {
    const producer = await init()
    await add(producer)
    await end(producer, false, 0)
    cluster.clock.forget()
    cluster.coordinator().start()
    await cluster.clock.pass(100)
    expect(markers(0)).toMatchObject([{ isCommit: false }])
  })

  it('leaves nothing to be finished after a clean stop', async () => {
    const producer = await init()
    await add(producer)
    await end(producer, true, 0)
    await coordinator.stop()
    expect(cluster.coordinator().describe(id).state).toBe('CompleteCommit')
  })

  it('reads nothing any more once it is told to stop', async () => {
    const started = cluster.coordinator()
    started.start()
    await started.stop()
    await cluster.clock.pass(1000)
    expect(cluster.stores('__transaction_state').map(({ reads }) => reads)).toEqual([0, 0, 0])
  })

  it('coordinates all but those partitions that cannot be read', async () => {
    const [first] = cluster.stores('__transaction_state')
    if (first === undefined) throw new Error('no partition')
    first.damage = new FailedError('disk-error', 'cannot read')
    const started = cluster.coordinator()
    started.start()
    await cluster.clock.pass(1000)
    expect(cluster.warnings).toEqual(['the transactions of a partition cannot be read'])
    expect(started.all()).toEqual([])
    const ids = Array.from({ length: 20 }, (_, i) => `id ${i}`)
    const answers = ids.map((transactionalId) =>
      refusal(started.initialise({ transactionalId, timeoutMs: 60_000, expected: null })),
    )
    expect(await Promise.all(answers)).toEqual(
      ids.map((each) => (started.partitionFor(each) === 0 ? 'NOT_COORDINATOR' : 'NONE')),
    )
  })
})

describe('where every write is flushed before its answer', () => {
  it('no marker is written before the decision is safe, no end told before the markers are', async () => {
    const producer = await init()
    await add(producer)
    const flushes = cluster.stores('__transaction_state').map((store) => heldFlush(store))
    const answer = end(producer, true, 0)
    await cluster.clock.pass(1000)
    expect(markers(0)).toEqual([])
    const marked = heldFlush(cluster.store('orders', 0))
    for (const flush of flushes) flush()
    await answer
    await settled()
    expect(markers(0)).toHaveLength(1)
    expect(state()).toBe('PrepareCommit')
    marked()
    await settled()
    expect(state()).toBe('CompleteCommit')
  })
})

function heldFlush(store: { flushing: Promise<void> | null }): () => void {
  let done = () => {}
  store.flushing = new Promise((resolve) => {
    done = () => {
      store.flushing = null
      resolve()
    }
  })
  return () => done()
}
