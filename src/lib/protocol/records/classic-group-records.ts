import { array } from '../../schema/array.ts'
import { int32, int64 } from '../../schema/numbers.ts'
import { bytes, string, uuid } from '../../schema/text-and-bytes.ts'
import { coordinatorRecord } from '../log-record.ts'

/** Committed offsets of every kind of group, and classic groups, in `__consumer_offsets`. */

export const legacyOffsetCommit = coordinatorRecord({
  name: 'LegacyOffsetCommit',
  type: 0,
  key: {
    group: string,
    topic: string,
    partition: int32,
  },
  versions: '0',
  value: {
    offset: int64,
    metadata: string,
    commitTimestamp: int64,
  },
})

export const offsetCommit = coordinatorRecord({
  name: 'OffsetCommit',
  type: 1,
  key: {
    group: string,
    topic: string,
    partition: int32,
  },
  versions: '0-4',
  flexible: 4,
  value: {
    offset: int64,
    leaderEpoch: int32
      .since(3)
      .default(-1)
      .ignorable()
      .about('Of the last record consumed; -1 where unknown.'),
    metadata: string,
    commitTimestamp: int64,
    expireTimestamp: int64.since(1).until(1).default(-1n).ignorable().about('Only version 1 carries it.'),
    topicId: uuid.since(4).tagged(0).ignorable(),
  },
})

export const groupMetadata = coordinatorRecord({
  name: 'GroupMetadata',
  type: 2,
  key: {
    group: string,
  },
  versions: '0-4',
  flexible: 4,
  value: {
    protocolType: string,
    generation: int32,
    protocol: string.nullable(),
    leader: string.nullable(),
    currentStateTimestamp: int64
      .since(2)
      .default(-1n)
      .ignorable()
      .about('When the group became empty or dead; -1 otherwise.'),
    members: array({
      memberId: string,
      groupInstanceId: string.since(3).nullable().default(null).ignorable(),
      clientId: string,
      clientHost: string,
      rebalanceTimeout: int32.since(1).default(-1).ignorable(),
      sessionTimeout: int32,
      subscription: bytes,
      assignment: bytes,
    }),
  },
})
