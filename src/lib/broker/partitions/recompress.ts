import type { Codec } from '../../compression/codec.ts'
import { BatchWriter } from '../../records/batch-writer.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import type { TopicConfigs } from '../configs/topic-configs.ts'
import type { RecordsReview } from './review-records.ts'

interface Wish {
  readonly target: Codec
  readonly baseOffset: number
  readonly leaderEpoch: number
  readonly configs: TopicConfigs
  readonly nowMs: number
}

/** The same records in a new batch: in the topic's own compression, at consecutive offsets. */
export function recompressed(batch: DefaultRecordBatch, review: RecordsReview, wish: Wish): Buffer {
  const { configs, baseOffset } = wish
  const writer = new BatchWriter({
    baseOffset,
    partitionLeaderEpoch: wish.leaderEpoch,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    codec: wish.target,
    ...(configs.compressionLevel !== null && { level: configs.compressionLevel }),
    ...(configs.messageTimestampType === 'LogAppendTime' && { logAppendTime: wish.nowMs }),
  })
  const cursor = review.records ?? openRecords(batch, { checkCrc: false })
  while (cursor.next()) {
    const { timestamp, key, value } = cursor
    const headers = cursor.headerCount > 0 ? cursor.headers() : []
    writer.append({ timestamp, key, value, headers })
  }
  return writer.finish()
}
