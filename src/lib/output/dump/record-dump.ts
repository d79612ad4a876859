import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { deserialize } from '../../serde/deserialize.ts'
import type { RecordForm } from '../records/record-form.ts'
import { type RecordRow, recordRow } from '../records/record-row.ts'
import { embedded, type Json, type Value } from '../value.ts'
import type { DecodedRecord, DumpedFile, DumpForm } from './dump-view.ts'

/** A record of a log; of one of Kafka's own topics with what it says. */
export interface DumpedRecord extends RecordRow {
  readonly decoded?: Value
}

export function formOf({ topic, partition }: DumpedFile, { key, value }: DumpForm): RecordForm {
  return { topic, partition, key, value, manner: 'dump', hasKind: true }
}

export function dumpedRecord(
  form: RecordForm,
  batch: RecordBatch,
  cursor: RecordCursor,
  said: DecodedRecord | undefined,
  isDecoded: boolean,
): DumpedRecord {
  const row = recordRow(form, batch, cursor)
  if (said === undefined) return row
  const shown = said.covered.length === 0 ? row : withValue(form, row, said.shownValue)
  return isDecoded ? { ...shown, decoded: embedded(decodedJson(said)) } : shown
}

/** The row with another value in the same place. */
function withValue(form: RecordForm, row: RecordRow, bytes: Buffer | null): RecordRow {
  const { value: _value, valueBase64: _base64, ...rest } = row
  const { isBase64, value } = deserialize(form.value, bytes)
  const shown = isBase64 ? { valueBase64: value } : { value: embedded(value) }
  return { ...rest, ...shown }
}

function decodedJson({ type, typeId, version, key, value, problem, covered }: DecodedRecord): Json {
  return {
    type,
    ...(type === null && typeId !== null ? { typeId } : {}),
    version,
    key,
    value,
    ...(covered.length === 0 ? {} : { covered: [...covered] }),
    ...(problem === null ? {} : { problem }),
  }
}
