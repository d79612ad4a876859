import type { Int64 } from '../../bytes/int64.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { advanceSequence } from '../../records/sequence.ts'

interface Written {
  readonly producerEpoch: number
  readonly lastSequence: number
}

/** Beyond so many producers they are no longer followed. */
const MOST_PRODUCERS = 100_000

/** Each producer numbers its records; without a gap where the cleaner has not been. */
export class ProducerSequences {
  readonly #producers = new Map<Int64, Written>()

  /** What was written meanwhile is not known. */
  forget(): void {
    this.#producers.clear()
  }

  /** The last sequence of the batch's producer, where this batch does not follow on it. */
  add(batch: DefaultRecordBatch): number | undefined {
    const { producerId, producerEpoch, baseSequence, lastSequence } = batch
    if (producerId < 0 || batch.isControl || baseSequence < 0) return undefined
    const before = this.#producers.get(producerId)
    if (before === undefined && this.#producers.size >= MOST_PRODUCERS) return undefined
    this.#producers.set(producerId, { producerEpoch, lastSequence })
    // A broker that has forgotten an idle producer lets it begin again.
    if (before?.producerEpoch !== producerEpoch || baseSequence === 0) return undefined
    return baseSequence === advanceSequence(before.lastSequence, 1) ? undefined : before.lastSequence
  }
}
