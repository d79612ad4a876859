import { ConnectionError, FailedError, type KtoolError } from '../../errors.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import type { produce } from '../../protocol/apis/produce.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { brokerError, protocolError } from '../broker-error.ts'
import type { PendingBatch } from './pending-batch.ts'

export type PartitionAnswer = AnswerOf<typeof produce>['responses'][number]['partitionResponses'][number]

/** What to do about a batch after an answer. */
export type Verdict =
  | { readonly kind: 'written' }
  | { readonly kind: 'again'; readonly error: KtoolError }
  /** In parts, without those records that the broker complains of. */
  | { readonly kind: 'split'; readonly error: KtoolError; readonly refused: ReadonlyMap<number, KtoolError> }
  /** Under a new epoch, where the broker has lost count of what it was sent: after records were deleted, or lost. */
  | { readonly kind: 'renumber'; readonly error: KtoolError }
  /** Fatal is what would become of every other batch too. */
  | { readonly kind: 'lost'; readonly error: KtoolError; readonly isFatal: boolean }

/** It is the batch as a whole that is too large, or one record in it that is wrong. */
const OF_ONE_RECORD: ReadonlySet<number> = new Set([
  errorCodes.MESSAGE_TOO_LARGE,
  errorCodes.RECORD_LIST_TOO_LARGE,
  errorCodes.INVALID_RECORD,
  errorCodes.INVALID_TIMESTAMP,
])

const OF_THE_NUMBERS: ReadonlySet<number> = new Set([
  errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
  errorCodes.UNKNOWN_PRODUCER_ID,
])

const OF_THE_PRODUCER: ReadonlySet<number> = new Set([
  errorCodes.INVALID_PRODUCER_EPOCH,
  errorCodes.PRODUCER_FENCED,
  errorCodes.INVALID_TXN_STATE,
  errorCodes.INVALID_PRODUCER_ID_MAPPING,
])

export function verdictOf(answer: PartitionAnswer, batch: PendingBatch): Verdict {
  const { errorCode, errorMessage, recordErrors } = answer
  // It was here before: an earlier try had been written, and its answer got lost.
  if (errorCode === errorCodes.NONE || errorCode === errorCodes.DUPLICATE_SEQUENCE_NUMBER) {
    return { kind: 'written' }
  }
  const error = brokerError(errorCode, errorMessage)
  if (OF_ONE_RECORD.has(errorCode)) return ofRecords(batch, error, errorCode, recordErrors)
  if (OF_THE_NUMBERS.has(errorCode)) return { kind: 'renumber', error: ofProducer(error) }
  if (OF_THE_PRODUCER.has(errorCode)) return { kind: 'lost', error: ofProducer(error), isFatal: true }
  if (protocolError(errorCode)?.retriable === true) return { kind: 'again', error }
  return { kind: 'lost', error, isFatal: true }
}

function ofRecords(
  batch: PendingBatch,
  error: KtoolError,
  errorCode: number,
  recordErrors: PartitionAnswer['recordErrors'],
): Verdict {
  const told = recordErrors.filter(({ batchIndex }) => batchIndex >= 0 && batchIndex < batch.count)
  const refused = new Map(
    told.map(({ batchIndex, batchIndexErrorMessage }) => [
      batchIndex,
      brokerError(errorCode, batchIndexErrorMessage),
    ]),
  )
  if (batch.count > 1) return { kind: 'split', error, refused }
  return { kind: 'lost', error: refused.get(0) ?? error, isFatal: false }
}

function ofProducer(error: KtoolError): KtoolError {
  return new FailedError(error.code, `the broker does not go on with this producer: ${error.message}`, {
    hint:
      'the transaction took longer than --txn-timeout, another producer took its place, or the ' +
      'partition has lost records that it had acknowledged',
    details: error.details,
    cause: error,
  })
}

/** Nobody knows whether it was written: saying so is all that can be done. */
export function inDoubt(error: KtoolError): KtoolError {
  return new ConnectionError(error.code, `${error.message}; it may have been written`, {
    hint: error.hint,
    details: { ...error.details, inDoubt: true },
    cause: error,
  })
}
