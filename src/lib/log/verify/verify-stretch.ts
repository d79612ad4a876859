import type { ReadableDisk } from '../../ports/disk.ts'
import { batchLayout } from '../../records/batch-layout.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { BatchFeed } from '../batch-feed.ts'
import { headerAt } from '../batch-headers.ts'
import { type VerifiedRecords, verifyRecords } from './verify-records.ts'

/** A part of a log that begins where a batch does. */
export interface Stretch {
  readonly path: string
  readonly from: number
  readonly to: number
  /** The size of the log when it was opened. */
  readonly end: number
}

/** The sound batches of a stretch, one after the other, up to the first thing that is none. */
export interface VerifiedStretch {
  readonly from: number
  /** Of each batch the header, and then whether there is more to say of it than that it is sound. */
  readonly headers: Uint8Array
  readonly count: number
}

const HEADER_BYTES = batchLayout.records
const STRIDE = HEADER_BYTES + 1
/** What one answer may hold; where batches are so small the rest is done by who asked. */
const MOST_BATCHES = 200_000

export function verifyStretch(disk: ReadableDisk, { path, from, to, end }: Stretch): VerifiedStretch {
  const file = disk.openToRead(path)
  try {
    const feed = new BatchFeed(file, { from, end })
    let headers = Buffer.alloc(1024 * STRIDE)
    let count = 0
    for (; feed.position < to && count < MOST_BATCHES; count++) {
      const batch = feed.next()
      if (batch?.kind !== 'batch' || batch.damage() !== null) break
      const at = count * STRIDE
      if (at === headers.length) headers = Buffer.concat([headers, Buffer.alloc(headers.length)])
      const { bytes, start, sizeBytes } = batch
      bytes.copy(headers, at, start, start + Math.min(HEADER_BYTES, sizeBytes))
      headers[at + HEADER_BYTES] = isPlain(batch, verifyRecords(batch)) ? 0 : 1
    }
    return { from, headers: headers.subarray(0, count * STRIDE), count }
  } finally {
    file.close()
  }
}

/** Its header says all that there is to know of it. */
function isPlain(batch: RecordBatch, { problem, mismatch, wrapped }: VerifiedRecords): boolean {
  return (
    batch instanceof DefaultRecordBatch &&
    !batch.isControl &&
    problem === null &&
    mismatch === null &&
    wrapped === null
  )
}

/** Batches of which only the header is there, with whether that is all one needs. */
export function* batchesIn({
  from,
  headers,
  count,
}: VerifiedStretch): Generator<{ batch: RecordBatch; isPlain: boolean }> {
  const bytes = Buffer.from(headers.buffer, headers.byteOffset, headers.byteLength)
  let position = from
  for (let i = 0; i < count; i++) {
    const batch = headerAt(bytes, i * STRIDE, position)
    yield { batch, isPlain: bytes[i * STRIDE + HEADER_BYTES] === 0 }
    position += batch.sizeBytes
  }
}
