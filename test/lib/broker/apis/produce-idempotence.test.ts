import { beforeEach, describe, expect, it } from 'vitest'
import { describeProducers } from '../../../../src/lib/protocol/apis/describe-producers.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { DefaultRecordBatch } from '../../../../src/lib/records/default-record-batch.ts'
import { NodeRig } from './node-rig.ts'
import { sentBatch } from './record-batches.ts'

const PRODUCER = 4000
const LARGEST = 0x7fffffff
const OUT_OF_ORDER = 45
const OLD_EPOCH = 47

let rig: NodeRig

beforeEach(async () => {
  rig = await NodeRig.open()
})

/** The base offset that the broker says, or its error. */
async function send(baseSequence: number, count = 1, producerEpoch = 0): Promise<number | string> {
  const records = Array.from({ length: count }, () => ({ timestamp: rig.clock.nowMs() }))
  const batch = sentBatch(records, { producerId: PRODUCER, producerEpoch, baseSequence })
  const answer = await rig.ask(produce, 12, {
    ...{ acks: -1, timeoutMs: 1000 },
    topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batch }] }],
  })
  const { errorCode, baseOffset } = answer.responses[0]?.partitionResponses[0] ?? {}
  return errorCode === 0 ? Number(baseOffset) : `error ${errorCode}`
}

describe('an idempotent producer', () => {
  it('has a batch written once, however often it is sent', async () => {
    expect(await send(0, 2)).toBe(0)
    expect(await send(2)).toBe(2)
    expect([await send(0, 2), await send(2)]).toEqual([0, 2])
    expect(rig.partition().logEndOffset).toBe(3)
  })

  it('is told the time of the batch that was there already', async () => {
    await send(0)
    const timestamp = rig.clock.nowMs()
    await rig.clock.pass(5000)
    const batch = sentBatch([{ timestamp }], { producerId: PRODUCER, producerEpoch: 0, baseSequence: 0 })
    const answer = await rig.ask(produce, 12, {
      ...{ acks: 1, timeoutMs: 1000 },
      topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batch }] }],
    })
    expect(answer.responses[0]?.partitionResponses[0]?.logAppendTimeMs).toBe(BigInt(timestamp))
  })

  it('is remembered by its last five batches', async () => {
    for (let sequence = 0; sequence < 7; sequence++) await send(sequence)
    const again = [0, 1, 2, 3, 4, 5, 6].map((sequence) => send(sequence))
    expect(await Promise.all(again)).toEqual([
      ...[`error ${OUT_OF_ORDER}`, `error ${OUT_OF_ORDER}`],
      ...[2, 3, 4, 5, 6],
    ])
  })

  it('may leave no gap, and repeat no part of a batch', async () => {
    await send(0, 3)
    for (const [sequence, count] of [
      [4, 1],
      [1, 2],
      [2, 2],
      [0, 4],
    ] as const) {
      expect(await send(sequence, count)).toBe(`error ${OUT_OF_ORDER}`)
    }
    expect(await send(3)).toBe(3)
  })

  it.each([
    ['whatever sequence it began at', false, 3],
    ['which begins at 0 since KIP-890', true, 0],
  ])('may overtake no batch that its transaction began with, %s', async (_when, isV2, first) => {
    const begin = sentBatch([{ timestamp: 0 }], {
      ...{ producerId: PRODUCER, producerEpoch: 0, baseSequence: first, isTransactional: true },
    })
    rig.partition().beginTransaction(new DefaultRecordBatch(begin, 0, 0), isV2)
    expect(await send(first + 1)).toBe(`error ${OUT_OF_ORDER}`)
    expect([await send(first), await send(first)]).toEqual([0, 0])
  })

  it('counts on from the largest sequence to 0', async () => {
    expect(await send(LARGEST - 1, 4)).toBe(0)
    expect(await send(2)).toBe(4)
    expect(await send(LARGEST - 1, 4)).toBe(0)
  })

  it('has 0 follow the largest sequence', async () => {
    expect([await send(LARGEST), await send(0), await send(LARGEST)]).toEqual([0, 1, 0])
  })

  it('begins each epoch at 0, and none twice', async () => {
    await send(0)
    expect(await send(1, 1, 3)).toBe(`error ${OUT_OF_ORDER}`)
    expect(await send(0, 1, 3)).toBe(1)
    expect(await send(1, 1, 2)).toBe(`error ${OLD_EPOCH}`)
    expect(await send(0, 1, 3)).toBe(1)
  })

  it('may go on anywhere once it is forgotten', async () => {
    const settings = {
      'producer.id.expiration.ms': '5000',
      'producer.id.expiration.check.interval.ms': '1000',
    }
    rig = await NodeRig.open({ settings })
    await send(0)
    await rig.clock.pass(7000)
    const [producers] =
      (await rig.ask(describeProducers, 0, { topics: [{ name: 'orders', partitionIndexes: [0] }] })).topics[0]
        ?.partitions ?? []
    expect(producers?.activeProducers).toEqual([])
    expect(await send(7)).toBe(1)
  })
})
