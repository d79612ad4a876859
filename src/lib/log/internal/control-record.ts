import { DataError } from '../../errors.ts'
import type { LogRecord } from '../../protocol/log-record.ts'
import {
  endTxnMarker,
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  votersRecord,
} from '../../protocol/records/control-records.ts'
import { type ControlRecordType, parseControlRecordKey } from '../../records/control-record-type.ts'
import type { InternalRecord, Json } from './internal-record.ts'

const values: ReadonlyMap<ControlRecordType, LogRecord> = new Map<ControlRecordType, LogRecord>([
  ['ABORT', endTxnMarker],
  ['COMMIT', endTxnMarker],
  ['LEADER_CHANGE', leaderChangeMessage],
  ['SNAPSHOT_HEADER', snapshotHeaderRecord],
  ['SNAPSHOT_FOOTER', snapshotFooterRecord],
  ['KRAFT_VERSION', kRaftVersionRecord],
  ['KRAFT_VOTERS', votersRecord],
])

/** A record of a control batch: a transaction's marker, or what a KRaft quorum writes between its records. */
export function decodeControlRecord(key: Buffer | null, value: Buffer | null): InternalRecord {
  const rest = { key: null, covered: [], shownValue: value }
  try {
    const { type, typeId } = parseControlRecordKey(key)
    const record = values.get(type)
    const known = { type, typeId, ...rest }
    if (record === undefined) return { ...known, version: null, value: null, problem: unknown(typeId) }
    return { ...known, ...read(record, value) }
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    return { type: null, typeId: null, version: null, value: null, problem: cause.message, ...rest }
  }
}

function unknown(typeId: number): string {
  return `its control type ${typeId} is not known`
}

/** All of these begin with an int16 version, inside their fields or in front of them. */
function read(
  record: LogRecord,
  bytes: Buffer | null,
): { version: number | null; value: Json; problem: string | null } {
  if (bytes === null || bytes.length < 2) {
    return { version: null, value: null, problem: 'its value has no version' }
  }
  const version = bytes.readInt16BE(0)
  try {
    const { value } = record.decodeFramed(bytes, version)
    return { version, value: record.message.toJson(value, version), problem: null }
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    return { version, value: null, problem: cause.message }
  }
}
