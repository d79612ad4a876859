import { DataError } from '../../errors.ts'
import type { CoordinatorRecord, LogRecord } from '../../protocol/log-record.ts'
import { groupMetadata } from '../../protocol/records/classic-group-records.ts'
import { withConsumerProtocol } from './consumer-protocol.ts'
import type { InternalRecord, Json } from './internal-record.ts'

export interface CoordinatorLog {
  readonly kind: 'coordinator'
  readonly byType: ReadonlyMap<number, CoordinatorRecord>
}

export function coordinatorLog(records: readonly CoordinatorRecord[]): CoordinatorLog {
  return { kind: 'coordinator', byType: new Map(records.map((record) => [record.key.key ?? -1, record])) }
}

/** The key says what the record is about, the value what became of it; no value takes it away. */
export function decodeCoordinatorRecord(
  log: CoordinatorLog,
  key: Buffer | null,
  value: Buffer | null,
): InternalRecord {
  const typeId = key !== null && key.length >= 2 ? key.readInt16BE(0) : null
  const record = typeId === null ? undefined : log.byType.get(typeId)
  const rest = { typeId, covered: [], shownValue: value }
  if (key === null || record === undefined) {
    const problem = typeId === null ? 'its key has no type' : `its type ${typeId} is not known`
    return { type: null, version: null, key: null, value: null, problem, ...rest }
  }
  const keyRead = read(record.key, key)
  const valueRead = value === null ? nothing : read(record.value, value)
  return {
    type: record.key.name.replace(/Key$/, ''),
    version: valueRead.version,
    key: keyRead.json,
    value: valueRead.json,
    problem: keyRead.problem ?? valueRead.problem,
    ...rest,
  }
}

interface ReadPart {
  readonly json: Json
  readonly version: number | null
  readonly problem: string | null
}

const nothing: ReadPart = { json: null, version: null, problem: null }

function read(record: LogRecord, bytes: Buffer): ReadPart {
  try {
    const { value, version } = record.decodeFramed(bytes)
    const json: Json = record.message.toJson(value, version)
    const isGroup = record.name === groupMetadata.value.name
    return { json: isGroup ? withConsumerProtocol(json) : json, version, problem: null }
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    return { ...nothing, problem: cause.message }
  }
}
