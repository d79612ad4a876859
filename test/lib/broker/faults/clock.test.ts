import { expect, it } from 'vitest'
import { LeapingClock } from '../../../../src/lib/ports/leaping-clock.ts'
import { addPartitionsToTxn } from '../../../../src/lib/protocol/apis/add-partitions-to-txn.ts'
import { describeTransactions } from '../../../../src/lib/protocol/apis/describe-transactions.ts'
import { connected } from '../../../conformance/wire/connection.ts'
import { coordinatorIsThere, newProducer, send } from '../../../crash/requests.ts'
import { brokerInProcess } from '../../../support/broker-in-process.ts'
import { ManualClock } from '../server/server-rig.ts'

const WEEK_MS = 7 * 86_400_000

it('a leap lets retention delete, and aborts transactions that took too long', async () => {
  const topics = [{ name: 'orders', partitions: 1 }]
  await using running = await brokerInProcess({ topics, settings: { 'log.retention.ms': '60000' } })
  const { broker, port } = running
  await connected(port, async (asks) => {
    await coordinatorIsThere(asks, 'payments', 1)
    const producer = await newProducer(asks, 'payments')
    await asks.ask(addPartitionsToTxn, 3, {
      v3AndBelowTransactionalId: 'payments',
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
    })
    await send(asks, 'orders', 0, ['a', 'b'])
  })
  expect(broker.node.partitions.get('orders', 0)?.logStartOffset).toBe(0)
  broker.clock.leap(WEEK_MS)
  await connected(port, async (asks) => {
    const stateNow = async () => {
      const answer = await asks.ask(describeTransactions, 0, { transactionalIds: ['payments'] })
      return answer.transactionStates[0]?.transactionState
    }
    await expect.poll(stateNow, { timeout: 10_000, interval: 20 }).toMatch(/^CompleteAbort$|^Dead$|^$/)
  })
  const logStart = () => broker.node.partitions.get('orders', 0)?.logStartOffset ?? 0
  await expect.poll(logStart, { timeout: 10_000, interval: 20 }).toBeGreaterThanOrEqual(2)
})

it('what is due by a leap runs at once and in order, and what is not has less time left', () => {
  const real = new ManualClock()
  const clock = new LeapingClock(real)
  const ran: string[] = []
  const later = (name: string, delayMs: number) =>
    clock.after(delayMs, () => ran.push(`${name} ${clock.nowMs()}`))
  later('b', 200)
  later('a', 100)
  later('d', 1000)
  const cancel = later('c', 300)
  clock.after(150, () => cancel())
  clock.after(150, () => later('again', 100))
  clock.leap(500)
  expect(ran).toEqual(['a 500', 'b 500'])
  real.pass(99)
  expect(ran).toHaveLength(2)
  real.pass(401)
  expect(ran.slice(2)).toEqual(['again 600', 'd 1000'])
  expect([clock.aheadMs, clock.monotonicMs(), real.pending]).toEqual([500, 1000, 0])
})
