import { BugError, KtoolError } from '../../../errors.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'

/** What a coordinator answers where its own log did not take the records: clients look for it anew and try again. */
const translated: { readonly [name in ErrorName]?: ErrorName } = {
  UNKNOWN_TOPIC_OR_PARTITION: 'COORDINATOR_NOT_AVAILABLE',
  NOT_ENOUGH_REPLICAS: 'COORDINATOR_NOT_AVAILABLE',
  REQUEST_TIMED_OUT: 'COORDINATOR_NOT_AVAILABLE',
  NOT_LEADER_OR_FOLLOWER: 'NOT_COORDINATOR',
  KAFKA_STORAGE_ERROR: 'NOT_COORDINATOR',
  MESSAGE_TOO_LARGE: 'UNKNOWN_SERVER_ERROR',
  RECORD_LIST_TOO_LARGE: 'UNKNOWN_SERVER_ERROR',
  INVALID_FETCH_SIZE: 'UNKNOWN_SERVER_ERROR',
}

/** Throws what is no refusal of a log or of its disk. */
export function appendError(cause: unknown): ErrorName {
  if (cause instanceof ApiError) return translated[cause.error] ?? cause.error
  if (cause instanceof KtoolError && !(cause instanceof BugError)) return 'NOT_COORDINATOR'
  throw cause
}
