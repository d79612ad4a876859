import type { KnownProducer } from '../../log/write/partition-log.ts'
import { endTxnMarker } from '../../protocol/records/control-records.ts'
import { BatchWriter } from '../../records/batch-writer.ts'
import { controlRecordKey } from '../../records/control-record-type.ts'
import { ApiError } from '../api-error.ts'
import type { TransactionMarker } from '../coordinators/coordinator-partition.ts'

const FIRST_WITH_EPOCH_OF_ITS_OWN = 2
const LARGEST_EPOCH = 32_767
const NO_EPOCH = -1

/** Refuses the marker of a coordinator or of a producer that is not the newest any more. */
export function checkMarker(marker: TransactionMarker, known: KnownProducer | undefined): void {
  // Below 0 there is no producer that anything could be known of.
  if (marker.producerId < 0) return
  if (isOver(marker, known)) throw new ApiError('INVALID_PRODUCER_EPOCH')
  const coordinatorEpoch = known?.coordinatorEpoch ?? NO_EPOCH
  if (marker.coordinatorEpoch < coordinatorEpoch) throw new ApiError('TRANSACTION_COORDINATOR_FENCED')
}

/** With KIP-890 a transaction ends at an epoch above its own, unless the marker is written once more, or there is none. */
function isOver(
  { producerEpoch, transactionVersion = 0 }: TransactionMarker,
  known: KnownProducer | undefined,
): boolean {
  if (known === undefined) return producerEpoch < NO_EPOCH
  if (producerEpoch !== known.producerEpoch) return producerEpoch < known.producerEpoch
  const isOpen = known.currentTxnFirstOffset !== null
  return transactionVersion >= FIRST_WITH_EPOCH_OF_ITS_OWN && isOpen && producerEpoch !== LARGEST_EPOCH
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
