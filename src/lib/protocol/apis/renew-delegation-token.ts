import { int16, int32, int64 } from '../../schema/numbers.ts'
import { bytes } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const renewDelegationToken = api({
  key: 39,
  name: 'RenewDelegationToken',
  versions: '0-2',
  dropped: '0',
  flexible: 2,
  listeners: ['broker', 'controller'],
  request: {
    hmac: bytes,
    renewPeriodMs: int64,
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    expiryTimestampMs: int64,
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
  },
})
