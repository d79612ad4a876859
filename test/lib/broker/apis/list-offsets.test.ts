import { beforeEach, describe, expect, it } from 'vitest'
import { FailedError } from '../../../../src/lib/errors.ts'
import { deleteRecords } from '../../../../src/lib/protocol/apis/delete-records.ts'
import { listOffsets } from '../../../../src/lib/protocol/apis/list-offsets.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { NodeRig } from './node-rig.ts'
import { sentBatch } from './record-batches.ts'

const UNSUPPORTED_VERSION = 35
const INVALID_REQUEST = 42
const STORAGE_ERROR = 56

let rig: NodeRig

/** Two records a batch, in the order that the producers' clocks had it. */
beforeEach(async () => {
  rig = await NodeRig.open({ topics: [{ name: 'orders', partitions: 2 }] })
  for (const timestamp of [1000, 3000, 2000]) {
    const records = sentBatch([{ timestamp }, { timestamp: timestamp + 1 }])
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
    await rig.ask(produce, 12, { acks: -1, timeoutMs: 1000, topicData })
  }
})

async function list(
  time: number,
  { version = 11, index = 0, currentLeaderEpoch = -1, isolationLevel = 0 } = {},
) {
  const partition = { partitionIndex: index, timestamp: BigInt(time), currentLeaderEpoch }
  const topics = [{ name: 'orders', partitions: [partition] }]
  const answer = await rig.ask(listOffsets, version, { replicaId: -1, isolationLevel, topics })
  const { errorCode = 0, offset, timestamp, leaderEpoch } = answer.topics[0]?.partitions[0] ?? {}
  return errorCode === 0 ? [Number(offset), Number(timestamp), leaderEpoch] : `error ${errorCode}`
}

async function deleteBelow(offset: number) {
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: BigInt(offset) }] }]
  const answer = await rig.ask(deleteRecords, 2, { topics, timeoutMs: 1000 })
  const { errorCode, lowWatermark } = answer.topics[0]?.partitions[0] ?? {}
  return errorCode === 0 ? Number(lowWatermark) : `error ${errorCode}`
}

describe('ListOffsets', () => {
  it.each([
    [-1, [6, -1, 0]],
    [-2, [0, -1, 0]],
    [-3, [3, 3001, 0]],
    [-4, [0, -1, 0]],
    [-5, [-1, -1, -1]],
    [-6, [-1, -1, -1]],
    [0, [0, 1000, 0]],
    [1001, [1, 1001, 0]],
    [1002, [2, 3000, 0]],
    [3001, [3, 3001, 0]],
    [3002, [-1, -1, -1]],
  ])('finds %i as Kafka does', async (time, found) => {
    expect(await list(time)).toEqual(found)
  })

  it.each([
    [-1, [0, -1, 0]],
    [-2, [0, -1, 0]],
    [-3, [-1, -1, -1]],
    [0, [-1, -1, -1]],
  ])('finds %i of an empty partition as Kafka does', async (time, found) => {
    expect(await list(time, { index: 1 })).toEqual(found)
  })

  it.each([
    [-3, 6],
    [-4, 7],
    [-5, 8],
    [-6, 10],
    [-7, 11],
  ])('does not know %i in version %i', async (time, version) => {
    expect(await list(time, { version })).toBe(`error ${UNSUPPORTED_VERSION}`)
    if (version < 11) expect(await list(time, { version: version + 1 })).not.toContain('error')
  })

  it('finds nothing in an open transaction for who reads what is committed', async () => {
    const producer = { producerId: 7, producerEpoch: 0 }
    rig.partition().append([{ key: Buffer.from('k'), value: null }], producer)
    const time = rig.clock.nowMs()
    expect(await list(time)).toEqual([6, time, 0])
    expect(await list(time, { isolationLevel: 1 })).toEqual([-1, -1, -1])
    expect(await list(-1, { isolationLevel: 1 })).toEqual([6, -1, 0])
    expect(await list(-1)).toEqual([7, -1, 0])
  })

  it('says which epoch is not in force', async () => {
    expect(await list(-1, { currentLeaderEpoch: 5 })).toBe('error 75')
    rig.partition().lead(rig.node.id, 3, true)
    expect(await list(-1, { currentLeaderEpoch: 0 })).toBe('error 74')
    expect(await list(-1, { currentLeaderEpoch: 3 })).toEqual([6, -1, 3])
  })

  it('refuses partitions that are asked for twice, and answers the others', async () => {
    const partitions = [0, 1, 0].map((partitionIndex) => ({ partitionIndex, timestamp: -1n }))
    const { topics } = await rig.ask(listOffsets, 11, {
      replicaId: -1,
      topics: [{ name: 'orders', partitions }],
    })
    expect(topics[0]?.partitions.map((each) => [each.partitionIndex, each.errorCode])).toEqual([
      [0, INVALID_REQUEST],
      [1, 0],
    ])
  })
})

describe('DeleteRecords', () => {
  it('moves the log start, and never back', async () => {
    expect(await deleteBelow(3)).toBe(3)
    expect(await deleteBelow(1)).toBe(3)
    expect(await list(-2)).toEqual([3, -1, 0])
    expect(await list(0)).toEqual([3, 3001, 0])
  })

  it('takes −1 for all there is, and refuses what is beyond', async () => {
    expect(await deleteBelow(7)).toBe('error 1')
    expect(await deleteBelow(-2)).toBe('error 1')
    expect(await deleteBelow(-1)).toBe(6)
    expect(await list(-2)).toEqual([6, -1, 0])
    expect(await list(0)).toEqual([-1, -1, -1])
  })
})

describe('a disk that refuses', () => {
  const refuse = () => {
    throw new FailedError('disk-error', 'input/output error')
  }

  it('is the trouble of its partition, and not of all that was asked for', async () => {
    const { log } = rig.partition('orders', 0)
    log.findByTime = refuse
    log.raiseLogStart = refuse
    expect(await list(2000)).toBe(`error ${STORAGE_ERROR}`)
    expect(await list(2000, { index: 1 })).toEqual([-1, -1, -1])
    expect(await deleteBelow(3)).toBe(`error ${STORAGE_ERROR}`)
    expect(rig.lines).toContainEqual(expect.stringContaining('cannot write or read'))
  })
})
