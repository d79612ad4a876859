import { beforeEach, expect, it } from 'vitest'
import { addOffsetsToTxn } from '../../../../src/lib/protocol/apis/add-offsets-to-txn.ts'
import { initProducerId } from '../../../../src/lib/protocol/apis/init-producer-id.ts'
import { txnOffsetCommit } from '../../../../src/lib/protocol/apis/txn-offset-commit.ts'
import { errorCodes } from '../../../../src/lib/protocol/error-codes.ts'
import { NodeRig } from './node-rig.ts'

let rig: NodeRig
let producer: { producerId: bigint; producerEpoch: number }

const NEITHER = { producerId: -1n, producerEpoch: -1 }
const initialised = () =>
  rig.clock.until(
    rig.ask(initProducerId, 4, { transactionalId: 'etl', transactionTimeoutMs: 60_000, ...NEITHER }),
  )

beforeEach(async () => {
  rig = await NodeRig.open()
  rig.node.groups.createTopic()
  rig.node.transactions.createTopic()
  const { producerId, producerEpoch } = await initialised()
  producer = { producerId, producerEpoch }
  await rig.ask(addOffsetsToTxn, 3, { transactionalId: 'etl', ...producer, groupId: 'billing' })
})

async function commit(transactionalId: string): Promise<number | undefined> {
  const partitions = [{ partitionIndex: 0, committedOffset: 5n }]
  const { topics } = await rig.ask(txnOffsetCommit, 3, {
    transactionalId,
    groupId: 'billing',
    ...producer,
    topics: [{ name: 'orders', partitions }],
  })
  return topics[0]?.partitions[0]?.errorCode
}

it('asks the coordinator of transactions before the first commit, and not again', async () => {
  expect(await commit('')).toBe(errorCodes.INVALID_REQUEST)
  expect(await commit('another')).toBe(errorCodes.INVALID_PRODUCER_ID_MAPPING)
  expect(await commit('etl')).toBe(errorCodes.NONE)
  expect(await commit('another')).toBe(errorCodes.NONE)
})

it('refuses a producer whose transaction was aborted before it asks anybody', async () => {
  await commit('etl')
  await initialised()
  rig.clock.pass(1000)
  await rig.clock.until(rig.node.transactions.stop())
  expect(await commit('another')).toBe(errorCodes.INVALID_PRODUCER_EPOCH)
})
