import type { KnownProducer } from '../../log/write/partition-log.ts'
import { BatchWriter } from '../../records/batch-writer.ts'
import { ApiError } from '../api-error.ts'
import type { CoordinatorEntry, TransactionalProducer } from '../coordinators/coordinator-partition.ts'

interface Circumstances {
  readonly baseSequence: number
  readonly baseOffset: number
  readonly leaderEpoch: number
  readonly nowMs: number
  readonly maxMessageBytes: number
  readonly known: KnownProducer | undefined
}

/** What a coordinator writes at once is one batch: all of it, or nothing, survives a crash. */
export function coordinatorBatch(
  entries: readonly CoordinatorEntry[],
  producer: TransactionalProducer | undefined,
  { baseSequence, baseOffset, leaderEpoch, nowMs, maxMessageBytes, known }: Circumstances,
): Buffer {
  if (producer !== undefined && producer.producerEpoch < (known?.producerEpoch ?? -1)) {
    throw new ApiError('INVALID_PRODUCER_EPOCH')
  }
  const writer = new BatchWriter({
    baseOffset,
    baseSequence,
    partitionLeaderEpoch: leaderEpoch,
    ...(producer && { ...producer, isTransactional: true }),
  })
  for (const { key, value } of entries) writer.append({ timestamp: nowMs, key, value })
  const bytes = writer.finish()
  if (bytes.length > maxMessageBytes) throw new ApiError('MESSAGE_TOO_LARGE')
  return bytes
}
