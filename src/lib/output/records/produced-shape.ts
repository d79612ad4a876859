import type { Int64 } from '../../bytes/int64.ts'
import { deserialize } from '../../serde/deserialize.ts'
import type { SerdeFormat } from '../../serde/formats.ts'
import { column, type Shape } from '../shape.ts'
import { embedded, type Json, type Value } from '../value.ts'

/** What became of a record that was sent: where in the input it stood, and where it lies now. */
export interface ProducedRow {
  /** Null for stdin, and where there is one file alone. */
  readonly file: string | null
  readonly line: number
  readonly topic: string
  readonly partition: number
  /** Null where nobody was asked. */
  readonly offset: Int64 | null
  readonly timestamp: Int64 | null
  readonly key?: Value
  readonly keyBase64?: string | null
}

/** A row of a dry run has no offset and no time yet. */
export function producedShape(key: SerdeFormat, isSent: boolean): Shape<ProducedRow> {
  return {
    version: 1,
    columns: [
      column('file', { isInTable: false }),
      column('line', { kind: 'number' }),
      column('topic'),
      column('partition', { kind: 'number' }),
      ...(isSent
        ? [
            column<ProducedRow>('offset', { kind: 'number' }),
            column<ProducedRow>('timestamp', { kind: 'moment' }),
          ]
        : []),
      ...(key === 'base64' ? [] : [column<ProducedRow>('key', { isOptional: true, shown: keyInWords })]),
      column('keyBase64', { isOptional: true, isInTable: key === 'base64' }),
    ],
  }
}

function keyInWords({ key, keyBase64 }: ProducedRow): Value {
  return typeof keyBase64 === 'string' ? `base64:${keyBase64}` : key
}

export function shownKey(format: SerdeFormat, key: Buffer | null): Pick<ProducedRow, 'key' | 'keyBase64'> {
  const shown = deserialize(format, key)
  return shown.isBase64 ? { keyBase64: shown.value } : { key: embedded(shown.value as Json) }
}
