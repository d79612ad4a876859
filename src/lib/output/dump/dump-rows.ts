import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { batchRow } from './batch-row.ts'
import type { DumpRow } from './dump-shape.ts'
import type { DamageShown, DecodedRecord, DumpedFile, DumpForm, FactsOfBatch } from './dump-view.ts'
import { dumpedRecord, formOf } from './record-dump.ts'

const ENOUGH_ROWS = 1000

/** What a dump finds, as rows of its shape. */
export class DumpRows {
  readonly #form: DumpForm
  #rows: DumpRow[] = []

  constructor(form: DumpForm) {
    this.#form = form
  }

  get isFull(): boolean {
    return this.#rows.length >= ENOUGH_ROWS
  }

  take(): DumpRow[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  batch(of: DumpedFile, batch: RecordBatch, facts: FactsOfBatch): void {
    this.#rows.push({ ...batchRow(of, batch, facts) })
  }

  record(of: DumpedFile, batch: RecordBatch, cursor: RecordCursor, said: DecodedRecord | undefined): void {
    this.#rows.push({ ...dumpedRecord(formOf(of, this.#form), batch, cursor, said, this.#form.decode) })
  }

  damage(of: DumpedFile, damage: DamageShown): void {
    this.#rows.push(damageRow(of, damage))
  }

  entry(of: DumpedFile, entry: DumpRow): void {
    this.#rows.push(entryRow(of, entry))
  }
}

export function damageRow(of: DumpedFile, { position, sizeBytes, reason, finding }: DamageShown): DumpRow {
  const { topic, partition, file } = of
  return { kind: 'damage', topic, partition, file, position, sizeBytes, reason, finding }
}

/** The files of a whole directory belong to no partition; checkpoints name those of their own. */
export function entryRow({ kind, file, topic, partition }: DumpedFile, entry: DumpRow): DumpRow {
  return topic === null ? { kind, file, ...entry } : { kind, topic, partition, file, ...entry }
}
