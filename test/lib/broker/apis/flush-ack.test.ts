import { describe, expect, it } from 'vitest'
import { FailedError } from '../../../../src/lib/errors.ts'
import { initProducerId } from '../../../../src/lib/protocol/apis/init-producer-id.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { FetchRig } from './fetch-rig.ts'
import { sentBatch } from './record-batches.ts'

function request(rig: FetchRig) {
  const records = sentBatch([{ timestamp: rig.node.clock.nowMs() }])
  const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
  return { acks: 1, timeoutMs: 1000, topicData }
}

describe('where each acknowledgement waits for the disk', () => {
  it('nothing is acknowledged or shown before it is flushed', async () => {
    const rig = await FetchRig.open({ flush: 'ack' })
    const partition = rig.node.partition()
    let isAnswered = false
    const answer = rig.node.ask(produce, 12, request(rig)).then((response) => {
      isAnswered = true
      return response
    })
    await rig.node.clock.pass(0)
    expect([isAnswered, partition.logEndOffset, partition.highWatermark]).toEqual([false, 1, 0])
    expect((await rig.fetch([{ offset: 0 }])).seen[0]).toMatchObject({ error: 0, bytes: 0 })
    await rig.node.clock.until(answer)
    expect(partition.log.recoveryPoint).toBe(1)
    expect((await rig.fetch([{ offset: 0 }])).seen[0]?.bytes).toBeGreaterThan(0)
  })

  it('a flush makes nothing visible that was written while it was under way', async () => {
    const rig = await FetchRig.open({ flush: 'ack' })
    const { clock } = rig.node
    const partition = rig.node.partition()
    const answers: Promise<unknown>[] = []
    let waited = 0
    for (let i = 0; i < 20; i++) {
      answers.push(rig.node.ask(produce, 12, request(rig)))
      await clock.pass(0.5)
      expect(partition.highWatermark).toBe(partition.log.recoveryPoint)
      waited += partition.logEndOffset - partition.highWatermark
    }
    expect(waited).toBeGreaterThan(0)
    await clock.until(Promise.all(answers))
    expect(partition.highWatermark).toBe(20)
  })

  it('a reader that waits is woken by the flush, not by the write', async () => {
    const rig = await FetchRig.open({ flush: 'ack' })
    const read = rig.fetch([{ offset: 0 }], { maxWaitMs: 5000 })
    const answer = rig.node.ask(produce, 12, request(rig))
    const startMs = rig.node.clock.monotonicMs()
    expect((await rig.node.clock.until(read)).seen[0]?.bytes).toBeGreaterThan(0)
    expect(rig.node.clock.monotonicMs() - startMs).toBeLessThan(100)
    await rig.node.clock.until(answer)
  })

  it('no producer id is told that a power cut could have given to another', async () => {
    const rig = await FetchRig.open({ flush: 'ack' })
    let isAnswered = false
    const answer = rig.node
      .ask(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000 })
      .then((response) => {
        isAnswered = true
        return response
      })
    await rig.node.clock.pass(0)
    expect(isAnswered).toBe(false)
    expect(await rig.node.clock.until(answer)).toMatchObject({ errorCode: 0, producerEpoch: 0 })
  })

  it('a disk that cannot keep what it was given is no acknowledgement', async () => {
    const rig = await FetchRig.open({ flush: 'ack' })
    const { log } = rig.node.partition()
    log.flush = () => Promise.reject(new FailedError('disk-error', 'cannot flush'))
    const { responses } = await rig.node.clock.until(rig.node.ask(produce, 12, request(rig)))
    expect(responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 56, baseOffset: -1n })
    expect(rig.node.partition().highWatermark).toBe(0)
    expect(rig.node.lines).toContainEqual(expect.stringContaining('error'))
  })
})

describe('where the disk is flushed every second', () => {
  it('what is acknowledged is flushed a second later', async () => {
    const rig = await FetchRig.open()
    await rig.node.ask(produce, 12, request(rig))
    const partition = rig.node.partition()
    expect([partition.highWatermark, partition.log.recoveryPoint]).toEqual([1, 0])
    await rig.node.clock.pass(1100)
    expect(partition.log.recoveryPoint).toBe(1)
  })
})

describe('a topic with flush.messages', () => {
  it('has so many records flushed before the last of them is acknowledged', async () => {
    const rig = await FetchRig.open({ settings: { 'log.flush.interval.messages': '3' } })
    const { log } = rig.node.partition()
    for (const flushed of [0, 0, 3, 3]) {
      await rig.node.clock.until(rig.node.ask(produce, 12, request(rig)))
      expect(log.recoveryPoint).toBe(flushed)
    }
  })
})

describe('a disk that takes no more', () => {
  it('has each write refused, and the log stays as it was', async () => {
    const rig = await FetchRig.open()
    await rig.send('before')
    const partition = rig.node.partition()
    const append = partition.log.append
    partition.log.append = () => {
      throw new FailedError('disk-full', 'no space is left')
    }
    const refused = await rig.node.ask(produce, 12, request(rig))
    expect(refused.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 56, logStartOffset: -1n })
    partition.log.append = append
    const { responses } = await rig.node.ask(produce, 12, request(rig))
    expect(responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 1n })
  })
})
