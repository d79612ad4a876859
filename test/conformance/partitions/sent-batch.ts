import { crc32c } from '../../../src/lib/bytes/crc32c.ts'
import { BatchWriter, type BatchWriterFields } from '../../../src/lib/records/batch-writer.ts'

interface SentRecord {
  readonly timestamp?: number
  readonly key?: string | null
  readonly value?: string
  readonly offset?: number
}

/** The same bytes go to both brokers. */
export const nowMs = Date.now()

/** A batch as a producer sends it, or forged: its CRC is right all the same. */
export function sentBatch(
  records: readonly SentRecord[] = [{}],
  fields: BatchWriterFields = {},
  forge: (batch: Buffer) => void = () => {},
): Buffer {
  const writer = new BatchWriter(fields)
  for (const { timestamp = nowMs, key = 'k', value = 'v', offset } of records) {
    writer.append({
      timestamp,
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(value),
      ...(offset !== undefined && { offset }),
    })
  }
  const batch = Buffer.from(writer.finish())
  forge(batch)
  return sealed(batch)
}

export function sealed(batch: Buffer): Buffer {
  if (batch.length > 21) batch.writeUInt32BE(crc32c(batch, 21), 17)
  return batch
}

/** Cut to so many bytes, and whole in itself again. */
export function cutTo(batch: Buffer, sizeBytes: number): Buffer {
  const cut = Buffer.from(batch.subarray(0, sizeBytes))
  cut.writeInt32BE(sizeBytes - 12, 8)
  return sealed(cut)
}
