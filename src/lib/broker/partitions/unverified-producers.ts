import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'

/** The first that a producer wanted to write within a transaction which has no records here yet. */
export interface UnverifiedProducer {
  readonly producerEpoch: number
  readonly lowestSequence: number
  /** Each of its transactions begins at sequence 0 (KIP-890). */
  readonly isTransactionV2: boolean
}

/** Whoever has not written for so many others is forgotten: strangers must not fill the memory. */
const MOST_PRODUCERS = 1000

/**
 * Producers whose transactions are not known to have been told to the coordinator. While the first batch is refused,
 * so that its producer will send it again, one that was sent after it must not come before it.
 */
export class UnverifiedProducers {
  readonly #known = new Map<bigint | number, UnverifiedProducer>()

  get(producerId: bigint | number): UnverifiedProducer | undefined {
    return this.#known.get(producerId)
  }

  add({ producerId, producerEpoch, baseSequence }: DefaultRecordBatch, isTransactionV2: boolean): void {
    const known = this.#known.get(producerId)
    if (known === undefined) {
      this.#known.set(producerId, { producerEpoch, lowestSequence: baseSequence, isTransactionV2 })
      this.#forgetOldest()
      return
    }
    const isLower = producerEpoch === known.producerEpoch && baseSequence < known.lowestSequence
    if (isLower || producerEpoch > known.producerEpoch) {
      this.#known.set(producerId, { ...known, producerEpoch, lowestSequence: baseSequence })
    }
  }

  delete(producerId: bigint | number): void {
    this.#known.delete(producerId)
  }

  #forgetOldest(): void {
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST_PRODUCERS && oldest !== undefined) this.#known.delete(oldest)
  }
}
