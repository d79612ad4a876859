import { describe, expect, it } from 'vitest'
import { Repeat } from '../../../../src/lib/broker/maintenance/repeat.ts'
import { FailedError } from '../../../../src/lib/errors.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { SimClock } from '../../../simulation/sim-clock.ts'
import { NodeRig } from '../apis/node-rig.ts'
import { sentBatch } from '../apis/record-batches.ts'

describe('work that repeats', () => {
  it('counts from the end of the last time, and never overtakes itself', async () => {
    const clock = new SimClock()
    const begunMs: number[] = []
    const run = () => {
      begunMs.push(clock.monotonicMs())
      return new Promise<void>((resolve) => clock.after(2500, resolve))
    }
    new Repeat(clock, { name: 'slow', everyMs: () => 1000, run }, () => {}).start()
    await clock.pass(9000)
    expect(begunMs).toEqual([1000, 4500, 8000])
  })

  it('goes on after a failure, and tells it', async () => {
    const clock = new SimClock()
    const told: unknown[] = []
    let runs = 0
    const run = () => {
      runs++
      throw new Error('no')
    }
    new Repeat(clock, { name: 'bad', everyMs: () => 1000, run }, (name) => told.push(name)).start()
    await clock.pass(3500)
    expect([runs, told]).toEqual([3, ['bad', 'bad', 'bad']])
  })

  it('leaves time for others where its interval is 0', async () => {
    const clock = new SimClock()
    let runs = 0
    const run = () => void runs++
    new Repeat(clock, { name: 'eager', everyMs: () => 0, run }, () => {}).start()
    await clock.pass(1000)
    expect(runs).toBeLessThanOrEqual(10)
  })

  it('waits at the end for what is under way, and begins nothing more', async () => {
    const clock = new SimClock()
    let isDone = false
    const run = () =>
      new Promise<void>((resolve) =>
        clock.after(500, () => {
          isDone = true
          resolve()
        }),
      )
    const repeat = new Repeat(clock, { name: 'last', everyMs: () => 1000, run }, () => {})
    repeat.start()
    await clock.pass(1000)
    await clock.until(repeat.stop())
    expect([isDone, clock.pending]).toEqual([true, 0])
  })
})

describe('maintenance', () => {
  it('deletes what is older than the topic keeps', async () => {
    const settings = {
      'log.retention.ms': '60000',
      'log.roll.ms': '30000',
      'log.retention.check.interval.ms': '10000',
    }
    const rig = await NodeRig.open({ settings })
    const send = async () => {
      const records = sentBatch([{ timestamp: rig.clock.nowMs() }])
      const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
      await rig.ask(produce, 12, { acks: 1, timeoutMs: 1000, topicData })
    }
    await send()
    await rig.clock.pass(40_000)
    await send()
    expect(rig.partition().logStartOffset).toBe(0)
    await rig.clock.pass(31_000)
    expect(rig.partition().logStartOffset).toBe(1)
    await rig.clock.pass(60_000)
    expect([rig.partition().logStartOffset, rig.partition().logEndOffset]).toEqual([2, 2])
  })

  it('begins as long after the start as it is told to', async () => {
    const looksWithin = async (passMs: number, settings: Record<string, string>) => {
      const rig = await NodeRig.open({ settings })
      let looks = 0
      rig.partition().log.deleteOldSegments = () => {
        looks++
        return 0
      }
      await rig.clock.pass(passMs)
      return looks
    }
    expect(await looksWithin(31_000, {})).toBe(1)
    expect(await looksWithin(31_000, { 'log.initial.task.delay.ms': '60000' })).toBe(0)
    expect(await looksWithin(61_000, { 'log.initial.task.delay.ms': '60000' })).toBe(1)
  })

  it('goes on with the other partitions where one cannot get smaller', async () => {
    const rig = await NodeRig.open({ topics: [{ name: 'orders', partitions: 3 }] })
    const asked: number[] = []
    for (const partition of [0, 1, 2]) {
      rig.partition('orders', partition).log.deleteOldSegments = () => {
        asked.push(partition)
        if (partition === 1) throw new FailedError('disk-error', 'cannot rename')
        return 0
      }
    }
    await rig.clock.pass(31_000)
    expect(asked).toEqual([0, 1, 2])
    expect(rig.lines).toContain('error maintenance failed')
  })

  it('flushes each second, and sooner where a topic asks for it', async () => {
    const lost = async (settings: Record<string, string>) => {
      const rig = await NodeRig.open({ settings })
      const records = sentBatch([{ timestamp: rig.clock.nowMs() }])
      const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
      await rig.clock.pass(1500)
      await rig.ask(produce, 12, { acks: 1, timeoutMs: 1000, topicData })
      await rig.clock.pass(400)
      const { logEndOffset, recoveryPoint } = rig.partition().log
      return logEndOffset - recoveryPoint
    }
    expect([await lost({}), await lost({ 'log.flush.interval.ms': '200' })]).toEqual([1, 0])
  })
})
