import { int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const unregisterBroker = api({
  key: 64,
  name: 'UnregisterBroker',
  versions: '0',
  flexible: 0,
  listeners: ['broker', 'controller'],
  request: {
    brokerId: int32,
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
  },
})
