/**
 * Compaction by the local broker of a log of some hundred megabytes, and what a client that produces meanwhile waits
 * for its answers, with what it waits where nothing is compacted. Needs a build. KTOOL_BENCH_MIB says how large the log is.
 */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { Connection } from '../conformance/wire/connection.ts'
import { startOurs } from './broker/brokers.ts'

const MIB = Number(process.env.KTOOL_BENCH_MIB ?? 300)
const KEYS = 100_000
const BATCH_BYTES = 64 * 1024
const IDLE_MS = 3000
const VERSION = 7
const [SET, TOPIC, BROKER] = [0, 2, 4]
const table = {
  'cleanup.policy': 'compact',
  'segment.bytes': '67108864',
  'min.compaction.lag.ms': '86400000',
}

const say = (line: string) => void process.stdout.write(`${line}\n`)
const broker = await startOurs()
const [client, admin] = [await Connection.open(broker.port), await Connection.open(broker.port)]
try {
  await set(BROKER, '', 'log.cleaner.backoff.ms', '100')
  await create('small', {})
  for (const valueBytes of [100, 1000]) await measure(`table-${valueBytes}`, valueBytes)
} finally {
  client.close()
  admin.close()
  await broker.stop()
  rmSync(broker.dataDir, { recursive: true, force: true })
}

async function measure(name: string, valueBytes: number): Promise<void> {
  await create(name, table)
  for (let written = 0; written < MIB * 2 ** 20; written += BATCH_BYTES) await send(name, batchOf(valueBytes))
  const idle = await roundTrips(() => performance.now() - idleSince > IDLE_MS)
  const start = performance.now()
  await set(TOPIC, name, 'min.compaction.lag.ms', '0')
  const busy = await roundTrips(() => isCompacted(name))
  const seconds = (performance.now() - start) / 1000
  const rate = (MIB * 2 ** 20) / 1e6 / seconds
  const [before, during] = [percentile(idle, 0.99), percentile(busy, 0.99)]
  const held = (is: boolean) => (is ? '' : '  MISSED')
  say(
    `values of ${valueBytes} bytes: ${Math.round(rate)} MB/s (held to 100)${held(rate >= 100)};` +
      ` produce p99 ${during.toFixed(2)} ms, ${before.toFixed(2)} ms when idle: ${(during / before).toFixed(1)}×` +
      ` (held to 5)${held(during <= 5 * before)}; resident ${Math.round(broker.residentMiB())} MiB`,
  )
}

let idleSince = 0

async function roundTrips(isOver: () => boolean): Promise<number[]> {
  const times: number[] = []
  const batch = batchOf(100, 1)
  idleSince = performance.now()
  for (let i = 0; i % 16 !== 0 || !isOver(); i++) {
    const start = performance.now()
    await send('small', batch)
    times.push(performance.now() - start)
  }
  return times
}

/** The broker notes how far it has come once a round is over. */
function isCompacted(topic: string): boolean {
  try {
    return readFileSync(join(broker.dataDir, 'cleaner-offset-checkpoint'), 'utf8').includes(`${topic} 0 `)
  } catch {
    return false
  }
}

function percentile(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? Number.NaN
}

function batchOf(valueBytes: number, mostRecords = Number.POSITIVE_INFINITY): Buffer {
  const writer = new BatchWriter({ codec: 'none' })
  const value = Buffer.alloc(valueBytes, 'x')
  for (let i = 0; i < mostRecords && writer.sizeBytes < BATCH_BYTES; i++) {
    const key = Buffer.from(`key ${Math.floor(Math.random() * KEYS)}`)
    writer.append({ key, value, timestamp: Date.now(), headers: [] })
  }
  return writer.finish()
}

async function send(name: string, records: Buffer): Promise<void> {
  const partitionData = [{ index: 0, records }]
  await client.ask(produce, VERSION, { acks: 1, timeoutMs: 1000, topicData: [{ name, partitionData }] })
}

async function create(name: string, configs: Record<string, string>): Promise<void> {
  const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  const topics = [{ name, numPartitions: 1, replicationFactor: 1, configs: entries }]
  await admin.ask(createTopics, 5, { topics, timeoutMs: 10_000 })
}

async function set(resourceType: number, resourceName: string, name: string, value: string): Promise<void> {
  const resources = [{ resourceType, resourceName, configs: [{ name, configOperation: SET, value }] }]
  await admin.ask(incrementalAlterConfigs, 1, { resources, validateOnly: false })
}
