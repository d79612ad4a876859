import type { SerdeFormat } from '../../serde/formats.ts'

/** How records are shown, the same for all of one partition. */
export interface RecordForm {
  /** Null where nothing says which topic it is. */
  readonly topic: string | null
  readonly partition: number | null
  readonly key: SerdeFormat
  readonly value: SerdeFormat
  /** `dump` adds what only a log says: sequences and control records. */
  readonly manner: 'dump' | 'read'
  /** Begins with `kind: record`, to be told apart from a batch. */
  readonly hasKind?: boolean
}
