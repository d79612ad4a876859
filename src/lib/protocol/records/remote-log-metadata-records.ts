import { array } from '../../schema/array.ts'
import { bool, int8, int32, int64 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { bytes, string, uuid } from '../../schema/text-and-bytes.ts'
import { LogRecord } from '../log-record.ts'

/** `__remote_log_metadata`: segments that tiered storage holds. */

export const remoteLogSegmentMetadataRecord = new LogRecord({
  name: 'RemoteLogSegmentMetadataRecord',
  type: 'metadata',
  key: 0,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    remoteLogSegmentId: struct({
      topicIdPartition: struct({
        name: string,
        id: uuid,
        partition: int32,
      }),
      id: uuid,
    }),
    startOffset: int64,
    endOffset: int64,
    brokerId: int32,
    maxTimestampMs: int64,
    eventTimestampMs: int64,
    segmentLeaderEpochs: array({
      leaderEpoch: int32,
      offset: int64,
    }),
    segmentSizeInBytes: int32,
    customMetadata: bytes.nullable().default(null),
    remoteLogSegmentState: int8,
    txnIndexEmpty: bool.tagged(0),
  },
})

export const remoteLogSegmentMetadataUpdateRecord = new LogRecord({
  name: 'RemoteLogSegmentMetadataUpdateRecord',
  type: 'metadata',
  key: 1,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    remoteLogSegmentId: struct({
      topicIdPartition: struct({
        name: string,
        id: uuid,
        partition: int32,
      }),
      id: uuid,
    }),
    brokerId: int32,
    eventTimestampMs: int64,
    customMetadata: bytes.nullable().default(null),
    remoteLogSegmentState: int8,
  },
})

export const remotePartitionDeleteMetadataRecord = new LogRecord({
  name: 'RemotePartitionDeleteMetadataRecord',
  type: 'metadata',
  key: 2,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    topicIdPartition: struct({
      name: string,
      id: uuid,
      partition: int32,
    }),
    brokerId: int32,
    eventTimestampMs: int64,
    remotePartitionDeleteState: int8,
  },
})

export const remoteLogSegmentMetadataSnapshotRecord = new LogRecord({
  name: 'RemoteLogSegmentMetadataSnapshotRecord',
  type: 'metadata',
  key: 3,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    segmentId: uuid,
    startOffset: int64,
    endOffset: int64,
    brokerId: int32,
    maxTimestampMs: int64,
    eventTimestampMs: int64,
    segmentLeaderEpochs: array({
      leaderEpoch: int32,
      offset: int64,
    }),
    segmentSizeInBytes: int32,
    customMetadata: bytes.nullable().default(null),
    remoteLogSegmentState: int8,
    txnIndexEmpty: bool.tagged(0),
  },
})
