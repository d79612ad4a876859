import { createHash } from 'node:crypto'
import type { Int64 } from '../../../src/lib/bytes/int64.ts'
import { codecs } from '../../../src/lib/compression/codec.ts'
import { DataError } from '../../../src/lib/errors.ts'
import { parseControlRecordKey } from '../../../src/lib/records/control-record-type.ts'
import type { Damage } from '../../../src/lib/records/damage.ts'
import { DefaultRecordBatch } from '../../../src/lib/records/default-record-batch.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../src/lib/records/record-batch.ts'
import type { RecordCursor } from '../../../src/lib/records/record-cursor.ts'
import { scanBatches } from '../../../src/lib/records/scan-batches.ts'

/** A line of the reference output, which Apache Kafka's own classes wrote about a file. */
export type Line = Record<string, unknown>

/** What the reference output says of a log, said by our own reading of it; damage as it is, in the end. */
export function linesOf(log: Buffer): { lines: Line[]; damage: Damage[] } {
  const lines: Line[] = []
  const damage: Damage[] = []
  for (const found of scanBatches(log)) {
    if (found.kind === 'damage') damage.push(found)
    else lines.push(...batchLines(found))
  }
  return { lines, damage }
}

function batchLines(batch: RecordBatch): Line[] {
  const records: Line[] = []
  let cursor: RecordCursor | undefined
  let recordsError: string | undefined
  try {
    cursor = openRecords(batch, { checkCrc: false })
    while (cursor.next()) records.push(recordLine(cursor))
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    recordsError = error.message
  }
  return [batchLine(batch, cursor, records, recordsError), ...records]
}

function batchLine(
  batch: RecordBatch,
  cursor: RecordCursor | undefined,
  records: Line[],
  recordsError: string | undefined,
): Line {
  const valid = batch.damage() === null
  const isLegacy = batch.magic < 2
  return {
    kind: 'batch',
    baseOffset: json((isLegacy && !valid ? undefined : (batch.baseOffset ?? cursor?.baseOffset)) ?? -1),
    lastOffset: json(batch.lastOffset),
    count: isLegacy ? records.length : batch.count,
    magic: batch.magic,
    codec: codecs[batch.codecId] ?? batch.codecId,
    timestampType: batch.timestampType,
    baseTimestamp: batch instanceof DefaultRecordBatch ? json(batch.baseTimestamp) : firstTimestamp(records),
    maxTimestamp: json(batch.maxTimestamp),
    producerId: json(batch.producerId),
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    deleteHorizonMs: batch.deleteHorizonMs === null ? null : json(batch.deleteHorizonMs),
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    position: batch.position,
    size: batch.sizeBytes,
    crc: batch.crc,
    valid,
    ...(recordsError === undefined ? {} : { recordsError }),
  }
}

function recordLine(cursor: RecordCursor): Line {
  return {
    kind: 'record',
    offset: json(cursor.offset),
    timestamp: json(cursor.timestamp),
    ...(cursor.batch.magic < 2 ? {} : { sequence: cursor.sequence }),
    keyBase64: blob(cursor.key),
    valueBase64: blob(cursor.value),
    headers: cursor.headers().map(({ key, value }) => [key.toString('utf8'), blob(value)]),
    ...(cursor.batch.isControl ? controlKeys(cursor) : {}),
  }
}

function controlKeys(cursor: RecordCursor): Line {
  const { type } = parseControlRecordKey(cursor.key)
  if (type !== 'ABORT' && type !== 'COMMIT') return { controlType: type }
  return { controlType: type, coordinatorEpoch: cursor.value?.readInt32BE(2) }
}

function firstTimestamp(records: Line[]): unknown {
  return records[0]?.timestamp ?? -1
}

function json(value: Int64): unknown {
  return typeof value === 'bigint' ? { bigint: String(value) } : value
}

function blob(bytes: Buffer | null): unknown {
  if (bytes === null) return null
  if (bytes.length <= 4096) return bytes.toString('base64')
  return { length: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
