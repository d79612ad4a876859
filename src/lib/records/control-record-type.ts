import { DataError } from '../errors.ts'

/** The kinds of control records, in the order of their numbers. */
export const controlRecordTypes = [
  'ABORT',
  'COMMIT',
  'LEADER_CHANGE',
  'SNAPSHOT_HEADER',
  'SNAPSHOT_FOOTER',
  'KRAFT_VERSION',
  'KRAFT_VOTERS',
] as const

/** UNKNOWN is one of a later Kafka: to be passed over, not to be refused. */
export type ControlRecordType = (typeof controlRecordTypes)[number] | 'UNKNOWN'

export interface ControlRecordKey {
  readonly version: number
  readonly typeId: number
  readonly type: ControlRecordType
}

const KEY_BYTES = 4

/** The key tells what a control record is; its value has a schema of its own for each type. */
export function parseControlRecordKey(key: Buffer | null): ControlRecordKey {
  if (key === null || key.length < KEY_BYTES) {
    throw keyError(
      `a control record's key has at least ${KEY_BYTES} bytes, this one ${key?.length ?? 'is null'}`,
    )
  }
  const version = key.readInt16BE(0)
  if (version < 0) throw keyError(`the key of a control record has the version ${version}`)
  const typeId = key.readInt16BE(2)
  return { version, typeId, type: controlRecordTypes[typeId] ?? 'UNKNOWN' }
}

export function controlRecordKey(type: Exclude<ControlRecordType, 'UNKNOWN'>): Buffer {
  const key = Buffer.alloc(KEY_BYTES)
  key.writeInt16BE(controlRecordTypes.indexOf(type), 2)
  return key
}

function keyError(message: string): DataError {
  return new DataError('corrupt-control-record', message, { details: { field: 'key' } })
}
