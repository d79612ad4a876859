import { array } from '../../schema/array.ts'
import { bool, int8, int16, int32 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const createTopics = api({
  key: 19,
  name: 'CreateTopics',
  versions: '0-7',
  dropped: '0-1',
  flexible: 5,
  listeners: ['broker', 'controller'],
  request: {
    topics: array({
      name: string,
      numPartitions: int32.about('-1 takes the broker’s default, or follows from assignments.'),
      replicationFactor: int16.about('-1 takes the broker’s default, or follows from assignments.'),
      assignments: array({
        partitionIndex: int32,
        brokerIds: array(int32),
      }).about('Replicas of each partition, instead of letting the controller choose.'),
      configs: array({
        name: string,
        value: string.nullable(),
      }),
    }),
    timeoutMs: int32.default(60000),
    validateOnly: bool.since(1).about('Check and answer, but change nothing.'),
  },
  response: {
    throttleTimeMs: int32
      .since(2)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    topics: array({
      name: string,
      topicId: uuid.since(7).ignorable(),
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string.since(1).nullable().ignorable().about('What the broker adds to the error code.'),
      topicConfigErrorCode: int16.since(5).tagged(0).ignorable(),
      numPartitions: int32.since(5).default(-1).ignorable(),
      replicationFactor: int16.since(5).default(-1).ignorable(),
      configs: array({
        name: string,
        value: string.nullable(),
        readOnly: bool,
        configSource: int8.default(-1),
        isSensitive: bool,
      })
        .since(5)
        .nullable()
        .ignorable(),
    }),
  },
})
