import { array } from '../../schema/array.ts'
import { int16, int32, int64, uint16 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { LogRecord } from '../log-record.ts'

/** Keys and values of records in control batches. */

export const controlRecordTypeSchema = new LogRecord({
  name: 'ControlRecordTypeSchema',
  type: 'data',
  framing: 'version',
  versions: '0',
  fields: {
    type: int16.about(
      '0 abort, 1 commit, 2 leader change, 3 snapshot header, 4 snapshot footer, 5 KRaft version, 6 voters.',
    ),
  },
})

export const endTxnMarker = new LogRecord({
  name: 'EndTxnMarker',
  type: 'data',
  framing: 'version',
  versions: '0',
  fields: {
    coordinatorEpoch: int32.about(
      'Rises with each new coordinator, so that markers of an old one are refused.',
    ),
  },
})

export const leaderChangeMessage = new LogRecord({
  name: 'LeaderChangeMessage',
  type: 'data',
  framing: 'none',
  versions: '0-1',
  flexible: 0,
  fields: {
    version: int16,
    leaderId: int32,
    voters: array({
      voterId: int32,
      voterDirectoryId: uuid.since(1),
    }),
    grantingVoters: array({
      voterId: int32,
      voterDirectoryId: uuid.since(1),
    }),
  },
})

export const snapshotHeaderRecord = new LogRecord({
  name: 'SnapshotHeaderRecord',
  type: 'data',
  framing: 'none',
  versions: '0',
  flexible: 0,
  fields: {
    version: int16,
    lastContainedLogTimestamp: int64,
  },
})

export const snapshotFooterRecord = new LogRecord({
  name: 'SnapshotFooterRecord',
  type: 'data',
  framing: 'none',
  versions: '0',
  flexible: 0,
  fields: {
    version: int16,
  },
})

export const kRaftVersionRecord = new LogRecord({
  name: 'KRaftVersionRecord',
  type: 'data',
  framing: 'none',
  versions: '0',
  flexible: 0,
  fields: {
    version: int16,
    kRaftVersion: int16,
  },
})

export const votersRecord = new LogRecord({
  name: 'VotersRecord',
  type: 'data',
  framing: 'none',
  versions: '0',
  flexible: 0,
  fields: {
    version: int16,
    voters: array({
      voterId: int32,
      voterDirectoryId: uuid,
      endpoints: array({
        name: string,
        host: string,
        port: uint16,
      }),
      kRaftVersionFeature: struct({
        minSupportedVersion: int16,
        maxSupportedVersion: int16,
      }),
    }),
  },
})
