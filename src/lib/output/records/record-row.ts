import { isUtf8 } from 'node:buffer'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor, RecordHeader } from '../../records/record-cursor.ts'
import { deserialize } from '../../serde/deserialize.ts'
import type { SerdeFormat } from '../../serde/formats.ts'
import { embedded, type Value } from '../value.ts'
import type { RecordForm } from './record-form.ts'

type ShownHeader = readonly [name: string, value: string | null]

/** A record as every command shows it. Of a key and its base64 one is there, and so of values and headers. */
export interface RecordRow {
  readonly kind?: 'record'
  readonly topic: string | null
  readonly partition: number | null
  readonly offset: number | bigint
  readonly timestamp: number | bigint
  readonly timestampType: string
  readonly key?: Value
  readonly keyBase64?: string | null
  readonly value?: Value
  readonly valueBase64?: string | null
  readonly headers?: readonly ShownHeader[]
  readonly headersBase64?: readonly ShownHeader[]
  readonly sequence?: number
  readonly controlType?: string
  readonly coordinatorEpoch?: number
}

/** The record that the cursor is at. */
export function recordRow(form: RecordForm, batch: RecordBatch, cursor: RecordCursor): RecordRow {
  const { topic, partition, manner } = form
  return {
    ...(form.hasKind === true ? { kind: 'record' as const } : {}),
    topic,
    partition,
    offset: cursor.offset,
    timestamp: cursor.timestamp,
    timestampType: batch.timestampType,
    ...named('key', 'keyBase64', form.key, cursor.key),
    ...named('value', 'valueBase64', form.value, cursor.value),
    ...headersOf(form, cursor),
    ...(manner === 'dump' ? ofTheLog(batch, cursor) : {}),
  }
}

/** What the log says of a record beyond what its producer wrote. */
export function ofTheLog(
  batch: RecordBatch,
  cursor: RecordCursor,
): Pick<RecordRow, 'sequence' | 'controlType' | 'coordinatorEpoch'> {
  return {
    ...(batch.magic === 2 ? { sequence: cursor.sequence } : {}),
    ...(batch.isControl ? controlFacts(cursor) : {}),
  }
}

export function headersOf(
  form: RecordForm,
  cursor: RecordCursor,
): Pick<RecordRow, 'headers' | 'headersBase64'> {
  const headers = cursor.headerCount === 0 ? [] : cursor.headers()
  const isText = form.value !== 'base64' && headers.every(isTextHeader)
  return isText ? { headers: shown(headers, 'utf8') } : { headersBase64: shown(headers, 'base64') }
}

function isTextHeader({ key, value }: RecordHeader): boolean {
  return isUtf8(key) && (value === null || isUtf8(value))
}

/** Names are text to Kafka: what is not becomes what Java makes of it. */
function shown(headers: readonly RecordHeader[], encoding: 'utf8' | 'base64'): ShownHeader[] {
  return headers.map(({ key, value }) => [
    key.toString('utf8'),
    value === null ? null : value.toString(encoding),
  ])
}

function named<Name extends string, Base64 extends string>(
  name: Name,
  base64Name: Base64,
  format: SerdeFormat,
  bytes: Buffer | null,
): { [key in Name]?: Value } & { [key in Base64]?: string | null } {
  const { isBase64, value } = deserialize(format, bytes)
  return (isBase64 ? { [base64Name]: value } : { [name]: embedded(value) }) as { [key in Name]?: Value } & {
    [key in Base64]?: string | null
  }
}

/** Magic 2's markers end a transaction in the name of a coordinator; other control records know none. */
const EPOCH_AT = 2

function controlFacts(cursor: RecordCursor): Pick<RecordRow, 'controlType' | 'coordinatorEpoch'> {
  const { key, value } = cursor
  const controlType = key === null || key.length < 4 ? 'UNKNOWN' : parseControlRecordKey(key).type
  const isMarker = controlType === 'COMMIT' || controlType === 'ABORT'
  if (!isMarker || value === null || value.length < EPOCH_AT + 4) return { controlType }
  return { controlType, coordinatorEpoch: value.readInt32BE(EPOCH_AT) }
}
