import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { endTxn } from '../../src/lib/protocol/apis/end-txn.ts'
import { fetch } from '../../src/lib/protocol/apis/fetch.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { initProducerId } from '../../src/lib/protocol/apis/init-producer-id.ts'
import { listOffsets } from '../../src/lib/protocol/apis/list-offsets.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { openRecords } from '../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../src/lib/records/scan-batches.ts'
import { randomDraw, seedOfRun } from '../random.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { java } from './kafka/java.ts'
import { Connection } from './wire/connection.ts'
import { eventually, TRANSACTION, untilCoordinated } from './wire/coordinators.ts'

const seed = seedOfRun()
const topic = `compacted-${seed}`
const dataDir = mkdtempSync(join(tmpdir(), 'ktool-compaction-'))
const [SET, TOPIC, BROKER] = [0, 2, 4]
/** Both clean it as a whole, in one round: it is too young until all is written. */
const configs = {
  'cleanup.policy': 'compact',
  'internal.segment.bytes': '3000',
  'min.compaction.lag.ms': '600000',
  'min.cleanable.dirty.ratio': '0.001',
}

let ours: BrokerInProcess
let connections: { readonly kafka: Connection; readonly ktool: Connection }

beforeAll(async () => {
  ours = await brokerInProcess({ dataDir, settings: { 'log.cleaner.backoff.ms': '200' } })
  const kafka = await Connection.open(inject('kafka').ports.plain)
  connections = { kafka, ktool: await Connection.open(ours.port) }
  await set(kafka, BROKER, '', 'log.cleaner.backoff.ms', '200')
})

afterAll(async () => {
  await set(connections.kafka, BROKER, '', 'log.cleaner.backoff.ms', '15000')
  connections.kafka.close()
  connections.ktool.close()
  await ours.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

describe(`the same log, compacted by Apache Kafka and here, seed ${seed}`, () => {
  it('has the same batches with the same records, and is whole to kafka-dump-log', async () => {
    const now = Date.now()
    const before: Awaited<ReturnType<typeof read>>[] = []
    for (const connection of Object.values(connections)) before.push(await write(connection, now))
    expect(before[1]).toEqual(before[0])
    for (const connection of Object.values(connections)) {
      await set(connection, TOPIC, topic, 'min.compaction.lag.ms', '0')
    }
    const cleaned = await eventually(async () => {
      const [kafka, ktool] = [await read(connections.kafka), await read(connections.ktool)]
      expect(kafka.length).toBeLessThan(before[0]?.length ?? 0)
      expect(ktool).toEqual(kafka)
      return kafka
    })
    expect(cleaned.some(({ hasHorizon }) => hasHorizon)).toBe(true)
    expect(cleaned.some(({ isControl, count }) => isControl && count === 1)).toBe(true)
    const folder = join(dataDir, `${topic}-0`)
    const files = readdirSync(folder).filter((name) => /\.(log|index|timeindex|txnindex)$/.test(name))
    const paths = files.map((name) => join(folder, name)).join(',')
    const said = await java('org.apache.kafka.tools.DumpLogSegments', ['--deep-iteration', '--files', paths])
    expect(said).toMatch(/isvalid: true/)
    // The indexes of the last segment are as large as they may become.
    expect(said).not.toMatch(/isvalid: false|Mismatches|invalid bytes|corrupt/i)
  }, 60_000)
})

/** Plain records, those of an idempotent producer, and transactions of another, by chance. Returns what is there then. */
async function write(connection: Connection, now: number) {
  const draw = randomDraw(seed)
  const below = (limit: number) => Math.floor(draw() * limit)
  const entries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  const topics = [{ name: topic, numPartitions: 1, replicationFactor: 1, configs: entries }]
  await connection.ask(createTopics, 5, { topics, timeoutMs: 10_000 })
  const transactionalId = `${topic}-id`
  await untilCoordinated(connection, TRANSACTION, [transactionalId])
  const plain = { producerId: -1n, producerEpoch: -1 }
  const idempotent = await identity(connection, null)
  let transactional = await identity(connection, transactionalId)
  const sequences = [0, 0]
  for (let i = 0; i < 120; i++) {
    const kind = below(4)
    const who = [plain, idempotent, transactional, plain][kind] ?? plain
    const count = 1 + below(6)
    const isTransactional = kind === 2
    const writer = new BatchWriter({
      producerId: Number(who.producerId),
      producerEpoch: who.producerEpoch,
      baseSequence: who === plain ? -1 : (sequences[kind - 1] ?? 0),
      isTransactional,
      codec: below(4) === 0 ? 'gzip' : 'none',
    })
    if (who !== plain) sequences[kind - 1] = (sequences[kind - 1] ?? 0) + count
    for (let n = 0; n < count; n++) {
      const value = below(5) === 0 ? null : Buffer.from(`${i} ${n} ${'v'.repeat(below(60))}`)
      writer.append({ timestamp: now + i, key: Buffer.from(`key ${below(30)}`), value, headers: [] })
    }
    const partitionData = [{ index: 0, records: writer.finish() }]
    const topicData = [{ name: topic, partitionData }]
    const request = {
      transactionalId: isTransactional ? transactionalId : null,
      acks: -1,
      timeoutMs: 10_000,
      topicData,
    }
    await eventually(async () => {
      const { responses } = await connection.ask(produce, 12, request)
      expect(responses[0]?.partitionResponses[0]?.errorCode).toBe(0)
    })
    if (!isTransactional || below(2) === 0) continue
    transactional = await end(connection, transactionalId, transactional, below(2) === 0)
    sequences[1] = 0
  }
  await end(connection, transactionalId, transactional, true)
  return read(connection)
}

interface Identity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

function identity(connection: Connection, transactionalId: string | null): Promise<Identity> {
  const request = { transactionalId, transactionTimeoutMs: 60_000, producerId: -1n, producerEpoch: -1 }
  return eventually(async () => {
    const answer = await connection.ask(initProducerId, 4, request)
    expect(answer.errorCode).toBe(0)
    return answer
  })
}

/** Once its marker is there, nobody can come before it. */
async function end(connection: Connection, transactionalId: string, who: Identity, committed: boolean) {
  const { producerId, producerEpoch } = who
  const answer = await eventually(async () => {
    const said = await connection.ask(endTxn, 5, { transactionalId, producerId, producerEpoch, committed })
    expect([0, 48]).toContain(said.errorCode)
    return said
  })
  await eventually(async () => expect(await endOffset(connection, 1)).toBe(await endOffset(connection, 0)))
  return answer.errorCode === 0 ? answer : who
}

async function endOffset(connection: Connection, isolationLevel: number): Promise<bigint> {
  const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1n }]
  const topics = [{ name: topic, partitions }]
  const answer = await connection.ask(listOffsets, 7, { replicaId: -1, isolationLevel, topics })
  return answer.topics[0]?.partitions[0]?.offset ?? -1n
}

async function read(connection: Connection) {
  const found: ReturnType<typeof tell>[] = []
  for (let fetchOffset = 0n; ; ) {
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20 }]
    const wish = { maxWaitMs: 0, minBytes: 0, maxBytes: 1 << 20, topics: [{ topic, partitions }] }
    const { responses } = await connection.ask(fetch, 11, wish)
    const records = responses[0]?.partitions[0]?.records ?? null
    if (records === null || records.length === 0) return found
    for (const batch of scanBatches(Buffer.from(records))) {
      if (batch.kind !== 'batch') continue
      found.push(tell(batch))
      fetchOffset = BigInt(batch.lastOffset) + 1n
    }
  }
}

/** All but who wrote it, and when it was cleaned. */
function tell(batch: RecordBatch) {
  const { baseOffset, lastOffset, count, isTransactional, isControl, codec, producerEpoch, baseSequence } =
    batch
  const records: unknown[] = []
  const cursor = openRecords(batch)
  while (cursor.next()) {
    const { offset, timestamp, key, value } = cursor
    records.push([offset, isControl ? null : timestamp, String(key), value === null ? null : String(value)])
  }
  const rest = { isTransactional, isControl, codec, producerEpoch, baseSequence, records }
  return { baseOffset, lastOffset, count, hasHorizon: batch.deleteHorizonMs !== null, ...rest }
}

async function set(
  connection: Connection,
  resourceType: number,
  resourceName: string,
  name: string,
  value: string,
) {
  const resources = [{ resourceType, resourceName, configs: [{ name, configOperation: SET, value }] }]
  const { responses } = await connection.ask(incrementalAlterConfigs, 1, { resources, validateOnly: false })
  expect(responses[0]?.errorMessage ?? null).toBe(null)
}
