import { codecOf, codecs } from '../../compression/codec.ts'
import type { PartitionLog } from '../../log/write/partition-log.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { setBaseOffset, setMaxTimestamp, setPartitionLeaderEpoch } from '../../records/rewrite-batch.ts'
import { ApiError } from '../api-error.ts'
import type { TopicConfigs } from '../configs/topic-configs.ts'
import { checkProducer, duplicateOf, hasProducer } from './producer-sequence.ts'
import { recompressed } from './recompress.ts'
import { type RecordsReview, reviewRecords } from './review-records.ts'
import { targetCodec } from './target-codec.ts'
import type { UnverifiedProducer } from './unverified-producers.ts'

export interface Circumstances {
  readonly log: PartitionLog
  /** Of the batch's producer, while its transaction has no records here. */
  readonly unverified: UnverifiedProducer | undefined
  readonly topic: string
  readonly partition: number
  readonly leaderEpoch: number
  readonly configs: TopicConfigs
  readonly nowMs: number
}

export interface Appended {
  readonly baseOffset: number
  /** −1 where the records keep the time that their producer gave them. */
  readonly logAppendTimeMs: number
}

export interface Admitted extends Appended {
  /** Written before; there is nothing to append. */
  readonly isDuplicate: boolean
  readonly bytes: Buffer
}

/**
 * Checks a client's batch in Kafka's order, since the first thing that is wrong is what the client is told, and
 * makes it what goes to the log: with its offsets, epoch and times, in the topic's compression.
 */
export function admitClientBatch(batch: DefaultRecordBatch, at: Circumstances): Admitted {
  const { configs, log, nowMs } = at
  checkHeader(batch, configs.maxMessageBytes)
  if (codecs[batch.codecId] === undefined) throw new ApiError('UNKNOWN_SERVER_ERROR')
  checkCounts(batch)
  const review = reviewRecords(batch, at)
  const target = targetCodec(configs, batch.codecId)
  const isKept = target === batch.codecId
  // Kafka would number such records anew, and fails to: it has not read them whole.
  if (isKept && target !== 0 && !review.isConsecutive) throw new ApiError('UNKNOWN_SERVER_ERROR')
  const isLogAppendTime = configs.messageTimestampType === 'LogAppendTime'
  const logAppendTimeMs = isLogAppendTime ? nowMs : -1
  const baseOffset = log.logEndOffset
  const bytes = isKept
    ? inPlace(batch, review, at, isLogAppendTime)
    : recompressed(batch, review, {
        target: codecOf(target),
        baseOffset,
        leaderEpoch: at.leaderEpoch,
        configs,
        nowMs,
      })
  if (bytes.length > configs.maxMessageBytes) throw new ApiError('MESSAGE_TOO_LARGE')
  if (bytes.length > configs.segmentBytes) throw new ApiError('RECORD_LIST_TOO_LARGE')
  const producer = hasProducer(batch) ? log.producer(batch.producerId) : undefined
  const duplicate = duplicateOf(batch, producer)
  if (duplicate !== undefined) {
    const { firstOffset, timestamp } = duplicate
    return { baseOffset: firstOffset, logAppendTimeMs: timestamp, isDuplicate: true, bytes }
  }
  checkProducer(batch, producer, at.unverified)
  return { baseOffset, logAppendTimeMs, isDuplicate: false, bytes }
}

function checkHeader(batch: DefaultRecordBatch, maxMessageBytes: number): void {
  if (batch.baseOffset !== 0) throw new ApiError('INVALID_RECORD')
  if (batch.sizeBytes > maxMessageBytes) throw new ApiError('MESSAGE_TOO_LARGE')
  if (batch.crc !== batch.computeCrc()) throw new ApiError('CORRUPT_MESSAGE')
}

function checkCounts(batch: DefaultRecordBatch): void {
  const { count } = batch
  const covered = batch.lastOffsetDelta + 1
  if (count <= 0 || covered !== count) throw new ApiError('INVALID_RECORD')
  if (batch.isControl) throw new ApiError('INVALID_RECORD')
  if (hasProducer(batch) && batch.baseSequence < 0) throw new ApiError('INVALID_RECORD')
}

/** Only what lies in the header changes; under CreateTime not even the CRC. */
function inPlace(
  batch: DefaultRecordBatch,
  review: RecordsReview,
  at: Circumstances,
  isLogAppendTime: boolean,
): Buffer {
  setBaseOffset(batch, at.log.logEndOffset)
  setPartitionLeaderEpoch(batch, at.leaderEpoch)
  if (isLogAppendTime) setMaxTimestamp(batch, 'LogAppendTime', at.nowMs)
  else setMaxTimestamp(batch, 'CreateTime', review.maxTimestamp)
  return batch.raw
}
