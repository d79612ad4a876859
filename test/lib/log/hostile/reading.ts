import type { KtoolError } from '../../../../src/lib/errors.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { outcome } from './run.ts'

/** What a log holds that is to be broken. */
export class Written {
  readonly batches: readonly RecordBatch[]
  readonly #wholes: ReadonlySet<string>
  readonly #sealedParts: ReadonlySet<string>

  constructor(bytes: Buffer) {
    this.batches = [...scanBatches(bytes)].flatMap((found) => (found.kind === 'batch' ? [found] : []))
    this.#wholes = new Set(this.batches.map(({ raw }) => raw.toString('latin1')))
    this.#sealedParts = new Set(this.batches.map(sealedPartOf))
  }

  /** It was there before, byte for byte. */
  has(batch: RecordBatch): boolean {
    return this.#wholes.has(batch.raw.toString('latin1'))
  }

  /** It was there before, as far as a CRC can tell. */
  hasSealed(batch: RecordBatch): boolean {
    return this.#sealedParts.has(sealedPartOf(batch))
  }
}

/** The part of a batch that its CRC covers, and the CRC: what cannot change and not be seen. */
function sealedPartOf({ raw, magic }: RecordBatch): string {
  return raw.toString('latin1', magic === 2 ? 17 : 12)
}

/** How many records can be read from a batch, or why they cannot. */
export function recordsOf(batch: RecordBatch): number | KtoolError {
  return outcome(() => {
    const cursor = openRecords(batch, { maxBytes: 1 << 20 })
    let count = 0
    for (; cursor.next(); count++) cursor.headers()
    return count
  })
}

/** An `expect` for what is asked a million times. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}
