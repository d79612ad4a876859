import type { Packing } from './pending-batch.ts'

/** Who has to have a record before it counts as written: nobody, the leader, or all replicas in sync. */
export type Acks = 0 | 1 | -1

export interface ProduceSettings {
  readonly topic: string
  readonly acks: Acks
  readonly packing: Packing
  /** How long a record may wait for others to go with. */
  readonly lingerMs: number
  readonly batchSizeBytes: number
  /** How long a batch may be tried, from the moment that it is its turn. */
  readonly deliveryMs: number
  readonly transaction: TransactionSettings | null
}

export interface TransactionSettings {
  readonly id: string
  /** The coordinator aborts one that is open for longer. */
  readonly timeoutMs: number
}
