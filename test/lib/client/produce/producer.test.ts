import { describe, expect, it } from 'vitest'
import type { ProduceSettings } from '../../../../src/lib/client/produce/produce-settings.ts'
import { Producer } from '../../../../src/lib/client/produce/producer.ts'
import type { SentBatch } from '../../../../src/lib/client/produce/sent-batch.ts'
import { initProducerId } from '../../../../src/lib/protocol/apis/init-producer-id.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { errorCodes } from '../../../../src/lib/protocol/error-codes.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { batchAt } from '../../../../src/lib/records/scan-batches.ts'
import { clusterAt } from '../../../support/live-writer.ts'
import {
  answers,
  HANG_UP,
  type ScriptedPeer,
  type SILENCE,
  scriptedPeer,
} from '../../../support/scripted-peer.ts'

interface Told {
  readonly errorCode: number
  readonly baseOffset?: bigint
  readonly recordErrors?: readonly { batchIndex: number; batchIndexErrorMessage: string | null }[]
}

type Script = readonly (Told | typeof HANG_UP | typeof SILENCE)[]

const WRITTEN: Told = { errorCode: 0, baseOffset: 40n }

/** A broker with one topic of one partition; it answers produce requests from a list, and then writes all. */
async function peerOf(
  script: Script,
  leaders: readonly number[] = [1],
  refusals: readonly number[] = [],
): Promise<ScriptedPeer> {
  const left = [...script]
  const refused = [...refusals]
  const led = [...leaders]
  const peer: ScriptedPeer = await scriptedPeer([
    answers(initProducerId, () => ({ errorCode: refused.shift() ?? 0, producerId: 7n, producerEpoch: 2 })),
    answers(metadata, ({ topics }) => ({
      brokers: [{ nodeId: 1, host: '127.0.0.1', port: peer.port, rack: null }],
      clusterId: 'scripted',
      controllerId: 1,
      topics: (topics ?? []).map(({ name }) => {
        const leaderId = (led.length > 1 ? led.shift() : led[0]) ?? 1
        const partition = {
          partitionIndex: 0,
          leaderId,
          replicaNodes: [1],
          isrNodes: [1],
          errorCode: leaderId < 0 ? 5 : 0,
        }
        return { name, errorCode: 0, partitions: [partition] }
      }),
    })),
    answers(produce, () => {
      const told = left.shift() ?? WRITTEN
      if (typeof told === 'symbol') return told
      return {
        responses: [{ name: 't', partitionResponses: [{ index: 0, baseOffset: -1n, ...told }] }],
      } as never
    }),
  ])
  return peer
}

const settings: ProduceSettings = {
  topic: 't',
  acks: -1,
  packing: { codec: 'none', level: undefined },
  lingerMs: 60_000,
  batchSizeBytes: 100_000,
  deliveryMs: 10_000,
  transaction: null,
}

/** Sends values, and returns what became of them, once all is over. */
async function sent(peer: ScriptedPeer, values: readonly string[], wish: Partial<ProduceSettings> = {}) {
  const cluster = clusterAt(peer.bootstrap)
  const producer = await Producer.open(cluster, { ...settings, ...wish })
  for (const [i, value] of values.entries()) {
    producer.add(0, i + 1, { timestamp: 1, key: null, value: Buffer.from(value) })
  }
  producer.flush()
  const told: SentBatch[] = []
  while (!producer.isEmpty) {
    await producer.bell.rung()
    told.push(...producer.take())
  }
  told.push(...producer.take())
  await producer.end(true)
  await cluster.close()
  return { told: told.map(inShort), fatal: producer.fatal?.code }
}

function inShort(told: SentBatch) {
  const { places } = told
  return told.kind === 'written' ? { places, offset: told.baseOffset } : { places, code: told.error.code }
}

/** The batches that were asked to be written: their numbers and their values. */
function batches(peer: ScriptedPeer) {
  return peer.of(produce).map(({ question }) => {
    const { topicData } = question as { topicData: { partitionData: { records: Buffer }[] }[] }
    const batch = batchAt(topicData[0]?.partitionData[0]?.records ?? Buffer.alloc(0), 0)
    if (batch.kind !== 'batch') throw new Error('no batch')
    const cursor = openRecords(batch)
    const values: string[] = []
    while (cursor.next()) values.push(String(cursor.value))
    const { producerId, producerEpoch, baseSequence } = batch
    return { id: [producerId, producerEpoch], baseSequence, values }
  })
}

describe('a batch is sent again, as the same one,', () => {
  it('when the broker hangs up instead of answering', async () => {
    await using peer = await peerOf([HANG_UP])
    expect((await sent(peer, ['a', 'b'])).told).toEqual([{ places: [1, 2], offset: 40 }])
    const batch = { id: [7, 2], baseSequence: 0, values: ['a', 'b'] }
    expect(batches(peer)).toEqual([batch, batch])
  })

  it('when the leader has moved, or has too few replicas for now', async () => {
    const script = [
      { errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER },
      { errorCode: errorCodes.NOT_ENOUGH_REPLICAS },
    ]
    await using peer = await peerOf(script)
    expect((await sent(peer, ['a'])).told).toEqual([{ places: [1], offset: 40 }])
    expect(batches(peer).map(({ baseSequence }) => baseSequence)).toEqual([0, 0, 0])
  })

  it('once there is a leader', async () => {
    await using peer = await peerOf([], [-1, -1, 1])
    const first = await sent(peer, ['a'])
    expect(first).toEqual({ told: [{ places: [1], offset: 40 }], fatal: undefined })
  })
})

it('what was written before, and not answered, is not written twice', async () => {
  await using peer = await peerOf([HANG_UP, { errorCode: errorCodes.DUPLICATE_SEQUENCE_NUMBER }])
  expect(await sent(peer, ['a'])).toEqual({ told: [{ places: [1], offset: null }], fatal: undefined })
})

it('the records of each batch are numbered on, also after one that was refused', async () => {
  await using peer = await peerOf([WRITTEN, { errorCode: errorCodes.MESSAGE_TOO_LARGE }, WRITTEN])
  const { told, fatal } = await sent(peer, ['a', 'b', 'c'], { batchSizeBytes: 1 })
  expect(told).toEqual([
    { places: [1], offset: 40 },
    { places: [2], code: 'message-too-large' },
    { places: [3], offset: 40 },
  ])
  expect(fatal).toBeUndefined()
  expect(batches(peer).map(({ baseSequence }) => baseSequence)).toEqual([0, 1, 1])
})

it('records that the broker names are left out, and the others sent again without them', async () => {
  const recordErrors = [{ batchIndex: 1, batchIndexErrorMessage: 'no key' }]
  await using peer = await peerOf([{ errorCode: errorCodes.INVALID_RECORD, recordErrors }])
  const { told } = await sent(peer, ['a', 'b', 'c'])
  expect(told).toEqual([
    { places: [2], code: 'invalid-record' },
    { places: [1, 3], offset: 40 },
  ])
  expect(batches(peer).map(({ values }) => values)).toEqual([
    ['a', 'b', 'c'],
    ['a', 'c'],
  ])
})

it('a batch that is too large is sent in halves, in their order', async () => {
  await using peer = await peerOf([{ errorCode: errorCodes.MESSAGE_TOO_LARGE }])
  expect((await sent(peer, ['a', 'b', 'c'])).told).toEqual([
    { places: [1, 2], offset: 40 },
    { places: [3], offset: 40 },
  ])
  expect(batches(peer).map(({ baseSequence, values }) => [baseSequence, values])).toEqual([
    [0, ['a', 'b', 'c']],
    [0, ['a', 'b']],
    [2, ['c']],
  ])
})

describe('where the broker has lost count, records are numbered anew in a new epoch', () => {
  it.each(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID'] as const)('%s', async (name) => {
    await using peer = await peerOf([WRITTEN, { errorCode: errorCodes[name] }])
    const { told, fatal } = await sent(peer, ['a', 'b', 'c'], { batchSizeBytes: 1 })
    expect(fatal).toBeUndefined()
    expect(told.map(({ places }) => places)).toEqual([[1], [2], [3]])
    expect(batches(peer)).toEqual([
      { id: [7, 2], baseSequence: 0, values: ['a'] },
      { id: [7, 2], baseSequence: 1, values: ['b'] },
      { id: [7, 3], baseSequence: 0, values: ['b'] },
      { id: [7, 3], baseSequence: 1, values: ['c'] },
    ])
  })

  it('but not those that may have been written already', async () => {
    await using peer = await peerOf([WRITTEN, HANG_UP, { errorCode: errorCodes.UNKNOWN_PRODUCER_ID }])
    const { told, fatal } = await sent(peer, ['a', 'b'], { batchSizeBytes: 1 })
    expect(told).toEqual([
      { places: [1], offset: 40 },
      { places: [2], code: 'unknown-producer-id' },
    ])
    expect(fatal).toBe('unknown-producer-id')
  })
})

describe('nothing more is written', () => {
  it('after a batch of which nobody knows whether it was', async () => {
    await using peer = await peerOf(Array(20).fill(HANG_UP))
    const { told, fatal } = await sent(peer, ['a', 'b'], { batchSizeBytes: 1, deliveryMs: 200 })
    expect(fatal).toBe('connection-closed')
    expect(told).toEqual([
      { places: [1], code: 'connection-closed' },
      { places: [2], code: 'connection-closed' },
    ])
    expect(new Set(batches(peer).map(({ values }) => values.join()))).toEqual(new Set(['a']))
  })

  it('where the broker does not go on with the producer', async () => {
    await using peer = await peerOf([{ errorCode: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER }])
    expect(await sent(peer, ['a'])).toEqual({
      told: [{ places: [1], code: 'out-of-order-sequence-number' }],
      fatal: 'out-of-order-sequence-number',
    })
  })

  it('where it is not allowed', async () => {
    await using peer = await peerOf([{ errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED }])
    expect((await sent(peer, ['a'])).fatal).toBe('topic-authorization-failed')
  })
})

it('a broker that is still reading its state is waited for', async () => {
  await using peer = await peerOf([], [1], [errorCodes.COORDINATOR_LOAD_IN_PROGRESS])
  expect((await sent(peer, ['a'])).told).toEqual([{ places: [1], offset: 40 }])
})

it('a producer that asks for less than all replicas has no number', async () => {
  await using peer = await peerOf([])
  await sent(peer, ['a'], { acks: 1 })
  expect(peer.of(initProducerId)).toEqual([])
  expect(batches(peer)).toEqual([{ id: [-1, -1], baseSequence: -1, values: ['a'] }])
})
