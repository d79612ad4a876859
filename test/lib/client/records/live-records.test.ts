import { describe, expect, it } from 'vitest'
import { liveRecords } from '../../../../src/lib/client/views/record-views.ts'
import { KtoolError } from '../../../../src/lib/errors.ts'
import type { Isolation, ReadablePartition } from '../../../../src/lib/model/records.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { aroundBroker, ordersOfTwoHours } from '../../../support/around-broker.ts'
import type { LiveWriter } from '../../../support/live-writer.ts'

const HOUR_MS = 3_600_000

describe('the records of a live cluster', () => {
  let writer: LiveWriter

  aroundBroker(async (live) => {
    writer = live
    await ordersOfTwoHours(writer)
    await writer.write('orders', 2, { count: 2, timestampMs: HOUR_MS })
  })

  async function open(topic: string, isolation: Isolation = 'uncommitted'): Promise<ReadablePartition[]> {
    const found = await liveRecords(writer.cluster).open(topic, isolation)
    return found.map(({ outcome }) => {
      if (outcome instanceof KtoolError) throw outcome
      return outcome
    })
  }

  async function offsetsOf(partition: ReadablePartition | undefined, from?: number, to?: number) {
    const offsets: (number | bigint)[] = []
    if (partition === undefined) return offsets
    for await (const part of partition.read(from ?? partition.logStart, to ?? partition.end)) {
      if (part.kind === 'lost') throw part.error
      const cursor = openRecords(part.batch)
      while (cursor.next()) offsets.push(cursor.offset)
    }
    return offsets
  }

  it('are read from the start of a partition to the end that it had when it was opened', async () => {
    const [first, empty, last] = await open('orders')
    expect([first?.end, empty?.end, last?.end]).toEqual([8, 0, 2])
    await writer.write('orders', 2, { count: 2 })
    expect(await offsetsOf(first)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(await offsetsOf(last)).toEqual([0, 1])
    expect(await offsetsOf(empty)).toEqual([])
  })

  it('come in whole batches from somewhere in between on', async () => {
    const [first] = await open('orders')
    expect(await offsetsOf(first, 6, 8)).toEqual([5, 6, 7])
    expect(await offsetsOf(first, 2, 5)).toEqual([0, 1, 2, 3, 4])
  })

  it('are found by their time, many partitions at once', async () => {
    const opened = await open('orders')
    const found = await Promise.all(opened.map((partition) => partition.offsetAt(2 * HOUR_MS)))
    expect(found).toEqual([5, null, null])
  })

  it('are those of committed transactions alone, where that is wanted', async () => {
    await writer.topic('paid', 1)
    const producer = await writer.producer('etl')
    for (const [i, isCommitted] of [true, false].entries()) {
      await writer.begin(producer, 'paid', [0])
      await writer.write('paid', 0, { count: 2, producer, sequence: 2 * i })
      await writer.end(producer, isCommitted)
    }
    const [uncommitted] = await open('paid')
    const [committed] = await open('paid', 'committed')
    expect(await offsetsOf(uncommitted)).toEqual([0, 1, 3, 4])
    expect(await offsetsOf(committed)).toEqual([0, 1])
  })

  it('end at the last stable offset for readers of committed records, who are told so', async () => {
    await writer.topic('open', 1)
    const producer = await writer.producer('slow')
    await writer.write('open', 0, { count: 3 })
    await writer.begin(producer, 'open', [0])
    await writer.write('open', 0, { count: 4, producer })
    const [committed] = await open('open', 'committed')
    expect(committed?.end).toBe(3)
    expect(committed?.note).toBe(
      'open:0 is read up to the last stable offset, 3 (an open transaction holds it back); its high watermark is 7',
    )
    expect(await offsetsOf(committed)).toEqual([0, 1, 2])
    await writer.end(producer, false)
  })

  it('go on with what is written meanwhile for those who follow', async () => {
    await writer.topic('news', 1)
    await writer.write('news', 0, { count: 1 })
    const [partition] = await open('news')
    const read: (number | bigint)[] = []
    for await (const part of partition?.follow?.(0) ?? []) {
      if (part.kind === 'lost') throw part.error
      read.push(part.batch.lastOffset)
      if (read.length === 3) break
      await writer.write('news', 0, { count: 2 })
    }
    expect(read).toEqual([0, 2, 4])
  })

  it('come through in one piece where a batch is larger than what is asked for', async () => {
    await writer.topic('large', 1)
    await writer.write('large', 0, { count: 1, sizeBytes: 700_000 })
    await writer.write('large', 0, { count: 3, sizeBytes: 300_000 })
    const [partition] = await open('large')
    expect(await offsetsOf(partition)).toEqual([0, 1, 2, 3])
  })

  it('are not there for a topic that nobody has made', async () => {
    await expect(open('nope')).rejects.toMatchObject({ code: 'topic-not-found' })
  })
})
