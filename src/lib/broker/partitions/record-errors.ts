import type { Int64 } from '../../bytes/int64.ts'
import { ApiError } from '../api-error.ts'
import type { TimestampLimits } from './timestamp-limits.ts'

export interface RecordError {
  readonly batchIndex: number
  readonly batchIndexErrorMessage: string
}

/** A batch that was refused because of some of its records (KIP-467). */
export class RecordsRefused extends ApiError {
  readonly recordErrors: readonly RecordError[]

  constructor(
    error: 'INVALID_RECORD' | 'INVALID_TIMESTAMP',
    message: string,
    recordErrors: readonly RecordError[],
  ) {
    super(error, message)
    this.recordErrors = recordErrors
  }
}

/** Collects what is wrong with the records of one batch, in the words that clients show to people. */
export class RecordErrors {
  readonly #place: string
  readonly #errors: RecordError[] = []
  #isAboutTime = false

  constructor(topic: string, partition: number) {
    this.#place = `${topic}-${partition}`
  }

  noKey(batchIndex: number): void {
    this.#add(
      batchIndex,
      `Compacted topic cannot accept message without key in topic partition ${this.#place}`,
    )
  }

  timestamp(
    batchIndex: number,
    timestamp: Int64,
    offset: Int64,
    { earliest, latest }: TimestampLimits,
  ): void {
    this.#isAboutTime = true
    this.#add(
      batchIndex,
      `Timestamp ${timestamp} of message with offset ${offset} is out of range. ` +
        `The timestamp should be within [${earliest}, ${latest}]`,
    )
  }

  timestampType(batchIndex: number, record: string): void {
    this.#isAboutTime = true
    this.#add(
      batchIndex,
      `Invalid timestamp type in message ${record}. Producer should not set timestamp type to LogAppendTime.`,
    )
  }

  throwIfAny(): void {
    const errors = this.#errors
    if (errors.length === 0) return
    if (this.#isAboutTime) {
      const message = 'One or more records have been rejected due to invalid timestamp'
      throw new RecordsRefused('INVALID_TIMESTAMP', message, errors)
    }
    const first = errors
      .slice(0, 3)
      .map((e) => `RecordError(batchIndex=${e.batchIndex}, message='${e.batchIndexErrorMessage}')`)
    const message =
      `One or more records have been rejected due to ${errors.length} record errors in total, ` +
      `and only showing the first three errors at most: [${first.join(', ')}]`
    throw new RecordsRefused('INVALID_RECORD', message, errors)
  }

  #add(batchIndex: number, batchIndexErrorMessage: string): void {
    this.#errors.push({ batchIndex, batchIndexErrorMessage })
  }
}
