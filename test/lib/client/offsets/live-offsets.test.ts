import { describe, expect, it } from 'vitest'
import { liveOffsets } from '../../../../src/lib/client/views/offset-views.ts'
import { isKnown } from '../../../../src/lib/model/figure.ts'
import { aroundBroker, ordersOfTwoHours } from '../../../support/around-broker.ts'
import type { LiveWriter } from '../../../support/live-writer.ts'

const HOUR_MS = 3_600_000

describe('the offsets that live leaders tell', () => {
  let writer: LiveWriter

  aroundBroker(async (live) => {
    writer = live
    await ordersOfTwoHours(writer)
    const producer = await writer.producer('etl')
    await writer.begin(producer, 'orders', [1])
    await writer.write('orders', 1, { count: 2, producer })
    await writer.end(producer, true)
    await writer.begin(producer, 'orders', [1])
    await writer.write('orders', 1, { count: 4, producer, sequence: 2 })
  })

  const at = (partition: number, topic = 'orders') => ({ topic, partition })

  it('are exact, but for the log end, which brokers keep to themselves', async () => {
    const [first, open] = await liveOffsets(writer.cluster).offsets([at(0), at(1)])
    expect(first).toMatchObject({
      ...at(0),
      logStart: { value: 0, from: 'broker', bound: 'exact' },
      highWatermark: { value: 8, from: 'broker', bound: 'exact' },
      lastStable: { value: 8, from: 'broker', bound: 'exact' },
      logEnd: { unknown: true, reason: expect.stringContaining('replicas only') },
      reason: null,
    })
    expect(open).toMatchObject({ highWatermark: { value: 7 }, lastStable: { value: 3 } })
  })

  it('have a reason each where a topic or a partition is not there', async () => {
    const found = await liveOffsets(writer.cluster).offsets([at(9), at(0, 'gone'), at(0), at(0)])
    expect(found.map(({ reason }) => reason)).toEqual([
      'the topic has no such partition',
      'the topic is deleted',
      null,
      null,
    ])
    expect(found[1]?.highWatermark).toEqual({ unknown: true, reason: 'the topic is deleted' })
  })

  it('are found by place and by time', async () => {
    const find = async (place: Parameters<ReturnType<typeof liveOffsets>['find']>[1], partition = 0) => {
      const [found] = await liveOffsets(writer.cluster).find([at(partition)], place)
      const offset = found?.offset ?? null
      return [offset !== null && isKnown(offset) ? offset.value : offset, found?.timestamp, found?.reason]
    }
    expect(await find({ kind: 'start' })).toEqual([0, null, null])
    expect(await find({ kind: 'end' }, 1)).toEqual([7, null, null])
    expect(await find({ kind: 'committed' }, 1)).toEqual([3, null, null])
    expect(await find({ kind: 'max' })).toEqual([7, 2 * HOUR_MS + 2, null])
    expect(await find({ kind: 'local' })).toEqual([0, null, null])
    expect(await find({ kind: 'tiered' })).toEqual([null, null, 'nothing of it is in remote storage'])
    expect(await find({ kind: 'time', timeMs: HOUR_MS + 2 })).toEqual([2, HOUR_MS + 2, null])
    expect(await find({ kind: 'time', timeMs: 3 * HOUR_MS })).toEqual([
      null,
      null,
      'no record is from 1970-01-01T03:00:00.000Z or later',
    ])
    expect(await find({ kind: 'max' }, 2)).toEqual([null, null, 'no record has a timestamp'])
  })

  it('know when the first record was written that somebody would get', async () => {
    const from = [
      { ...at(0), offset: 6 },
      // The marker of the transaction is passed over.
      { ...at(1), offset: 2 },
      { ...at(0), offset: 8 },
      { ...at(2), offset: 3 },
      { ...at(7), offset: 0 },
    ]
    const times = await liveOffsets(writer.cluster).firstRecords(from.filter(({ offset }) => offset !== 8))
    expect(times).toEqual([
      { ...at(0), timestampMs: 2 * HOUR_MS + 1, reason: null },
      { ...at(1), timestampMs: 1000, reason: null },
      { ...at(2), timestampMs: null, reason: expect.stringContaining('before the first record') },
      { ...at(7), timestampMs: null, reason: 'the topic has no such partition' },
    ])
    const [end] = await liveOffsets(writer.cluster).firstRecords([{ ...at(0), offset: 8 }])
    expect(end).toMatchObject({ timestampMs: null, reason: 'no record is left from offset 8 on' })
  })

  it('know it of several batches that are larger than what is asked for', async () => {
    await writer.topic('large', 3)
    for (const partition of [0, 1, 2]) {
      await writer.write('large', partition, { timestampMs: 5000 + partition, sizeBytes: 600_000 })
    }
    const from = [0, 1, 2].map((partition) => ({ topic: 'large', partition, offset: 0 }))
    const times = await liveOffsets(writer.cluster).firstRecords(from)
    expect(times.map(({ timestampMs }) => timestampMs)).toEqual([5000, 5001, 5002])
  })
})
