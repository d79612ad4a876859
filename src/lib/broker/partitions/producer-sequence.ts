import type { KnownBatch, KnownProducer } from '../../log/write/partition-log.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { ApiError } from '../api-error.ts'

const LARGEST = 0x7fffffff

export function hasProducer(batch: DefaultRecordBatch): boolean {
  return batch.producerId > -1
}

/** The batch as it was written before, if it is one of the producer's last five: exactly the same sequences. */
export function duplicateOf(
  batch: DefaultRecordBatch,
  known: KnownProducer | undefined,
): KnownBatch | undefined {
  if (known === undefined || known.producerEpoch !== batch.producerEpoch) return undefined
  const { baseSequence, lastSequence } = batch
  return known.batches.find(
    ({ firstSequence, lastSequence: last }) => firstSequence === baseSequence && last === lastSequence,
  )
}

/** Refuses what would leave a gap, repeat what is older than five batches, or come from an older epoch. */
export function checkProducer(
  batch: DefaultRecordBatch,
  known: KnownProducer | undefined,
  isTransactionV2: boolean,
): void {
  if (!hasProducer(batch)) return
  if (known === undefined) {
    // The log may have forgotten the producer, by age or deleted records: any sequence begins anew. With KIP-890
    // each transaction begins at 0, so that another one can only be a batch that comes too late.
    const isLate = isTransactionV2 && batch.isTransactional && batch.baseSequence !== 0
    if (isLate) throw new ApiError('OUT_OF_ORDER_SEQUENCE_NUMBER')
    return
  }
  checkEpochAndSequence(batch, known)
  if (known.currentTxnFirstOffset !== null && !batch.isTransactional) throw new ApiError('INVALID_TXN_STATE')
}

function checkEpochAndSequence(batch: DefaultRecordBatch, known: KnownProducer): void {
  const { producerEpoch, baseSequence } = batch
  if (producerEpoch < known.producerEpoch) throw new ApiError('INVALID_PRODUCER_EPOCH')
  const lastSequence = known.batches.at(-1)?.lastSequence ?? -1
  const isNewEpoch = producerEpoch !== known.producerEpoch
  const expected = isNewEpoch || lastSequence === LARGEST ? 0 : lastSequence + 1
  if (baseSequence !== expected) throw new ApiError('OUT_OF_ORDER_SEQUENCE_NUMBER')
}
