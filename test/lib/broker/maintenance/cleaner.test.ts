import { describe, expect, it } from 'vitest'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'
import { createTopics } from '../../../../src/lib/protocol/apis/create-topics.ts'
import { deleteTopics } from '../../../../src/lib/protocol/apis/delete-topics.ts'
import { incrementalAlterConfigs } from '../../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { NodeRig } from '../apis/node-rig.ts'
import { sentBatch } from '../apis/record-batches.ts'

const small = { 'internal.segment.bytes': '400' }
const SET = 0
const TOPIC = 2
const BROKER = 4

describe('the cleaner of a broker', () => {
  it('compacts a topic soon after it is dirty enough, and goes on as more is written', async () => {
    const rig = await withTopic({ 'cleanup.policy': 'compact', ...small })
    for (let i = 0; i < 40; i++) await send(rig, `key ${i % 4}`, `${i}`)
    await rig.clock.pass(16_000)
    const first = keys(rig)
    expect(new Set(first.slice(0, 4))).toEqual(new Set(['key 0', 'key 1', 'key 2', 'key 3']))
    expect(first.length).toBeLessThan(12)
    for (let i = 0; i < 40; i++) await send(rig, `key ${i % 4}`, `${i}`)
    await rig.clock.pass(16_000)
    expect(keys(rig).length).toBeLessThan(12)
    expect([log(rig).logStartOffset, log(rig).logEndOffset]).toEqual([0, 80])
  })

  it('begins where it ended, also after a power cut', async () => {
    const rig = await withTopic({ 'cleanup.policy': 'compact', ...small })
    for (let i = 0; i < 40; i++) await send(rig, `key ${i % 4}`, `${i}`)
    await rig.clock.pass(16_000)
    const { cleanedOffset } = log(rig)
    expect(cleanedOffset).toBeGreaterThan(20)
    const before = keys(rig)
    await rig.losePower()
    expect([log(rig).cleanedOffset, keys(rig)]).toEqual([cleanedOffset, before])
  })

  it('does nothing to a topic that is not compacted, until it is', async () => {
    const rig = await withTopic(small)
    for (let i = 0; i < 40; i++) await send(rig, 'key', `${i}`)
    await rig.clock.pass(40_000)
    expect(keys(rig)).toHaveLength(40)
    await set(rig, TOPIC, 'table', 'cleanup.policy', 'compact')
    await rig.clock.pass(16_000)
    expect(keys(rig).length).toBeLessThan(10)
  })

  it('waits for as long as the topic says', async () => {
    const rig = await withTopic({ 'cleanup.policy': 'compact', 'min.compaction.lag.ms': '60000', ...small })
    for (let i = 0; i < 40; i++) await send(rig, 'key', `${i}`)
    await rig.clock.pass(45_000)
    expect(keys(rig)).toHaveLength(40)
    await rig.clock.pass(45_000)
    expect(keys(rig).length).toBeLessThan(10)
  })

  it('comes sooner, and reads less at a time, once the broker is told so', async () => {
    const rig = await withTopic({ 'cleanup.policy': 'compact', ...small })
    for (let i = 0; i < 40; i++) await send(rig, 'key', `${i}`)
    await set(rig, BROKER, '', 'log.cleaner.backoff.ms', '500')
    await rig.clock.pass(1000)
    expect(keys(rig).length).toBeLessThan(10)
  })

  it('is slow where it may not read and write more', async () => {
    const rig = await withTopic(
      { 'cleanup.policy': 'compact', ...small },
      { 'log.cleaner.io.max.bytes.per.second': '1000' },
    )
    for (let i = 0; i < 40; i++) await send(rig, 'key', `${i}`)
    await rig.clock.pass(17_000)
    expect(keys(rig)).toHaveLength(40)
    await rig.clock.pass(20_000)
    expect(keys(rig).length).toBeLessThan(10)
  })

  it('is not there where it is not wanted', async () => {
    const rig = await withTopic({ 'cleanup.policy': 'compact', ...small }, { 'log.cleaner.enable': 'false' })
    for (let i = 0; i < 40; i++) await send(rig, 'key', `${i}`)
    await rig.clock.pass(100_000)
    expect(keys(rig)).toHaveLength(40)
  })

  it('takes what is old out of a topic that is compacted and deleted from', async () => {
    const policy = { 'cleanup.policy': 'compact,delete', 'retention.ms': '30000', 'segment.ms': '5000' }
    const rig = await withTopic({ ...policy, ...small })
    for (let i = 0; i < 40; i++) await send(rig, `key ${i}`, `${i}`)
    await rig.clock.pass(60_000)
    expect([log(rig).logStartOffset, keys(rig)]).toEqual([40, []])
  })

  it('leaves a log alone in which something is broken, tells it once, and compacts the others', async () => {
    const rig = await withTopic({ 'cleanup.policy': 'compact', ...small }, {}, 2)
    for (let i = 0; i < 40; i++) {
      await send(rig, 'key', `${i}`, 0)
      await send(rig, 'key', `${i}`, 1)
    }
    const { segments } = log(rig)
    const broken = segments[1]?.file
    ;(broken as { readCold: unknown }).readCold = async (into: Buffer) => into.fill(0xee).length
    await rig.clock.pass(60_000)
    expect([keys(rig).length, keys(rig, 1).length < 10]).toEqual([40, true])
    const told = rig.lines.filter((line) => line.startsWith('error'))
    expect(told).toEqual(['error a log cannot be compacted, and is left as it is until the next start'])
  })

  it('gives up a topic that is deleted meanwhile, and begins anew with the next of its name', async () => {
    const settings = { 'log.cleaner.io.max.bytes.per.second': '1000' }
    const rig = await withTopic({ 'cleanup.policy': 'compact', ...small }, settings)
    for (let i = 0; i < 40; i++) await send(rig, 'key', `${i}`)
    await rig.clock.pass(16_000)
    await rig.ask(deleteTopics, 5, { topicNames: ['table'], timeoutMs: 1000 })
    await create(rig, { 'cleanup.policy': 'compact', ...small }, 1)
    await rig.clock.pass(90_000)
    for (let i = 0; i < 40; i++) await send(rig, 'key', `${i}`)
    await rig.clock.pass(90_000)
    expect(keys(rig).length).toBeLessThan(10)
    expect(rig.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })
})

async function withTopic(
  configs: Record<string, string>,
  settings: Record<string, string> = {},
  partitions = 1,
): Promise<NodeRig> {
  const rig = await NodeRig.open({ topics: [], settings })
  await create(rig, configs, partitions)
  return rig
}

async function create(rig: NodeRig, configs: Record<string, string>, numPartitions: number): Promise<void> {
  const entries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  const topics = [{ name: 'table', numPartitions, replicationFactor: 1, configs: entries }]
  const { topics: made } = await rig.ask(createTopics, 5, { topics, timeoutMs: 1000 })
  expect(made[0]?.errorMessage).toBe(null)
}

async function set(rig: NodeRig, resourceType: number, resourceName: string, name: string, value: string) {
  const configs = [{ name, configOperation: SET, value }]
  const resources = [{ resourceType, resourceName, configs }]
  const { responses } = await rig.ask(incrementalAlterConfigs, 1, { resources, validateOnly: false })
  expect(responses[0]?.errorMessage ?? null).toBe(null)
}

async function send(rig: NodeRig, key: string, value: string, index = 0): Promise<void> {
  const records = sentBatch([{ timestamp: rig.clock.nowMs(), key, value }])
  const topicData = [{ name: 'table', partitionData: [{ index, records }] }]
  const { responses } = await rig.ask(produce, 12, { acks: 1, timeoutMs: 1000, topicData })
  expect(responses[0]?.partitionResponses[0]?.errorCode).toBe(0)
}

function log(rig: NodeRig, partition = 0): WritableLog {
  return rig.partition('table', partition).log as WritableLog
}

function keys(rig: NodeRig, partition = 0): string[] {
  const found: string[] = []
  for (const batch of log(rig, partition).batches(log(rig, partition).logStartOffset)) {
    const cursor = openRecords(batch)
    while (cursor.next()) found.push(String(cursor.key))
  }
  return found
}
