import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeGroupRecord } from '../../../../../src/lib/broker/coordinators/group/decode-group-record.ts'
import { encodeGroupRecord } from '../../../../../src/lib/broker/coordinators/group/encode-group-record.ts'
import { DefaultRecordBatch } from '../../../../../src/lib/records/default-record-batch.ts'
import { openRecords } from '../../../../../src/lib/records/open-records.ts'
import { scanBatches } from '../../../../../src/lib/records/scan-batches.ts'

const logs = ['data1/__consumer_offsets-0', 'data0/__consumer_offsets-1', 'data1/__consumer_offsets-2']

/** Key and value of each record of Kafka's group coordinator. */
function recordsOf(folder: string): { readonly key: Buffer; readonly value: Buffer | null }[] {
  const path = new URL(
    `../../../../golden/disk/logdirs/kraft-431/${folder}/00000000000000000000.log`,
    import.meta.url,
  )
  const records: { key: Buffer; value: Buffer | null }[] = []
  for (const batch of scanBatches(readFileSync(path))) {
    if (!(batch instanceof DefaultRecordBatch) || batch.isControl) continue
    const cursor = openRecords(batch)
    while (cursor.next()) records.push({ key: cursor.key ?? Buffer.alloc(0), value: cursor.value })
  }
  return records
}

describe('a record of a classic group or a commit', () => {
  it.each(logs)('has the bytes that Kafka 4.3.1 wrote, in %s', (folder) => {
    let seen = 0
    for (const { key, value } of recordsOf(folder)) {
      const record = decodeGroupRecord(key, value)
      if (record?.kind !== 'commit' && record?.kind !== 'classicGroup') continue
      expect(encodeGroupRecord(record)).toEqual({ key, value })
      seen++
    }
    expect(seen).toBeGreaterThan(0)
  })
})
