import { beforeEach, describe, expect, it } from 'vitest'
import { addPartitionsToTxn } from '../../../../src/lib/protocol/apis/add-partitions-to-txn.ts'
import { listTransactions } from '../../../../src/lib/protocol/apis/list-transactions.ts'
import { offsetCommit } from '../../../../src/lib/protocol/apis/offset-commit.ts'
import { offsetDelete } from '../../../../src/lib/protocol/apis/offset-delete.ts'
import { errorCodes } from '../../../../src/lib/protocol/error-codes.ts'
import { NodeRig } from './node-rig.ts'

const { UNKNOWN_TOPIC_OR_PARTITION, OPERATION_NOT_ATTEMPTED, TOPIC_AUTHORIZATION_FAILED } = errorCodes

let rig: NodeRig

beforeEach(async () => {
  rig = await NodeRig.open({ topics: [{ name: 'orders', partitions: 2 }] })
  rig.node.groups.createTopic()
})

async function committed(topics: readonly [name: string, ...partitions: number[]][]) {
  const answer = await rig.ask(offsetCommit, 8, {
    groupId: 'billing',
    topics: topics.map(([name, ...partitions]) => ({
      name,
      partitions: partitions.map((partitionIndex) => ({ partitionIndex, committedOffset: 5n })),
    })),
  })
  return answer.topics.map(({ name, partitions }) => [name, partitions.map((each) => Object.values(each))])
}

describe('a commit', () => {
  it('answers a topic as often as it is named', async () => {
    const found = await committed([
      ['orders', 0, 1],
      ['orders', 0],
    ])
    const ok = (partition: number) => [partition, 0]
    expect(found).toEqual([
      ['orders', [ok(0), ok(1)]],
      ['orders', [ok(0)]],
    ])
  })

  it('answers it once where a partition was refused, and what was refused first', async () => {
    const found = await committed([
      ['orders', 0, 7],
      ['nowhere', 1],
      ['orders', 1],
    ])
    const refused = (partition: number) => [partition, UNKNOWN_TOPIC_OR_PARTITION]
    expect(found).toEqual([
      ['orders', [refused(7), [0, 0], [1, 0]]],
      ['nowhere', [refused(1)]],
    ])
  })

  it('names an unknown topic even where no partition of it is asked for, and a known one not', async () => {
    expect(await committed([['orders'], ['nowhere']])).toEqual([['nowhere', []]])
  })
})

describe('OffsetDelete', () => {
  it('says that there is no such group before it says anything of partitions', async () => {
    const topics = [{ name: 'nowhere', partitions: [{ partitionIndex: 0 }] }]
    for (const asked of [[], topics]) {
      const answer = await rig.ask(offsetDelete, 0, { groupId: 'billing', topics: asked })
      expect(answer).toMatchObject({ errorCode: errorCodes.GROUP_ID_NOT_FOUND, topics: [] })
    }
  })
})

describe('AddPartitionsToTxn', () => {
  const added = async (topics: { name: string; partitions: number[] }[]) => {
    const request = { v3AndBelowTransactionalId: 'etl', v3AndBelowTopics: topics }
    const { resultsByTopicV3AndBelow } = await rig.ask(addPartitionsToTxn, 3, request)
    return resultsByTopicV3AndBelow.map(({ name, resultsByPartition }) => [
      name,
      ...resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => [
        partitionIndex,
        partitionErrorCode,
      ]),
    ])
  }

  it('tells of each partition once where one is refused', async () => {
    const found = await added([
      { name: 'orders', partitions: [0, 0] },
      { name: 'orders', partitions: [7] },
      { name: 'nowhere', partitions: [] },
    ])
    expect(found).toEqual([['orders', [0, OPERATION_NOT_ATTEMPTED], [7, UNKNOWN_TOPIC_OR_PARTITION]]])
  })

  it('gives clients no partitions of internal topics', async () => {
    const found = await added([{ name: '__consumer_offsets', partitions: [0] }])
    expect(found).toEqual([['__consumer_offsets', [0, TOPIC_AUTHORIZATION_FAILED]]])
  })
})

it('tells once of a state of transactions that there is not', async () => {
  const { unknownStateFilters } = await rig.ask(listTransactions, 0, { stateFilters: ['x', 'Empty', 'x'] })
  expect(unknownStateFilters).toEqual(['x'])
})
