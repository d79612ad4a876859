import { Reader } from '../../bytes/reader.ts'
import { DataError } from '../../errors.ts'
import type { LogRecord } from '../../protocol/log-record.ts'
import type { MetadataState } from './metadata-state.ts'

/** The fields of any record, and the value that a record with such fields has. */
export type RecordFields = LogRecord['message']['fields']
export type ValueOf<F extends RecordFields> = ReturnType<LogRecord<F>['decodeFramed']>['value']

/** What a record does to the state. */
export type Apply = (state: MetadataState) => void

/** A kind of record of the metadata log, and how it is replayed. */
export interface MetadataChange {
  readonly type: number
  /** Throws a DataError where the bytes are of a version that is not known, or damaged. */
  decode(bytes: Buffer): Apply
}

export function change<F extends RecordFields>(
  record: LogRecord<F>,
  apply: (state: MetadataState, value: ValueOf<F>) => void,
  check: (value: ValueOf<F>) => void = () => {},
): MetadataChange {
  return {
    type: record.key ?? -1,
    decode(bytes) {
      const { value } = record.decodeFramed(bytes)
      check(value)
      return (state) => apply(state, value)
    },
  }
}

/**
 * One that says only what becomes different of something that is there: what a tagged field of a later Kafka does to
 * that, nobody can tell.
 */
export function alteration<F extends RecordFields>(
  record: LogRecord<F>,
  apply: (state: MetadataState, value: ValueOf<F>) => void,
): MetadataChange {
  return change(record, apply, mustBeKnownWhole)
}

function mustBeKnownWhole({
  unknownTags: [first] = [],
}: {
  readonly unknownTags?: readonly { tag: number }[]
}): void {
  if (first === undefined) return
  throw new DataError('unknown-tagged-field', `its tagged field ${first.tag} is of a later Kafka`)
}

/** The number that says what a record of the metadata log is: it stands behind the version of the frame. */
export function metadataTypeOf(bytes: Buffer): number {
  const reader = new Reader(bytes)
  reader.uvarint()
  return reader.uvarint()
}
