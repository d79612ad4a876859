import { Reader } from '../../bytes/reader.ts'
import { DataError } from '../../errors.ts'
import type { LogRecord } from '../../protocol/log-record.ts'
import type { DecodeOptions, InternalRecord, Json } from './internal-record.ts'
import { coveredCopy, isSecretType } from './secrets.ts'

/** Records that say what they are in front of their value: those of the metadata logs (KIP-631). */
export interface MetadataLog {
  readonly kind: 'metadata'
  readonly byType: ReadonlyMap<number, LogRecord>
}

export function metadataLog(records: readonly LogRecord[]): MetadataLog {
  return { kind: 'metadata', byType: new Map(records.map((record) => [record.key ?? -1, record])) }
}

interface Frame {
  readonly typeId: number
  readonly version: number
  readonly sizeBytes: number
}

export function decodeMetadataRecord(
  log: MetadataLog,
  value: Buffer | null,
  { reveal }: DecodeOptions,
): InternalRecord {
  if (value === null) return unread(null, null, 'it has no value')
  const frame = frameOf(value)
  if (frame === undefined) return unread(null, value, 'its value does not begin with a frame')
  const record = log.byType.get(frame.typeId)
  const problem = `its type ${frame.typeId} is not known`
  if (record === undefined) return unread(frame.typeId, value, problem)
  try {
    return { ...readAs(record, value, reveal), typeId: frame.typeId, key: null, problem: null }
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    const mayBeShown = reveal || !isSecretType(record.name)
    const shown = mayBeShown ? value : blankedBehind(value, frame.sizeBytes)
    const rest = { type: record.name, version: frame.version, covered: mayBeShown ? [] : ['value'] }
    return { ...unread(frame.typeId, shown, cause.message), ...rest }
  }
}

function readAs(record: LogRecord, bytes: Buffer, reveal: boolean) {
  const { value, version } = record.decodeFramed(bytes)
  const json: Json = record.message.toJson(value, version)
  const copy = reveal ? undefined : coveredCopy(record, bytes, json)
  return {
    type: record.name,
    version,
    value: copy?.json ?? json,
    covered: copy?.covered ?? [],
    shownValue: copy?.bytes ?? bytes,
  }
}

function unread(typeId: number | null, shownValue: Buffer | null, problem: string): InternalRecord {
  return { type: null, typeId, version: null, key: null, value: null, problem, covered: [], shownValue }
}

function frameOf(value: Buffer): Frame | undefined {
  const reader = new Reader(value)
  try {
    if (reader.uvarint() !== 1) return undefined
    return { typeId: reader.uvarint(), version: reader.uvarint(), sizeBytes: reader.position }
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    return undefined
  }
}

function blankedBehind(value: Buffer, sizeBytes: number): Buffer {
  return Buffer.concat([value.subarray(0, sizeBytes)], value.length)
}
