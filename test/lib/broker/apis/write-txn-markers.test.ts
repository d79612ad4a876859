import { beforeEach, describe, expect, it } from 'vitest'
import { writeTxnMarkers } from '../../../../src/lib/protocol/apis/write-txn-markers.ts'
import { DefaultRecordBatch } from '../../../../src/lib/records/default-record-batch.ts'
import { NodeRig } from './node-rig.ts'
import { sentBatch } from './record-batches.ts'

const PRODUCER = 4000
const OLD_EPOCH = 47
const LARGEST_EPOCH = 32_767

let rig: NodeRig

beforeEach(async () => {
  rig = await NodeRig.open()
})

function begin(producerEpoch: number): void {
  const records = [{ timestamp: rig.clock.nowMs() }]
  const identity = { producerId: PRODUCER, producerEpoch, baseSequence: 0, isTransactional: true }
  rig.partition().appendClientBatch(new DefaultRecordBatch(sentBatch(records, identity), 0, 0))
}

async function end(producerEpoch: number, transactionVersion: number): Promise<number | undefined> {
  const topics = [{ name: 'orders', partitionIndexes: [0] }]
  const marker = { producerId: BigInt(PRODUCER), producerEpoch, coordinatorEpoch: 0, topics }
  const answer = await rig.ask(writeTxnMarkers, 2, {
    markers: [{ ...marker, transactionResult: true, transactionVersion }],
  })
  return answer.markers[0]?.topics[0]?.partitions[0]?.errorCode
}

describe('a marker', () => {
  it('ends a transaction at its own epoch before KIP-890', async () => {
    begin(3)
    expect([await end(2, 1), await end(3, 1)]).toEqual([OLD_EPOCH, 0])
  })

  it('ends it at a later epoch since then, and may come once more', async () => {
    begin(3)
    expect([await end(3, 2), await end(4, 2), await end(4, 2)]).toEqual([OLD_EPOCH, 0, 0])
    expect(rig.partition().openTransactionOf(PRODUCER)).toBeUndefined()
  })

  it('ends it at its own epoch where there is no later one', async () => {
    begin(LARGEST_EPOCH)
    expect(await end(LARGEST_EPOCH, 2)).toBe(0)
  })
})
