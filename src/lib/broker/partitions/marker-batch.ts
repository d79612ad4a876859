import type { KnownProducer } from '../../log/write/partition-log.ts'
import { endTxnMarker } from '../../protocol/records/control-records.ts'
import { BatchWriter } from '../../records/batch-writer.ts'
import { controlRecordKey } from '../../records/control-record-type.ts'
import { ApiError } from '../api-error.ts'
import type { TransactionMarker } from '../coordinators/coordinator-partition.ts'

/** Refuses the marker of a coordinator or of a producer that is not the newest any more. */
export function checkMarker(marker: TransactionMarker, known: KnownProducer | undefined): void {
  if (known === undefined) return
  if (marker.producerEpoch < known.producerEpoch) throw new ApiError('INVALID_PRODUCER_EPOCH')
  if (marker.coordinatorEpoch < known.coordinatorEpoch) throw new ApiError('TRANSACTION_COORDINATOR_FENCED')
}

export function markerBatch(
  marker: TransactionMarker,
  baseOffset: number,
  partitionLeaderEpoch: number,
  nowMs: number,
): Buffer {
  const { producerId, producerEpoch, coordinatorEpoch } = marker
  const writer = new BatchWriter({
    baseOffset,
    partitionLeaderEpoch,
    producerId,
    producerEpoch,
    isTransactional: true,
    isControl: true,
  })
  writer.append({
    timestamp: nowMs,
    key: controlRecordKey(marker.isCommit ? 'COMMIT' : 'ABORT'),
    value: endTxnMarker.encodeFramed({ coordinatorEpoch }, 0),
  })
  return writer.finish()
}
