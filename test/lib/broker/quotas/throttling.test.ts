import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../src/lib/ports/clock.ts'
import { LeapingClock } from '../../../../src/lib/ports/leaping-clock.ts'
import { alterClientQuotas } from '../../../../src/lib/protocol/apis/alter-client-quotas.ts'
import { createPartitions } from '../../../../src/lib/protocol/apis/create-partitions.ts'
import { createTopics } from '../../../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../../../src/lib/protocol/apis/delete-topics.ts'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
import { listGroups } from '../../../../src/lib/protocol/apis/list-groups.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { Connection } from '../../../conformance/wire/connection.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'
import { sentBatch } from '../apis/record-batches.ts'

const TOPIC = 'orders'
const THROTTLED = 89
const FOREVER_MS = 3_600_000
const PRODUCER = 'producer_byte_rate'
const CONSUMER = 'consumer_byte_rate'
const MUTATIONS = 'controller_mutation_rate'

const clock = new LeapingClock(systemClock(() => process.hrtime()))
let rig: BrokerInProcess
let client: Connection
let admin: Connection

beforeAll(async () => {
  rig = await brokerInProcess({ clock, settings: { 'connections.max.idle.ms': '-1' } })
  admin = await Connection.open(rig.port)
  await admin.ask(createTopics, 5, creation(TOPIC, 1))
})

afterAll(async () => {
  admin.close()
  await rig[Symbol.asyncDispose]()
})

beforeEach(async () => {
  client = await Connection.open(rig.port)
})

const set = new Map<string, Record<string, string | null>>()

afterEach(async () => {
  client.close()
  for (const [key, names] of set) await quota(key, null, names)
  set.clear()
  // Rates are those of the last seconds.
  clock.leap(FOREVER_MS * 2)
})

async function quota(key: string, value: number | null, names: Record<string, string | null>): Promise<void> {
  const entity = Object.entries(names).map(([entityType, entityName]) => ({ entityType, entityName }))
  const ops = [{ key, value: value ?? 0, remove: value === null }]
  const { entries } = await admin.ask(alterClientQuotas, 1, {
    entries: [{ entity, ops }],
    validateOnly: false,
  })
  expect(entries[0]?.errorCode).toBe(0)
  set.set(key, names)
}

const creation = (name: string, numPartitions: number) => ({
  topics: [{ name, numPartitions, replicationFactor: -1, assignments: [], configs: [] }],
  timeoutMs: 5000,
  validateOnly: false,
})

async function produced(sizeBytes: number, connection = client) {
  const records = sentBatch([{ timestamp: clock.nowMs(), value: 'x'.repeat(sizeBytes) }])
  const topicData = [{ name: TOPIC, partitionData: [{ index: 0, records }] }]
  const { throttleTimeMs, responses } = await connection.ask(produce, 9, {
    transactionalId: null,
    acks: 1,
    timeoutMs: 5000,
    topicData,
  })
  expect(responses[0]?.partitionResponses[0]?.errorCode).toBe(0)
  return throttleTimeMs
}

async function fetched(fetchOffset: bigint) {
  const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20 }]
  const { throttleTimeMs, responses } = await client.ask(fetch, 12, {
    maxBytes: 1 << 20,
    sessionEpoch: -1,
    topics: [{ topic: TOPIC, partitions }],
  })
  const bytes = responses[0]?.partitions[0]?.records?.length ?? 0
  return { throttleTimeMs, isEmpty: responses.length === 0, bytes }
}

/** Answered without any time passing but that of the test itself. */
async function isAnsweredAtOnce(asked: Promise<unknown>): Promise<boolean> {
  // Another connection is answered in the meantime, which takes as long.
  const other = await Connection.open(rig.port)
  const waited = (async () => {
    for (let i = 0; i < 5; i++) await other.ask(listGroups, 4, {})
    other.close()
    return false
  })()
  return Promise.race([asked.then(() => true), waited])
}

describe('a producer over its quota', () => {
  it('is told at once how long to wait, and not heard before that', async () => {
    await quota(PRODUCER, 1000, { 'client-id': 'ktool-test' })
    expect(await produced(1000)).toBe(0)
    const waitMs = await produced(20_000)
    // 21 kB in ten seconds, of which the limit is 1 kB each
    expect(waitMs).toBeGreaterThan(10_000)
    expect(waitMs).toBeLessThan(12_500)
    const next = client.ask(listGroups, 4, {})
    expect(await isAnsweredAtOnce(next)).toBe(false)
    clock.leap(waitMs / 2)
    expect(await isAnsweredAtOnce(next)).toBe(false)
    clock.leap(waitMs / 2)
    await next
    expect(await produced(10)).toBe(0)
  })

  it('is held back by the quota of its user, or of all users, where that is nearer', async () => {
    await quota(PRODUCER, 1_000_000, { user: null, 'client-id': null })
    expect(await produced(20_000)).toBe(0)
    await quota(PRODUCER, 100, { user: 'ANONYMOUS' })
    expect(await produced(20_000)).toBeGreaterThan(100_000)
  })

  it('goes free again once there is no quota', async () => {
    await quota(PRODUCER, 100, { user: null })
    await quota(PRODUCER, null, { user: null })
    expect(await produced(20_000)).toBe(0)
  })
})

describe('a consumer over its quota', () => {
  it('gets an empty answer that says how long to wait, and what it wanted afterwards', async () => {
    const producer = await Connection.open(rig.port)
    for (let i = 0; i < 4; i++) await produced(3000, producer)
    producer.close()
    await quota(CONSUMER, 10_000, { 'client-id': null })
    expect(await fetched(0n)).toMatchObject({ throttleTimeMs: 0, isEmpty: false })
    const { throttleTimeMs, isEmpty } = await fetched(0n)
    expect([throttleTimeMs > 0, isEmpty]).toEqual([true, true])
    const again = fetched(0n)
    expect(await isAnsweredAtOnce(again)).toBe(false)
    clock.leap(throttleTimeMs)
    expect((await again).isEmpty).toBe(true)
    clock.leap(FOREVER_MS)
    expect(await fetched(0n)).toMatchObject({ throttleTimeMs: 0, isEmpty: false })
  })

  it('is not given more at once than it may have in a window', async () => {
    await quota(CONSUMER, 500, { user: null })
    // What stands around the records is too much at first, as in Kafka.
    const { throttleTimeMs } = await fetched(0n)
    expect(throttleTimeMs).toBeLessThan(200)
    clock.leap(throttleTimeMs)
    const { bytes } = await fetched(0n)
    expect(bytes).toBeLessThanOrEqual(5000)
    expect(bytes).toBeGreaterThan(0)
  })
})

describe('partitions are created and deleted', () => {
  it('until the quota is overdrawn; then newer clients are refused', async () => {
    await quota(MUTATIONS, 1, { user: null })
    const first = await client.ask(createTopics, 7, creation('strict', 20))
    expect(first.topics[0]?.errorCode).toBe(0)
    expect(first.throttleTimeMs).toBe(0)
    const { throttleTimeMs, topics } = await client.ask(createTopics, 7, creation('refused', 1))
    expect(topics[0]).toMatchObject({
      errorCode: THROTTLED,
      errorMessage: 'The throttling quota has been exceeded.',
    })
    expect(throttleTimeMs).toBeGreaterThan(8000)
    expect(throttleTimeMs).toBeLessThanOrEqual(9000)
    clock.leap(throttleTimeMs)
    const deleted = await client.ask(deleteTopics, 6, { topics: [{ name: 'strict' }], timeoutMs: 5000 })
    expect(deleted.responses[0]?.errorCode).toBe(0)
    const grown = await client.ask(createPartitions, 3, {
      topics: [{ name: TOPIC, count: 2, assignments: null }],
      timeoutMs: 5000,
    })
    expect(grown.results[0]?.errorCode).toBe(THROTTLED)
  })

  it('for older clients all the same, who wait afterwards', async () => {
    await quota(MUTATIONS, 1, { 'client-id': 'ktool-test' })
    const { topics, throttleTimeMs } = await client.ask(createTopics, 5, creation('permissive', 31))
    expect(topics[0]?.errorCode).toBe(0)
    expect(throttleTimeMs).toBeGreaterThan(19_000)
    const next = client.ask(listGroups, 4, {})
    expect(await isAnsweredAtOnce(next)).toBe(false)
    clock.leap(throttleTimeMs)
    await next
  })
})

describe('a client that takes more time than it may', () => {
  it('waits for a window at most, whatever it asks', async () => {
    await quota('request_percentage', 0.0001, { 'client-id': 'ktool-test' })
    let waitMs = 0
    for (let i = 0; i < 5 && waitMs === 0; i++) waitMs = (await client.ask(listGroups, 4, {})).throttleTimeMs
    expect(waitMs).toBeGreaterThan(0)
    expect(waitMs).toBeLessThanOrEqual(1000)
    const next = client.ask(listGroups, 4, {})
    clock.leap(waitMs)
    await next
    // The administrator has the same id here.
    const lifted = quota('request_percentage', null, { 'client-id': 'ktool-test' })
    clock.leap(1000)
    await lifted
  })
})

describe('an address with too many new connections', () => {
  it('has them accepted, not heard, and closed', async () => {
    const other = await Connection.open(rig.port)
    await quota('connection_creation_rate', 1, { ip: '127.0.0.1' })
    const connections = await Promise.all(Array.from({ length: 12 }, () => Connection.open(rig.port)))
    const last = connections.at(-1)?.ask(listGroups, 4, {})
    expect(await isAnsweredAtOnce(other.ask(listGroups, 4, {}))).toBe(true)
    clock.leap(1000)
    await expect(last).rejects.toThrow('closed')
    await connections[0]?.ask(listGroups, 4, {})
    for (const connection of [other, ...connections]) connection.close()
  })
})
