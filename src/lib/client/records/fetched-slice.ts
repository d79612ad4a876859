import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import type { RecordsPart } from '../../model/records.ts'
import type { Damage } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { scanBatches } from '../../records/scan-batches.ts'
import { AbortedProducers, type AbortedTransaction } from './aborted-producers.ts'

/** What one answer brought of one partition: whole batches, of which only the headers were looked at so far. */
export class FetchedSlice {
  readonly sizeBytes: number
  /** Where the next fetch begins; where this one began, if nothing of it can be used. */
  readonly next: Int64
  /** What a batch needs that did not fit. */
  readonly neededBytes: number | undefined
  readonly #batches: RecordBatch[] = []
  readonly #damage: Damage | undefined
  readonly #aborted: AbortedProducers
  #at = 0

  constructor(bytes: Buffer, from: Int64, aborted: readonly AbortedTransaction[]) {
    this.sizeBytes = bytes.length
    this.#aborted = new AbortedProducers(aborted)
    let next = from
    let last: Damage | undefined
    for (const found of scanBatches(bytes)) {
      if (found.kind === 'damage') last = found
      // Batches begin before what was asked for, or end there.
      else if (found.lastOffset >= from) {
        this.#batches.push(found)
        if (found.lastOffset >= next) next = addInt64(found.lastOffset, 1)
      }
    }
    this.next = next
    this.#damage = last?.reason === 'cut' ? undefined : last
    this.neededBytes = last?.reason === 'cut' ? last.details.needed : undefined
  }

  /** Behind this nothing can be read: where the next batch begins is not known. */
  get isBroken(): boolean {
    return this.#damage !== undefined
  }

  /** The next batch with records for a reader; nothing at the end, or from `to` on. */
  take(to: Int64 | null): RecordsPart | undefined {
    for (;;) {
      const batch = this.#batches[this.#at]
      if (batch === undefined) return this.#brokenEnd()
      if (to !== null && batch.baseOffset !== null && batch.baseOffset >= to) return undefined
      this.#at += 1
      const damage = batch.damage()
      if (damage !== null) return { kind: 'lost', error: damaged(batch, damage) }
      const isAborted = this.#aborted.has(batch)
      if (!isAborted && !batch.isControl) return { kind: 'batch', batch }
    }
  }

  #brokenEnd(): RecordsPart | undefined {
    if (this.#damage === undefined || this.#at > this.#batches.length) return undefined
    this.#at += 1
    const { reason, finding } = this.#damage
    return {
      kind: 'lost',
      error: new DataError(`batch-${reason}`, `the batch at offset ${this.next}: ${finding}`, {
        hint: 'nothing behind it can be read; on a broker’s disk, ktool segments verify tells more',
        details: { offset: this.next },
      }),
    }
  }
}

function damaged({ baseOffset, lastOffset }: RecordBatch, { reason, finding, details }: Damage): DataError {
  const first = baseOffset ?? lastOffset
  return new DataError(`batch-${reason}`, `the batch of the offsets ${first} to ${lastOffset}: ${finding}`, {
    hint: 'its records are left out; the copy of another replica may be sound',
    details: { ...details, baseOffset: first, lastOffset },
  })
}
