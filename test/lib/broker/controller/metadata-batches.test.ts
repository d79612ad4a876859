import { describe, expect, it } from 'vitest'
import {
  leaderChangeBatch,
  metadataBatch,
  snapshotFooterBatch,
  snapshotHeaderBatch,
} from '../../../../src/lib/broker/controller/metadata-batches.ts'
import { snapshotHeaderRecord } from '../../../../src/lib/protocol/records/control-records.ts'
import { parseControlRecordKey } from '../../../../src/lib/records/control-record-type.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { batchesOf, metadataFiles } from './golden-metadata.ts'

describe('batches of the metadata log', () => {
  it.each(metadataFiles('kraft-431/data0'))('are byte for byte those of Kafka in %s', (_name, bytes) => {
    for (const batch of batchesOf(bytes)) {
      expect(written(batch).toString('hex'), `at ${batch.position}`).toBe(batch.raw.toString('hex'))
    }
  })
})

/** The batch as it is written here, from what its records say. */
function written(batch: RecordBatch): Buffer {
  const { records, timestamp } = contentOf(batch)
  const place = {
    baseOffset: Number(batch.baseOffset),
    epoch: batch.partitionLeaderEpoch,
    timestampMs: timestamp,
  }
  if (!batch.isControl)
    return metadataBatch(
      records.map(({ value }) => value),
      place,
    )
  const [{ key, value } = { key: null, value: Buffer.alloc(0) }] = records
  const { type } = parseControlRecordKey(key)
  if (type === 'LEADER_CHANGE') return leaderChangeBatch(1, place)
  if (type === 'SNAPSHOT_FOOTER') return snapshotFooterBatch(place)
  return snapshotHeaderBatch(
    Number(snapshotHeaderRecord.decodeFramed(value).value.lastContainedLogTimestamp),
    place,
  )
}

function contentOf(batch: RecordBatch) {
  const records: { key: Buffer | null; value: Buffer }[] = []
  let timestamp = 0
  const cursor = openRecords(batch)
  while (cursor.next()) {
    const { key, value } = cursor
    records.push({ key: key && Buffer.from(key), value: Buffer.from(value ?? Buffer.alloc(0)) })
    timestamp = Number(cursor.timestamp)
  }
  return { records, timestamp }
}
