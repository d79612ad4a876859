import { column, type Shape } from '../shape.ts'
import type { Value } from '../value.ts'
import type { RecordForm } from './record-form.ts'
import type { RecordRow } from './record-row.ts'

/** The one shape of a record, in every format. The columns are those that its form can fill. */
export function recordShape(form: RecordForm): Shape<RecordRow> {
  const isDump = form.manner === 'dump'
  return {
    version: 1,
    ...(isDump ? {} : { hasRaw: true }),
    columns: [
      ...(form.hasKind === true ? [column<RecordRow>('kind', { isInTable: false })] : []),
      column('topic', { isInTable: !isDump }),
      column('partition', { kind: 'number', isInTable: !isDump }),
      column('offset', { kind: 'number' }),
      column('timestamp', { kind: 'moment' }),
      column('timestampType', { isInTable: false }),
      ...(form.key === 'base64' ? [] : [column<RecordRow>('key', { ...optional, shown: keyInWords })]),
      column('keyBase64', { ...optional, isInTable: form.key === 'base64' }),
      ...(form.value === 'base64' ? [] : [column<RecordRow>('value', { ...optional, shown: valueInWords })]),
      column('valueBase64', { ...optional, isInTable: form.value === 'base64' }),
      ...(form.value === 'base64' ? [] : [column<RecordRow>('headers', { ...optional, isInTable: false })]),
      column('headersBase64', { ...optional, isInTable: false }),
      ...(isDump ? logColumns : []),
    ],
  }
}

const optional = { isOptional: true } as const

const logColumns = [
  column<RecordRow>('sequence', { ...optional, kind: 'number', isInTable: false }),
  column<RecordRow>('controlType', { ...optional, header: 'CONTROL' }),
  column<RecordRow>('coordinatorEpoch', { ...optional, kind: 'number', isInTable: false }),
]

/** Bytes that are not of the format are there all the same: a table has no column of their own for them. */
function keyInWords({ key, keyBase64 }: RecordRow): Value {
  return typeof keyBase64 === 'string' ? `base64:${keyBase64}` : key
}

function valueInWords({ value, valueBase64 }: RecordRow): Value {
  return typeof valueBase64 === 'string' ? `base64:${valueBase64}` : value
}
