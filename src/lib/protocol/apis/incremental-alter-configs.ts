import { array } from '../../schema/array.ts'
import { bool, int8, int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const incrementalAlterConfigs = api({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: '0-1',
  flexible: 1,
  listeners: ['broker', 'controller'],
  request: {
    resources: array({
      resourceType: int8,
      resourceName: string,
      configs: array({
        name: string,
        configOperation: int8.about('0 set, 1 delete, 2 append, 3 subtract.'),
        value: string.nullable(),
      }),
    }),
    validateOnly: bool.about('Check and answer, but change nothing.'),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    responses: array({
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string.nullable().about('What the broker adds to the error code.'),
      resourceType: int8,
      resourceName: string,
    }),
  },
})
