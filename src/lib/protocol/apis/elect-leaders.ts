import { array } from '../../schema/array.ts'
import { int8, int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const electLeaders = api({
  key: 43,
  name: 'ElectLeaders',
  versions: '0-2',
  flexible: 2,
  listeners: ['broker', 'controller'],
  request: {
    electionType: int8.since(1).about('0 preferred, 1 unclean: may lose records.'),
    topicPartitions: array({
      topic: string,
      partitions: array(int32),
    }).nullable(),
    timeoutMs: int32.default(60000),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.since(1).about('See `ktool protocol errors`; 0 is none.'),
    replicaElectionResults: array({
      topic: string,
      partitionResult: array({
        partitionId: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        errorMessage: string.nullable().about('What the broker adds to the error code.'),
      }),
    }),
  },
})
