import { ApiError } from '../api-error.ts'

/** Of metadata, that one operation of a client may write: Kafka's MAX_RECORDS_PER_USER_OP. */
export const RECORDS_PER_OP = 10_000

export function tooManyRecords(): ApiError {
  return new ApiError('POLICY_VIOLATION', 'Unable to perform excessively large batch operation.')
}
