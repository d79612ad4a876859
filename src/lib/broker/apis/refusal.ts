import { KtoolError } from '../../errors.ts'
import { ApiError } from '../api-error.ts'

/** One item's error, in the answer beside the others. A disk that refuses is a refusal as well; bugs are thrown on. */
export function refusalOf(cause: unknown): { errorCode: number; errorMessage: string | null } {
  if (cause instanceof ApiError) return { errorCode: cause.code, errorMessage: cause.message || null }
  if (!(cause instanceof KtoolError)) throw cause
  return { errorCode: new ApiError('KAFKA_STORAGE_ERROR').code, errorMessage: cause.message }
}
