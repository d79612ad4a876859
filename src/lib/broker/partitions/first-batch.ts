import {
  batchLayout,
  HEADER_UP_TO_MAGIC,
  LENGTH,
  LOG_OVERHEAD,
  MAGIC,
  SMALLEST_LENGTH,
} from '../../records/batch-layout.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { ApiError } from '../api-error.ts'

export const NEWEST_MAGIC = 2
const LARGEST = 0x7fffffff
export const ZSTD = 4
/** Before this version of Produce a client cannot know Zstandard (KIP-110). */
export const FIRST_WITH_ZSTD = 7

/** The one batch of a client's records; null where not even its frame can be believed in that order. */
export function clientBatch(records: Buffer, version: number): DefaultRecordBatch {
  const sizeBytes = batchSize(records, 0)
  if (sizeBytes === undefined || records.readInt8(MAGIC) !== NEWEST_MAGIC)
    throw new ApiError('INVALID_RECORD')
  if (sizeBytes < batchLayout.records) throw new ApiError('CORRUPT_MESSAGE')
  const batch = new DefaultRecordBatch(records, 0, 0)
  if (version < FIRST_WITH_ZSTD && batch.codecId === ZSTD) throw new ApiError('UNSUPPORTED_COMPRESSION_TYPE')
  if (batchSize(records, sizeBytes) !== undefined) throw new ApiError('INVALID_RECORD')
  return batch
}

/**
 * Of the batch that starts there. Nothing where none does, or not a whole one: Kafka passes over bytes that are too
 * few for a batch.
 */
export function batchSize(records: Buffer, at: number): number | undefined {
  const left = records.length - at
  if (left < LOG_OVERHEAD) return undefined
  const length = records.readInt32BE(at + LENGTH)
  if (length < SMALLEST_LENGTH) {
    const message = `Record size ${length} is less than the minimum record overhead (${SMALLEST_LENGTH})`
    throw new ApiError('CORRUPT_MESSAGE', message)
  }
  if (left < HEADER_UP_TO_MAGIC) return undefined
  const magic = records.readInt8(at + MAGIC)
  if (magic < 0 || magic > NEWEST_MAGIC) {
    throw new ApiError('CORRUPT_MESSAGE', `Invalid magic found in record: ${magic}`)
  }
  // The sum is an int32 in Kafka, which fails where it is negative.
  if (length > LARGEST - LOG_OVERHEAD) throw new ApiError('UNKNOWN_SERVER_ERROR')
  return LOG_OVERHEAD + length > left ? undefined : LOG_OVERHEAD + length
}
