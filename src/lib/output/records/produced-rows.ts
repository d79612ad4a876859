import type { Int64 } from '../../bytes/int64.ts'
import { addInt64 } from '../../bytes/int64.ts'
import type { KtoolError } from '../../errors.ts'
import type { ItemFailure } from '../../model/outcome.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import type { SerdeFormat } from '../../serde/formats.ts'
import type { Batch } from '../result.ts'
import { type ProducedRow, shownKey } from './produced-shape.ts'

/** What became of some records of an input. */
export interface ProducedPart {
  readonly sent: readonly (ProducedBatch | FailedBatch)[]
  readonly faults: readonly Fault[]
}

interface ProducedBatch {
  readonly kind: 'written'
  readonly partition: number
  readonly places: readonly number[]
  readonly batch: DefaultRecordBatch
  readonly baseOffset: Int64 | null
  readonly logAppendTimeMs: Int64 | null
}

interface FailedBatch {
  readonly kind: 'lost'
  readonly places: readonly number[]
  readonly error: KtoolError
}

interface Fault {
  readonly place: number
  readonly error: KtoolError
}

/** What a record was going to be, where none is sent. */
export interface PlannedPart {
  readonly records: readonly {
    readonly place: number
    readonly partition: number
    readonly record: { readonly key: Buffer | null }
  }[]
  readonly faults: readonly Fault[]
}

/** Where the records stood in their input. */
interface Places {
  at(place: number): { readonly file: string | null; readonly line: number }
  words(places: readonly number[]): string
}

export interface ProducedForm {
  readonly topic: string
  readonly key: SerdeFormat
  readonly places: Places
  /** False leaves the rows out, and what failed in. */
  readonly hasRows: boolean
}

export async function* producedRows(
  parts: AsyncIterable<ProducedPart>,
  form: ProducedForm,
): AsyncGenerator<Batch<ProducedRow>, void, undefined> {
  for await (const { sent, faults } of parts) {
    const rows: ProducedRow[] = []
    const failures = faults.map((fault) => failureOf(fault, form.places))
    for (const batch of sent) {
      if (batch.kind === 'lost') {
        failures.push({ item: form.places.words(batch.places), error: batch.error })
      } else if (form.hasRows) for (const row of rowsOf(batch, form)) rows.push(row)
    }
    yield { rows, failures }
  }
}

export async function* plannedRows(
  parts: AsyncIterable<PlannedPart>,
  { topic, key, places }: ProducedForm,
): AsyncGenerator<Batch<ProducedRow>, void, undefined> {
  for await (const { records, faults } of parts) {
    yield {
      rows: records.map(({ place, partition, record }) => ({
        ...places.at(place),
        topic,
        partition,
        offset: null,
        timestamp: null,
        ...shownKey(key, record.key),
      })),
      failures: faults.map((fault) => failureOf(fault, places)),
    }
  }
}

/** Read from the batch that was sent, so that nothing has to be kept until it is. */
function* rowsOf(
  { batch, places, partition, baseOffset, logAppendTimeMs }: ProducedBatch,
  form: ProducedForm,
): Generator<ProducedRow, void, undefined> {
  const cursor = openRecords(batch, { checkCrc: false })
  for (const [index, place] of places.entries()) {
    if (!cursor.next()) return
    yield {
      ...form.places.at(place),
      topic: form.topic,
      partition,
      offset: baseOffset === null ? null : addInt64(baseOffset, index),
      timestamp: logAppendTimeMs ?? cursor.timestamp,
      ...shownKey(form.key, cursor.key),
    }
  }
}

function failureOf({ place, error }: Fault, places: Places): ItemFailure {
  return { item: places.words([place]), error }
}
