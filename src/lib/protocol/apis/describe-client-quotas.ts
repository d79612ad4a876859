import { array } from '../../schema/array.ts'
import { bool, float64, int8, int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const describeClientQuotas = api({
  key: 48,
  name: 'DescribeClientQuotas',
  versions: '0-1',
  flexible: 1,
  listeners: ['broker'],
  request: {
    components: array({
      entityType: string,
      matchType: int8,
      match: string.nullable(),
    }),
    strict: bool,
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string.nullable().about('What the broker adds to the error code.'),
    entries: array({
      entity: array({
        entityType: string,
        entityName: string.nullable(),
      }),
      values: array({
        key: string,
        value: float64,
      }),
    }).nullable(),
  },
})
