import { array } from '../../schema/array.ts'
import { bool, int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const alterPartitionReassignments = api({
  key: 45,
  name: 'AlterPartitionReassignments',
  versions: '0-1',
  flexible: 0,
  listeners: ['broker', 'controller'],
  request: {
    timeoutMs: int32.default(60000),
    allowReplicationFactorChange: bool.since(1).default(true),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        replicas: array(int32)
          .nullable()
          .default(null)
          .about('The target; null cancels a reassignment under way.'),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    allowReplicationFactorChange: bool.since(1).default(true).ignorable(),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string.nullable().about('What the broker adds to the error code.'),
    responses: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        errorMessage: string.nullable().about('What the broker adds to the error code.'),
      }),
    }),
  },
})
