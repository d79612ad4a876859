import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import type { ApiError } from '../api-error.ts'
import type { Appended } from './client-batch.ts'
import type { Partition } from './partition.ts'
import { type RecordError, RecordsRefused } from './record-errors.ts'

/** Where Kafka does not look up the log start for its answer. */
const WITHOUT_LOG_START: ReadonlySet<ErrorName> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'NOT_LEADER_OR_FOLLOWER',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'CORRUPT_MESSAGE',
  'KAFKA_STORAGE_ERROR',
])

export interface Refusal {
  readonly error: ErrorName
  readonly message: string | null
  readonly recordErrors: readonly RecordError[]
  readonly logStartOffset: number
}

/** What a Produce request has for one partition, and what became of it. */
export class ProduceEntry {
  /** Of the request: entries of one topic stand together in the answer. */
  readonly topic: { readonly name: string; readonly topicId: string }
  readonly index: number
  readonly partition: Partition | undefined
  batch: DefaultRecordBatch | undefined
  appended: Appended | undefined
  refusal: Refusal | undefined

  constructor(topic: ProduceEntry['topic'], index: number, partition: Partition | undefined) {
    this.topic = topic
    this.index = index
    this.partition = partition
  }

  get isOpen(): boolean {
    return this.refusal === undefined && this.batch !== undefined
  }

  /** Before the log was asked: nothing is told but the error. */
  refuse(error: ErrorName, message: string | null = null): void {
    this.refusal = { error, message, recordErrors: [], logStartOffset: -1 }
  }

  /** By the log, which tells where it starts unless it was not even looked for. */
  refuseAppend(cause: ApiError): void {
    const { error } = cause
    const isAboutRecords = cause instanceof RecordsRefused
    const start = this.partition?.logStartOffset
    this.refusal = {
      error,
      message: isAboutRecords ? cause.message : null,
      recordErrors: isAboutRecords ? cause.recordErrors : [],
      logStartOffset: start === undefined || WITHOUT_LOG_START.has(error) ? -1 : start,
    }
  }

  get errorCode(): number {
    return errorCodes[this.refusal?.error ?? 'NONE']
  }
}
