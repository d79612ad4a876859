import { describe, expect, it } from 'vitest'
import { DefaultRecordBatch } from '../../../src/lib/records/default-record-batch.ts'
import { LegacyRecordBatch } from '../../../src/lib/records/legacy-record-batch.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../src/lib/records/scan-batches.ts'
import { goldenLines } from '../../golden/vectors.ts'
import { goldenLogs } from './golden-logs.ts'
import { batchAgain, messagesAgain } from './written-again.ts'

const logs = [
  ...goldenLogs('segments', 'expected/segments'),
  ...goldenLogs('logdirs', 'expected/logdirs'),
  ...goldenLogs('corrupt/base', 'corrupt/base-expected'),
]
const batches = logs.flatMap(({ bytes }) => batchesOf(bytes))

function batchesOf(bytes: Buffer): RecordBatch[] {
  return [...scanBatches(bytes)].filter((found) => found.kind === 'batch')
}

describe('What brokers wrote, written again from what was decoded', () => {
  it('gives the same bytes for every uncompressed batch of magic 2', () => {
    const ours = batches.filter((batch) => batch instanceof DefaultRecordBatch && batch.codecId === 0)
    expect(ours.length).toBe(2017)

    for (const batch of ours as DefaultRecordBatch[]) {
      expect(batchAgain(batch).equals(batch.raw), `batch at ${batch.position}`).toBe(true)
    }
  })

  it('gives the same bytes for every bare message of magic 0 and 1', () => {
    const ours = batches.filter((batch) => batch instanceof LegacyRecordBatch && !batch.isWrapper)
    expect(ours.length).toBe(505)

    for (const batch of ours as LegacyRecordBatch[]) {
      expect(messagesAgain(batch).equals(batch.raw), `message at ${batch.position}`).toBe(true)
    }
  })

  /** The broker gives a wrapper its append time in the outer message alone; the inner ones keep the producer's. */
  it('gives the same message set for every wrapper with its own times', () => {
    const ours = batches.filter(
      (batch) =>
        batch instanceof LegacyRecordBatch && batch.isWrapper && batch.timestampType !== 'LogAppendTime',
    )
    expect(ours.length).toBe(385)

    for (const batch of ours as LegacyRecordBatch[]) {
      const [again] = batchesOf(messagesAgain(batch))
      if (again === undefined) throw new Error('a wrapper was written as nothing')
      expect(headerOf(again)).toEqual(headerOf(batch))
      const title = `wrapper at ${batch.position} of magic ${batch.magic}`
      expect(openRecords(again).bytes.equals(openRecords(batch).bytes), title).toBe(true)
    }
  })
})

function headerOf(batch: RecordBatch): unknown[] {
  return [batch.magic, batch.attributes, batch.lastOffset, batch.maxTimestamp]
}

describe('The records in produce requests and fetch responses', () => {
  const vectors = ['messages/Produce', 'messages/Fetch', 'messages-dropped/Produce', 'messages-dropped/Fetch']
  const fields = vectors.flatMap((path) => recordsFields(goldenLines(`wire/${path}.ndjson.gz`)))

  it('are whole batches that decode, and encode to the same bytes', () => {
    const found = fields.flatMap((field) => [...scanBatches(field)])
    expect(found.length).toBe(478)

    for (const batch of found) {
      if (batch.kind === 'damage') throw new Error(batch.finding)
      const cursor = openRecords(batch)
      while (cursor.next()) expect(Number.isSafeInteger(cursor.offset)).toBe(true)
      if (batch instanceof DefaultRecordBatch && batch.codecId === 0)
        expect(batchAgain(batch)).toEqual(batch.raw)
    }
  })
})

/** Every `records` in a message's JSON, however deep, that is not null. */
function recordsFields(json: unknown): Buffer[] {
  if (json === null || typeof json !== 'object') return []
  return Object.entries(json).flatMap(([key, value]) =>
    key === 'records' && typeof value === 'string' ? [Buffer.from(value, 'base64')] : recordsFields(value),
  )
}
