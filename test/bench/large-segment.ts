import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32c } from '../../src/lib/bytes/crc32c.ts'
import { formatOffsetIndex } from '../../src/lib/log/files/offset-index.ts'
import { formatTimeIndex } from '../../src/lib/log/files/time-index.ts'
import { batchLayout } from '../../src/lib/records/batch-layout.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'

/** Full before the next record would make it more than a producer's default `batch.size`. */
const BATCH_BYTES = 16 * 1024
/** At most, with its lengths and deltas. */
const RECORD_BYTES = 112
const DIFFERENT_BATCHES = 512
const START_MS = 1_760_000_000_000
const BATCH_MS = 20

export interface LargeSegment {
  readonly folder: string
  readonly log: string
  readonly sizeBytes: number
  readonly records: number
  readonly batches: number
  readonly firstTimestamp: number
  readonly lastTimestamp: number
}

/** A partition of one segment with its indexes: records of 100 bytes, 10 of key and 90 of JSON, in full batches. */
export function makeLargeSegment(root: string, sizeBytes: number): LargeSegment {
  const folder = join(root, 'orders-0')
  mkdirSync(folder)
  const log = join(folder, '00000000000000000000.log')
  const patterns = Array.from({ length: DIFFERENT_BATCHES }, (_, i) => batchOf(i))
  const offsets: { relative: number; position: number }[] = []
  const times: { timestamp: number; relative: number }[] = []
  const file = openSync(log, 'w')
  let position = 0
  let records = 0
  for (let i = 0; ; i++) {
    const { bytes, count } = patterns[i % DIFFERENT_BATCHES] as Pattern
    if (position + bytes.length > sizeBytes) break
    const timestamp = START_MS + i * BATCH_MS
    rebase(bytes, records, timestamp)
    writeSync(file, bytes)
    // A broker writes an entry once more than 4096 bytes have come since the last one, and none for the first batch.
    if (i > 0) offsets.push({ relative: records + count - 1, position })
    if (i > 0) times.push({ timestamp: timestamp + BATCH_MS - 1, relative: records + count - 1 })
    position += bytes.length
    records += count
  }
  closeSync(file)
  writeFileSync(log.replace(/log$/, 'index'), formatOffsetIndex(offsets))
  writeFileSync(log.replace(/log$/, 'timeindex'), formatTimeIndex(times))
  const lastTimestamp = times.at(-1)?.timestamp ?? START_MS
  const batches = offsets.length + 1
  return { folder, log, sizeBytes: position, records, batches, firstTimestamp: START_MS, lastTimestamp }
}

interface Pattern {
  readonly bytes: Buffer
  readonly count: number
}

function batchOf(seed: number): Pattern {
  const writer = new BatchWriter({ baseOffset: 0, partitionLeaderEpoch: 0 })
  const count = Math.floor((BATCH_BYTES - batchLayout.records) / RECORD_BYTES)
  for (let i = 0; i < count; i++) {
    const id = seed * count + i
    writer.append({
      timestamp: START_MS + Math.floor((i * BATCH_MS) / count),
      key: Buffer.from(`key-${String(id % 1_000_000).padStart(6, '0')}`),
      value: orderOf(id),
    })
  }
  return { bytes: Buffer.from(writer.finish()), count }
}

/** Text of a service as it often is: JSON, full of quotes. */
function orderOf(id: number): Buffer {
  const text = `{"id":${id},"customer":"c-${(id * 7919) % 99_991}","amount":${(id * 31) % 9973},"state":"`
  return Buffer.from(`${text}${'shipped-and-paid-'.repeat(6).slice(0, 88 - text.length)}"}`)
}

/** The same records at another place in the log, and at another time. */
function rebase(bytes: Buffer, baseOffset: number, timestamp: number): void {
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  bytes.writeBigInt64BE(BigInt(timestamp), batchLayout.baseTimestamp)
  bytes.writeBigInt64BE(BigInt(timestamp + BATCH_MS - 1), batchLayout.maxTimestamp)
  bytes.writeUInt32BE(crc32c(bytes, batchLayout.attributes, bytes.length), batchLayout.crc)
}
