import { KtoolError } from '../errors.ts'
import type { ReadablePartition } from '../model/records.ts'
import { openRecords } from '../records/open-records.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { RecordCursor } from '../records/record-cursor.ts'
import type { OpenedPartitions, ReadFailure } from './open-partitions.ts'
import { type AskedRange, type OffsetRange, rangeIn } from './read-range.ts'

/** Makes what is kept of the record that a cursor is at. */
export type RowOf<Row> = (partition: ReadablePartition, batch: RecordBatch, cursor: RecordCursor) => Row

export interface ReadRows<Row> {
  readonly rows: readonly Row[]
  readonly failures: readonly ReadFailure[]
}

/** As many records as are wanted, by partition and offset. A damaged place is a failure; what lies behind it follows. */
export async function* readRecords<Row>(
  { partitions, failures }: OpenedPartitions,
  asked: AskedRange,
  rowOf: RowOf<Row>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<ReadRows<Row>, void, undefined> {
  yield { rows: [], failures }
  let left = limit
  for (const partition of partitions) {
    if (left <= 0) return
    for await (const found of readAsked(partition, asked, rowOf)) {
      const rows = left < found.rows.length ? found.rows.slice(0, left) : found.rows
      left -= rows.length
      yield { rows, failures: found.failures }
      if (left <= 0) break
    }
  }
}

async function* readAsked<Row>(
  partition: ReadablePartition,
  asked: AskedRange,
  rowOf: RowOf<Row>,
): AsyncGenerator<ReadRows<Row>, void, undefined> {
  try {
    yield* readRange(partition, await rangeIn(partition, asked), rowOf)
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    yield { rows: [], failures: [failureIn(partition, error)] }
  }
}

/** The records of one partition, a batch at a time. Where it cannot go on, that is a failure of this partition. */
export async function* readRange<Row>(
  partition: ReadablePartition,
  { from, to }: OffsetRange,
  rowOf: RowOf<Row>,
): AsyncGenerator<ReadRows<Row>, void, undefined> {
  if (from >= to) return
  try {
    for await (const part of partition.read(from, to)) {
      if (part.kind === 'lost') yield { rows: [], failures: [failureIn(partition, part.error)] }
      else yield readBatch(partition, part.batch, { from, to }, rowOf)
    }
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    yield { rows: [], failures: [failureIn(partition, error)] }
  }
}

function readBatch<Row>(
  partition: ReadablePartition,
  batch: RecordBatch,
  { from, to }: OffsetRange,
  rowOf: RowOf<Row>,
): ReadRows<Row> {
  const rows: Row[] = []
  try {
    // Whoever found the batch has checked its CRC.
    const cursor = openRecords(batch, { checkCrc: false })
    while (cursor.next()) {
      if (cursor.offset < from || cursor.offset >= to) continue
      rows.push(rowOf(partition, batch, cursor))
    }
    return { rows, failures: [] }
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return { rows, failures: [failureIn(partition, error)] }
  }
}

function failureIn({ topic, partition }: ReadablePartition, error: KtoolError): ReadFailure {
  return { item: `${topic}-${partition}`, error }
}
