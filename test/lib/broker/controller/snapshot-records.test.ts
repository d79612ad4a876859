import { describe, expect, it } from 'vitest'
import { KeptRecords } from '../../../../src/lib/broker/controller/kept-records.ts'
import { snapshotRecords } from '../../../../src/lib/broker/controller/snapshot-records.ts'
import { MetadataReplay } from '../../../../src/lib/log/cluster/metadata-replay.ts'
import { decodeMetadataRecord, metadataLog } from '../../../../src/lib/log/internal/metadata-record.ts'
import { clusterMetadataRecords } from '../../../../src/lib/protocol/log-records.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { batchesOf, metadataFiles } from './golden-metadata.ts'

const files = metadataFiles('kraft-431/data0')
const [snapshotName = '', snapshot = Buffer.alloc(0)] =
  files.find(([name]) => name.startsWith('0') && name.endsWith('.checkpoint')) ?? []
const snapshotEnd = Number(snapshotName.slice(0, 20))

describe('the records of a snapshot', () => {
  it('are those of the snapshot that Kafka made at the same place, whose order within a kind is an accident', () => {
    const kept = new KeptRecords()
    const replay = new MetadataReplay((type, value) => kept.replay(type, value))
    for (const [name, bytes] of files) {
      if (!name.endsWith('.log')) continue
      for (const batch of batchesOf(bytes)) if (batch.lastOffset < snapshotEnd) replay.batch(batch)
    }
    const ours = snapshotRecords(replay.state, kept)
    expect(ours.map(asText).sort()).toEqual(recordsOf(snapshot).map(asText).sort())
  })

  it('make the same state again, and the same records', () => {
    const kept = new KeptRecords()
    const replay = new MetadataReplay((type, value) => kept.replay(type, value))
    for (const batch of batchesOf(snapshot)) replay.batch(batch)

    const ours = snapshotRecords(replay.state, kept).map(asText)
    expect(ours.sort()).toEqual(recordsOf(snapshot).map(asText).sort())
  })
})

function recordsOf(bytes: Buffer): Buffer[] {
  const records: Buffer[] = []
  for (const batch of batchesOf(bytes)) {
    if (batch.isControl) continue
    const cursor = openRecords(batch)
    while (cursor.next()) records.push(Buffer.from(cursor.value ?? Buffer.alloc(0)))
  }
  return records
}

const log = metadataLog(clusterMetadataRecords)

function asText(value: Buffer): string {
  const { type, version, value: said } = decodeMetadataRecord(log, value, { reveal: true })
  return JSON.stringify({ type, version, sizeBytes: value.length, said: inOrder(said) })
}

/** A broker tells of its features in the order of a hash map. */
function inOrder(said: unknown): unknown {
  if (typeof said !== 'object' || said === null || !('features' in said)) return said
  const features = Array.isArray(said.features) ? said.features : []
  return { ...said, features: features.map((each) => JSON.stringify(each)).sort() }
}
