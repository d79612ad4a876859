import { beforeEach, describe, expect, it } from 'vitest'
import { closeConnection, neverAnswered, noResponse } from '../../../../src/lib/broker/apis/handler.ts'
import { codecs } from '../../../../src/lib/compression/codec.ts'
import { createTopics } from '../../../../src/lib/protocol/apis/create-topics.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { DefaultRecordBatch } from '../../../../src/lib/records/default-record-batch.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { NodeRig } from './node-rig.ts'
import { forged, type SentRecord, sentBatch } from './record-batches.ts'

const VERSION = 12
const HOUR_MS = 3_600_000

let rig: NodeRig

beforeEach(async () => {
  rig = await NodeRig.open()
})

async function topic(name: string, configs: Record<string, string>): Promise<void> {
  const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  await rig.ask(createTopics, 5, {
    topics: [{ name, numPartitions: 1, replicationFactor: 1, configs: entries }],
    timeoutMs: 1000,
  })
}

function request(records: Buffer | null, to = 'orders', acks = -1) {
  return {
    acks,
    timeoutMs: 1000,
    topicData: [{ name: to, partitionData: [{ index: 0, records }] }],
  }
}

async function send(records: Buffer, to = 'orders', version = VERSION) {
  const { responses } = await rig.ask(produce, version, request(records, to))
  const [answer] = responses[0]?.partitionResponses ?? []
  if (answer === undefined) throw new Error('no answer for the partition')
  return answer
}

function now(...records: Partial<SentRecord>[]): SentRecord[] {
  return records.map((record) => ({ timestamp: rig.clock.nowMs(), ...record }))
}

/** What the log has, batch by batch. */
function stored(of = 'orders'): DefaultRecordBatch[] {
  return [...rig.partition(of).batches()].map(({ raw }) => new DefaultRecordBatch(Buffer.from(raw), 0, 0))
}

describe('Produce', () => {
  it('gives records their offsets and their epoch, and leaves the rest of a batch as it was', async () => {
    const sent = sentBatch(now({}, {}), { partitionLeaderEpoch: 9 })
    expect(await send(Buffer.from(sent))).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(await send(Buffer.from(sent))).toMatchObject({ errorCode: 0, baseOffset: 2n, logStartOffset: 0n })
    const [, second] = stored()
    expect(second?.baseOffset).toBe(2)
    expect(second?.partitionLeaderEpoch).toBe(0)
    expect(second?.raw.subarray(16)).toEqual(sent.subarray(16))
    expect(rig.partition().highWatermark).toBe(4)
  })

  it('stamps records where the topic wants it, and says the time', async () => {
    await topic('stamped', { 'message.timestamp.type': 'LogAppendTime' })
    const answer = await send(sentBatch([{ timestamp: 5 }, { timestamp: 7 }]), 'stamped')
    expect(answer.logAppendTimeMs).toBe(BigInt(rig.clock.nowMs()))
    const [batch] = stored('stamped')
    expect(batch?.timestampType).toBe('LogAppendTime')
    expect(batch?.maxTimestamp).toBe(rig.clock.nowMs())
    expect(batch?.damage()).toBeNull()
  })

  it('corrects the largest time of a batch by its records', async () => {
    const lies = forged(sentBatch(now({})), (batch) => batch.writeBigInt64BE(77n, 35))
    expect((await send(lies)).errorCode).toBe(0)
    expect(stored()[0]?.maxTimestamp).toBe(rig.clock.nowMs())
    expect(stored()[0]?.damage()).toBeNull()
  })

  it.each(codecs.flatMap((from) => codecs.map((to) => [from, to] as const)))(
    'keeps %s records in a topic of %s',
    async (from, to) => {
      await topic('packed', { 'compression.type': to === 'none' ? 'uncompressed' : to })
      const value = 'x'.repeat(300)
      expect(
        (await send(sentBatch(now({ value }, { key: null }), { codec: from }), 'packed')).errorCode,
      ).toBe(0)
      const [batch] = stored('packed')
      if (batch === undefined) throw new Error('nothing was stored')
      expect(batch.codec).toBe(to)
      const records = openRecords(batch)
      expect([records.next(), String(records.value), String(records.key)]).toEqual([true, value, 'k'])
      expect([records.next(), records.offset, records.key]).toEqual([true, 1, null])
      expect(records.next()).toBe(false)
    },
  )

  it('tells which records have a time out of range', async () => {
    const late = rig.clock.nowMs() + 2 * HOUR_MS
    const answer = await send(sentBatch(now({}, { timestamp: late }, {}, { timestamp: late })))
    expect(answer.errorCode).toBe(32)
    expect(answer.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1, 3])
    const limits = `[${BigInt(rig.clock.nowMs()) - (2n ** 63n - 1n)}, ${rig.clock.nowMs() + HOUR_MS}]`
    expect(answer.recordErrors[0]?.batchIndexErrorMessage).toBe(
      `Timestamp ${late} of message with offset 1 is out of range. The timestamp should be within ${limits}`,
    )
    expect((await send(sentBatch([{ timestamp: late }]))).errorCode).toBe(32)
    expect(rig.partition().logEndOffset).toBe(0)
  })

  it('wants a key of each record in a compacted topic', async () => {
    await topic('latest', { 'cleanup.policy': 'compact' })
    const answer = await send(sentBatch(now({ key: null }, {}, { key: null })), 'latest')
    expect(answer.errorCode).toBe(87)
    expect(answer.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 2])
    expect(answer.errorMessage).toContain('due to 2 record errors in total')
    expect((await send(sentBatch(now({ key: '' })), 'latest')).errorCode).toBe(0)
  })

  it('counts a partition that is given twice once, as it was given last', async () => {
    const [first, last] = [sentBatch(now({ value: 'a' })), sentBatch(now({ value: 'b' }, {}))]
    const partitionData = [first, last].map((records) => ({ index: 0, records }))
    const answer = await rig.ask(produce, VERSION, {
      ...{ acks: 1, timeoutMs: 1000 },
      topicData: [{ name: 'orders', partitionData }],
    })
    expect(answer.responses[0]?.partitionResponses).toHaveLength(1)
    expect(rig.partition().logEndOffset).toBe(2)
  })

  it('says nothing to who does not want to know, and hangs up where something is wrong', async () => {
    expect(await rig.outcome(produce, VERSION, request(sentBatch(now({})), 'orders', 0))).toBe(noResponse)
    expect(rig.partition().logEndOffset).toBe(1)
    expect(await rig.outcome(produce, VERSION, request(sentBatch(now({})), 'nowhere', 0))).toBe(
      closeConnection,
    )
    expect(await rig.outcome(produce, VERSION, request(null))).toBe(neverAnswered)
  })
})

/** What Apache Kafka 4.3.1 answered to each: its error, and whether it told the log start. */
const refused: readonly [title: string, error: number, start: bigint, batch: () => Buffer][] = [
  ['no bytes', 87, -1n, () => Buffer.alloc(0)],
  ['bytes that are too few', 87, -1n, () => sentBatch(now({})).subarray(0, 40)],
  ['two batches', 87, -1n, () => Buffer.concat([sentBatch(now({})), sentBatch(now({}))])],
  ['zeros behind the batch', 2, -1n, () => Buffer.concat([sentBatch(now({})), Buffer.alloc(12)])],
  ['an impossible length', 2, -1n, () => forged(sentBatch(now({})), (b) => b.writeInt32BE(-1, 8))],
  [
    'a length without room for a header',
    2,
    -1n,
    () => forged(sentBatch(now({})), (b) => b.writeInt32BE(20, 8)),
  ],
  ['an unknown magic', 2, -1n, () => forged(sentBatch(now({})), (b) => b.writeInt8(9, 16))],
  ['magic 1', 87, -1n, () => forged(sentBatch(now({})), (b) => b.writeInt8(1, 16))],
  ['a base offset', 87, 0n, () => forged(sentBatch(now({})), (b) => b.writeBigInt64BE(5n, 0))],
  ['a wrong CRC', 2, -1n, () => Buffer.from(sentBatch(now({})).fill(7, 17, 18))],
  ['a control batch', 87, 0n, () => sentBatch(now({}), { isControl: true })],
  ['no record', 87, 0n, () => forged(sentBatch(now({})), (b) => b.writeInt32BE(0, 57))],
  ['more offsets than records', 87, 0n, () => forged(sentBatch(now({})), (b) => b.writeInt32BE(4, 23))],
  ['more records than there are', 87, 0n, () => counting(2, sentBatch(now({})))],
  ['fewer records than there are', 87, 0n, () => counting(1, sentBatch(now({}, {})))],
  ['an unknown codec', -1, 0n, () => forged(sentBatch(now({})), (b) => b.writeInt16BE(7, 21))],
  ['what is not gzip', -1, 0n, () => forged(sentBatch(now({})), (b) => b.writeInt16BE(1, 21))],
  [
    'compressed records with a gap',
    -1,
    0n,
    () => counting(2, sentBatch(now({}, { offset: 4 }), { codec: 'gzip' })),
  ],
  ['a producer without sequence', 87, 0n, () => sentBatch(now({}), { producerId: 5, producerEpoch: 0 })],
  ['a transaction without its id', 53, -1n, () => sentBatch(now({}), transactional)],
  ['more than max.message.bytes', 10, -1n, () => sentBatch(now({ value: 'x'.repeat(1_048_588) }))],
]
const transactional = { producerId: 5, producerEpoch: 0, baseSequence: 0, isTransactional: true }

function counting(count: number, batch: Buffer): Buffer {
  return forged(batch, (bytes) => {
    bytes.writeInt32BE(count - 1, 23)
    bytes.writeInt32BE(count, 57)
  })
}

describe('Produce refuses', () => {
  it.each(refused)('%s', async (_title, error, start, batch) => {
    expect(await send(batch())).toMatchObject({ errorCode: error, baseOffset: -1n, logStartOffset: start })
    expect(rig.partition().logEndOffset).toBe(0)
  })
})
