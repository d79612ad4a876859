import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { DataError } from '../../../../src/lib/errors.ts'
import type { RecordForm } from '../../../../src/lib/output/records/record-form.ts'
import { RecordLines } from '../../../../src/lib/output/records/record-lines.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { goldenLogs } from '../../records/golden-logs.ts'
import type { Line } from '../../records/kafka-lines.ts'

const form: RecordForm = {
  topic: 't',
  partition: 0,
  key: 'base64',
  value: 'base64',
  manner: 'dump',
  hasKind: true,
}

/** The record lines of a log, with the names and the hashes of the reference output. */
function recordsOf(log: Buffer): Line[] {
  const lines = new RecordLines(form)
  for (const batch of scanBatches(log)) {
    if (batch.kind === 'damage') break
    try {
      const cursor = openRecords(batch, { checkCrc: false })
      while (cursor.next()) lines.add(batch, cursor)
    } catch (error) {
      if (!(error instanceof DataError)) throw error
    }
  }
  const text = Buffer.from(lines.take()).toString()
  return text.split('\n').filter(Boolean).map(asReference)
}

function asReference(line: string): Line {
  const { topic, partition, timestampType, headersBase64, ...rest } = JSON.parse(line)
  const headers = (headersBase64 as [string, string | null][]).map(([name, value]) => [name, hashed(value)])
  return {
    ...rest,
    offset: int64(rest.offset),
    timestamp: int64(rest.timestamp),
    keyBase64: hashed(rest.keyBase64),
    valueBase64: hashed(rest.valueBase64),
    headers,
  }
}

function int64(value: number | string): unknown {
  return typeof value === 'string' ? { bigint: value } : value
}

function hashed(base64: string | null): unknown {
  const bytes = Buffer.from(base64 ?? '', 'base64')
  if (bytes.length <= 4096) return base64
  return { length: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

test("equal what Kafka's own classes read, field by field, in every log that brokers wrote", () => {
  let count = 0
  for (const { name, bytes, lines } of goldenLogs('segments', 'expected/segments')) {
    const records = lines.filter(({ kind }) => kind === 'record')
    expect(recordsOf(bytes), name).toEqual(records)
    count += records.length
  }
  expect(count).toBeGreaterThan(5_000)
})
