import type { RecordBatch } from '../../records/record-batch.ts'
import type { SerdeFormat } from '../../serde/formats.ts'
import type { Json } from '../value.ts'

/** How a dump is shown. */
export interface DumpForm {
  readonly key: SerdeFormat
  readonly value: SerdeFormat
  readonly batches: boolean
  readonly records: boolean
  /** Show the records of Kafka's own topics as what they say. */
  readonly decode: boolean
}

/** The file that something was found in. */
export interface DumpedFile {
  readonly file: string
  readonly kind: string
  readonly topic: string | null
  readonly partition: number | null
}

/** What is known of a batch besides its header. */
export interface FactsOfBatch {
  readonly baseOffset: number | bigint
  readonly count: number
  readonly baseTimestamp: number | bigint
  readonly valid: boolean
  readonly recordsError: string | null
}

/** A record of one of Kafka's own topics, read as what it is. */
export interface DecodedRecord {
  readonly type: string | null
  readonly typeId: number | null
  readonly version: number | null
  readonly key: Json
  readonly value: Json
  readonly problem: string | null
  readonly covered: readonly string[]
  readonly shownValue: Buffer | null
}

export interface DamageShown {
  readonly position: number
  readonly sizeBytes: number
  readonly reason: string
  readonly finding: string
}

/** A batch and all that is to be said of it. */
export interface ShownBatch {
  readonly file: DumpedFile
  readonly batch: RecordBatch
  readonly facts: FactsOfBatch
}
