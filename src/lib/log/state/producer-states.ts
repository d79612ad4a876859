import type { Int64 } from '../../bytes/int64.ts'

/** What a broker knows of a producer, as DescribeProducers tells it. */
export interface ProducerState {
  readonly producerId: Int64
  readonly producerEpoch: number
  /** −1 where a marker with a new epoch has come since its last batch. */
  readonly lastSequence: number
  readonly lastTimestamp: Int64
  /** Of the coordinator that wrote the last marker; null where there was none. */
  readonly coordinatorEpoch: number | null
  /** Null where no transaction is open. */
  readonly currentTransactionStartOffset: Int64 | null
}
