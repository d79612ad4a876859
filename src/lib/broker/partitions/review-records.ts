import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { NO_TIMESTAMP } from '../../records/attributes.ts'
import { batchLayout } from '../../records/batch-layout.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import { summarizePlain } from '../../records/plain-records.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { ApiError } from '../api-error.ts'
import type { TopicConfigs } from '../configs/topic-configs.ts'
import { RecordErrors } from './record-errors.ts'
import { targetCodec } from './target-codec.ts'
import { timestampLimits } from './timestamp-limits.ts'

/** What the walk over a client's records has found. */
export interface RecordsReview {
  readonly maxTimestamp: Int64
  /** The offsets of the records are 0, 1, 2 … */
  readonly isConsecutive: boolean
  /** At the first record again; only where there was need of one. */
  readonly records?: RecordCursor
}

interface Wish {
  readonly topic: string
  readonly partition: number
  readonly configs: TopicConfigs
  readonly nowMs: number
}

/** Looks at each record of a client's batch; throws what Kafka answers where one cannot be let in. */
export function reviewRecords(batch: DefaultRecordBatch, wish: Wish): RecordsReview {
  const plain = plainReview(batch, wish)
  if (plain !== undefined) return plain
  const records = opened(batch)
  return walk(records.again(), batch, records, wish)
}

/** Most batches hold nothing that a record of its own would have to be looked at for. */
function plainReview(batch: DefaultRecordBatch, { configs, nowMs }: Wish): RecordsReview | undefined {
  const isPlain = batch.codecId === 0 && batch.timestampType === 'CreateTime'
  if (!isPlain || configs.cleanupPolicy.has('compact')) return undefined
  const { bytes, start, sizeBytes, baseTimestamp } = batch
  if (typeof baseTimestamp !== 'number') return undefined
  const summary = summarizePlain(bytes, start + batchLayout.records, start + sizeBytes, batch.count)
  if (summary === undefined) return undefined
  const maxTimestamp = baseTimestamp + summary.largestTimestampDelta
  if (configs.messageTimestampType === 'CreateTime') {
    const { messageTimestampAfterMaxMs, messageTimestampBeforeMaxMs } = configs
    const mayBeLate = baseTimestamp < 0 || messageTimestampBeforeMaxMs < nowMs
    if (mayBeLate || maxTimestamp - nowMs > messageTimestampAfterMaxMs) return undefined
  }
  return { maxTimestamp, isConsecutive: true }
}

function opened(batch: DefaultRecordBatch): RecordCursor {
  // Unlike the others, Zstandard has no beginning that a stream without a byte would lack.
  const isNothing = batch.codec === 'zstd' && batch.sizeBytes === batchLayout.records
  if (isNothing) throw new ApiError('INVALID_RECORD')
  try {
    return openRecords(batch, { checkCrc: false })
  } catch (cause) {
    throw refusal(cause, 'UNKNOWN_SERVER_ERROR')
  }
}

function walk(
  cursor: RecordCursor,
  batch: DefaultRecordBatch,
  records: RecordCursor,
  wish: Wish,
): RecordsReview {
  const { configs } = wish
  const mustHaveKey = configs.cleanupPolicy.has('compact')
  const limits = timestampLimits(configs, wish.nowMs)
  const errors = new RecordErrors(wish.topic, wish.partition)
  const isStamped = batch.timestampType === 'LogAppendTime'
  let maxTimestamp: Int64 = NO_TIMESTAMP
  let isConsecutive = true
  for (let index = 0; moved(cursor); index++) {
    const { timestamp } = cursor
    if (mustHaveKey && cursor.keyLength < 0) errors.noKey(index)
    else if (limits !== undefined && timestamp !== NO_TIMESTAMP) {
      if (limits.isOutside(timestamp)) errors.timestamp(index, timestamp, cursor.offset, limits)
    } else if (isStamped) errors.timestampType(index, asKafkaPrints(cursor, batch, wish))
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    if (cursor.offset !== index) isConsecutive = false
  }
  errors.throwIfAny()
  return { maxTimestamp, isConsecutive, records }
}

/** Records whose batch is kept as it is are not read whole, and Kafka has another class for these. */
function asKafkaPrints(cursor: RecordCursor, batch: DefaultRecordBatch, wish: Wish): string {
  const { offset, timestamp, keyLength, valueLength } = cursor
  const isPartial = batch.codecId !== 0 && targetCodec(wish.configs, batch.codecId) === batch.codecId
  const [name, key, value] = isPartial
    ? ['PartialDefaultRecord', keyLength, valueLength]
    : ['DefaultRecord', Math.max(0, keyLength), Math.max(0, valueLength)]
  return `${name}(offset=${offset}, timestamp=${timestamp}, key=${key} bytes, value=${value} bytes)`
}

function moved(cursor: RecordCursor): boolean {
  try {
    return cursor.next()
  } catch (cause) {
    throw refusal(cause, 'INVALID_RECORD')
  }
}

function refusal(cause: unknown, otherwise: 'INVALID_RECORD' | 'UNKNOWN_SERVER_ERROR'): unknown {
  if (!(cause instanceof DataError)) return cause
  // Kafka would look at them one by one, however many come out; here they would all have to be in memory.
  if (cause.code === 'decompression-limit') return new ApiError('MESSAGE_TOO_LARGE')
  return new ApiError(cause.code === 'corrupt-record' ? 'INVALID_RECORD' : otherwise)
}
