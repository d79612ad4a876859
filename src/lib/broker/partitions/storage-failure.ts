import { BugError, KtoolError } from '../../errors.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import { ApiError } from '../api-error.ts'

/**
 * What a write failed with, as the client is told. What the disk refuses is for the operator to know; the client
 * hears an error after which it tries again.
 */
export function storageFailure(cause: unknown, partition: string, log: LogSink): ApiError {
  if (cause instanceof ApiError) return cause
  if (!(cause instanceof KtoolError) || cause instanceof BugError) throw cause
  log.log('error', 'cannot write or read', { partition, reason: cause.message })
  return new ApiError('KAFKA_STORAGE_ERROR')
}
