import type { RecordPlace, RecordSink } from '../../model/record-sink.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import type { RecordForm } from './record-form.ts'
import { type RecordRow, recordRow } from './record-row.ts'

/** Records of any partitions as rows. */
export class RowSink implements RecordSink {
  readonly #form: Pick<RecordForm, 'key' | 'value'>
  #rows: RecordRow[] = []

  constructor(form: Pick<RecordForm, 'key' | 'value'>) {
    this.#form = form
  }

  get isFull(): boolean {
    return this.#rows.length > 0
  }

  rowOf({ topic, partition }: RecordPlace, batch: RecordBatch, cursor: RecordCursor): RecordRow {
    return recordRow({ ...this.#form, topic, partition, manner: 'read' }, batch, cursor)
  }

  add(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    this.#rows.push(this.rowOf(place, batch, cursor))
  }

  addAll(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    while (cursor.next()) this.add(place, batch, cursor)
  }

  /** What has gathered since the last time. */
  take(): readonly RecordRow[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }
}
