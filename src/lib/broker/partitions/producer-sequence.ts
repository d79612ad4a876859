import type { KnownBatch, KnownProducer } from '../../log/write/partition-log.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { ApiError } from '../api-error.ts'
import type { UnverifiedProducer } from './unverified-producers.ts'

const LARGEST = 0x7fffffff
const NO_EPOCH = -1

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
  unverified: UnverifiedProducer | undefined,
): void {
  if (!hasProducer(batch)) return
  const { producerEpoch } = batch
  if (producerEpoch < (known?.producerEpoch ?? NO_EPOCH)) throw new ApiError('INVALID_PRODUCER_EPOCH')
  if (unverified !== undefined) checkBeginning(batch, known, unverified)
  // The log may have forgotten the producer, by age or deleted records: any sequence begins anew.
  if (known === undefined) return
  checkSequence(batch, known)
  if (known.currentTxnFirstOffset !== null && !batch.isTransactional) throw new ApiError('INVALID_TXN_STATE')
}

/** Nothing may come before the batch that its transaction begins with. */
function checkBeginning(
  { baseSequence }: DefaultRecordBatch,
  known: KnownProducer | undefined,
  { isTransactionV2, lowestSequence }: UnverifiedProducer,
): void {
  const isNew = known === undefined || known.batches.length === 0
  const isLate = (isTransactionV2 && isNew && baseSequence !== 0) || baseSequence > lowestSequence
  if (isLate) throw new ApiError('OUT_OF_ORDER_SEQUENCE_NUMBER')
}

function checkSequence({ producerEpoch, baseSequence }: DefaultRecordBatch, known: KnownProducer): void {
  const lastSequence = known.batches.at(-1)?.lastSequence ?? -1
  const isNewEpoch = producerEpoch !== known.producerEpoch
  const expected = isNewEpoch || lastSequence === LARGEST ? 0 : lastSequence + 1
  if (baseSequence !== expected) throw new ApiError('OUT_OF_ORDER_SEQUENCE_NUMBER')
}
