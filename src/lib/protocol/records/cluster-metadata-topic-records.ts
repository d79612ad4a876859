import { array } from '../../schema/array.ts'
import { int8, int32 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { LogRecord } from '../log-record.ts'

/** Topics and partitions in `__cluster_metadata`. */

export const topicRecord = new LogRecord({
  name: 'TopicRecord',
  type: 'metadata',
  key: 2,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    name: string,
    topicId: uuid,
  },
})

export const partitionRecord = new LogRecord({
  name: 'PartitionRecord',
  type: 'metadata',
  key: 3,
  framing: 'metadata',
  versions: '0-2',
  flexible: 0,
  fields: {
    partitionId: int32.default(-1),
    topicId: uuid,
    replicas: array(int32),
    isr: array(int32),
    removingReplicas: array(int32),
    addingReplicas: array(int32),
    leader: int32.default(-1).about('-1 where there is none.'),
    leaderRecoveryState: int8
      .tagged(0)
      .about('1 after an unclean election, until the new leader has recovered.'),
    leaderEpoch: int32.default(-1),
    partitionEpoch: int32.default(-1),
    directories: array(uuid).since(1),
    eligibleLeaderReplicas: array(int32).since(2).nullable().default(null).tagged(1),
    lastKnownElr: array(int32).since(2).nullable().default(null).tagged(2),
  },
})

export const partitionChangeRecord = new LogRecord({
  name: 'PartitionChangeRecord',
  type: 'metadata',
  key: 5,
  framing: 'metadata',
  versions: '0-2',
  flexible: 0,
  fields: {
    partitionId: int32.default(-1),
    topicId: uuid,
    isr: array(int32)
      .nullable()
      .default(null)
      .tagged(0)
      .about('Null leaves it as it is; so it is with the other lists.'),
    leader: int32.default(-2).tagged(1).about('-2 leaves it as it is, -1 means none.'),
    replicas: array(int32).nullable().default(null).tagged(2),
    removingReplicas: array(int32).nullable().default(null).tagged(3),
    addingReplicas: array(int32).nullable().default(null).tagged(4),
    leaderRecoveryState: int8.default(-1).tagged(5),
    directories: array(uuid).since(1).nullable().default(null).tagged(8),
    eligibleLeaderReplicas: array(int32).since(2).nullable().default(null).tagged(6),
    lastKnownElr: array(int32).since(2).nullable().default(null).tagged(7),
  },
})

export const removeTopicRecord = new LogRecord({
  name: 'RemoveTopicRecord',
  type: 'metadata',
  key: 9,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    topicId: uuid,
  },
})

export const clearElrRecord = new LogRecord({
  name: 'ClearElrRecord',
  type: 'metadata',
  key: 28,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    topicName: string,
  },
})
