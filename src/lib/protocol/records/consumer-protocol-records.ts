import { array } from '../../schema/array.ts'
import { int32 } from '../../schema/numbers.ts'
import { bytes, string } from '../../schema/text-and-bytes.ts'
import { LogRecord } from '../log-record.ts'

/** What members of classic consumer groups tell each other through JoinGroup and SyncGroup. */

export const consumerProtocolSubscription = new LogRecord({
  name: 'ConsumerProtocolSubscription',
  type: 'data',
  framing: 'version',
  versions: '0-3',
  fields: {
    topics: array(string),
    userData: bytes.nullable().default(null),
    ownedPartitions: array({
      topic: string,
      partitions: array(int32),
    })
      .since(1)
      .ignorable()
      .about('What a cooperative member still holds.'),
    generationId: int32
      .since(2)
      .default(-1)
      .ignorable()
      .about('Of the round in which it got them; the older claim loses.'),
    rackId: string.since(3).nullable().default(null).ignorable(),
  },
})

export const consumerProtocolAssignment = new LogRecord({
  name: 'ConsumerProtocolAssignment',
  type: 'data',
  framing: 'version',
  versions: '0-3',
  fields: {
    assignedPartitions: array({
      topic: string,
      partitions: array(int32),
    }),
    userData: bytes.nullable().default(null),
  },
})
