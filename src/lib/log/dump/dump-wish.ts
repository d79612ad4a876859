import type { DumpRange } from './dump-range.ts'

/** What is wanted of the inputs. */
export interface DumpWish {
  readonly batches: boolean
  readonly records: boolean
  readonly range: DumpRange
  /** Of records, where they are wanted; else of batches and entries. */
  readonly limit: number
  /** Decode the records of Kafka's own topics. */
  readonly decode: boolean
  readonly reveal: boolean
}
