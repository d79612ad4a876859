import { type Int64, toInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import type { LogRecord } from '../../protocol/log-record.ts'
import {
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotHeaderRecord,
  votersRecord,
} from '../../protocol/records/control-records.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import type { RecordFields, ValueOf } from './metadata-change.ts'
import type { MetadataState } from './metadata-state.ts'

export interface ControlSaid {
  readonly isFooter: boolean
  /** Of the last record that a snapshot contains. */
  readonly timestampMs: Int64 | null
}

/** The quorum's own records, among those of the controller. */
export function replayControlRecord(state: MetadataState, key: Buffer | null, value: Buffer): ControlSaid {
  const { type } = parseControlRecordKey(key)
  switch (type) {
    case 'LEADER_CHANGE':
      state.controllerId = decoded(leaderChangeMessage, value).leaderId
      break
    case 'SNAPSHOT_HEADER':
      return {
        isFooter: false,
        timestampMs: toInt64(decoded(snapshotHeaderRecord, value).lastContainedLogTimestamp),
      }
    case 'SNAPSHOT_FOOTER':
      return { isFooter: true, timestampMs: null }
    case 'KRAFT_VERSION':
      setKRaftVersion(state, decoded(kRaftVersionRecord, value).kRaftVersion)
      break
    case 'KRAFT_VOTERS':
      state.voters = decoded(votersRecord, value).voters.map(({ voterId, voterDirectoryId, endpoints }) => ({
        id: voterId,
        directoryId: voterDirectoryId,
        endpoints,
      }))
      break
  }
  return { isFooter: false, timestampMs: null }
}

/** Level 0 is that of a quorum whose voters stand in files of configuration. */
function setKRaftVersion({ features }: MetadataState, level: number): void {
  if (level === 0) features.delete('kraft.version')
  else features.set('kraft.version', level)
}

/** The version of these is their first field. */
function decoded<F extends RecordFields>(record: LogRecord<F>, value: Buffer): ValueOf<F> {
  if (value.length < 2) throw new DataError('corrupt-control-record', `${record.name} has no version`)
  return record.decodeFramed(value, value.readInt16BE(0)).value
}
