import { crc32c } from '../../../../src/lib/bytes/crc32c.ts'
import { BatchWriter, type BatchWriterFields } from '../../../../src/lib/records/batch-writer.ts'

export interface SentRecord {
  readonly timestamp: number
  readonly key?: string | null
  readonly value?: string
  readonly offset?: number
}

/** A batch as a producer sends it. */
export function sentBatch(records: readonly SentRecord[], fields: BatchWriterFields = {}): Buffer {
  const writer = new BatchWriter(fields)
  for (const { timestamp, key = 'k', value = 'v', offset } of records) {
    writer.append({
      timestamp,
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(value),
      ...(offset !== undefined && { offset }),
    })
  }
  return Buffer.from(writer.finish())
}

/** Changes bytes of a batch, and seals it again: whoever reads it finds nothing wrong with its CRC. */
export function forged(batch: Buffer, forge: (batch: Buffer) => void): Buffer {
  forge(batch)
  batch.writeUInt32BE(crc32c(batch, 21), 17)
  return batch
}
