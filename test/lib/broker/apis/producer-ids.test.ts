import { describe, expect, it } from 'vitest'
import { initProducerId } from '../../../../src/lib/protocol/apis/init-producer-id.ts'
import { seedOfRun } from '../../../random.ts'
import { NodeRig } from './node-rig.ts'

async function newProducer(rig: NodeRig, transactionalId: string | null): Promise<bigint> {
  const wish = { transactionalId, transactionTimeoutMs: 1000, producerId: -1n, producerEpoch: -1 }
  const answer = await rig.clock.until(rig.ask(initProducerId, 4, wish))
  expect(answer.errorCode).toBe(0)
  return answer.producerId
}

describe(`a producer id, seed ${seedOfRun()}`, () => {
  it.each([null, 'payments'])('is given out once, power cut or not (transactional id %s)', async (name) => {
    for (let i = 0; i < 8; i++) {
      const rig = await NodeRig.open({ seed: seedOfRun() + i })
      rig.node.transactions.createTopic()
      // Everything there is so far is on the disk, so that a power cut leaves a directory.
      await rig.clock.pass(2500)
      const before = await newProducer(rig, name)
      await rig.losePower()
      expect(await newProducer(rig, null), `round ${i}`).not.toBe(before)
    }
  })
})
