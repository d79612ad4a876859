import type { Damage } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'

/** What a scan of a log file comes upon, in the order of the file. */
export type Scanned = ScannedBatch | ScannedGap

export interface ScannedBatch {
  readonly kind: 'batch'
  /** Good until the next one is asked for. */
  readonly batch: RecordBatch
  /** Its frame is where it should be, but its CRC is wrong; null for a sound batch. */
  readonly damage: Damage | null
}

/** Bytes that are no batch. `damage.sizeBytes` tells how many, up to the next batch or the end of the file. */
export interface ScannedGap {
  readonly kind: 'gap'
  readonly damage: Damage
}
