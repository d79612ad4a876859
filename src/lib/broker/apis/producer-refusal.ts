import type { ErrorName } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'

/** Old producers are told of a fence by the name that they know. Whatever is no refusal is thrown on. */
export function producerRefusal(cause: unknown, knowsFenced: boolean): ErrorName {
  if (!(cause instanceof ApiError)) throw cause
  return cause.error === 'PRODUCER_FENCED' && !knowsFenced ? 'INVALID_PRODUCER_EPOCH' : cause.error
}
