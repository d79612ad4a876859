import { bool, int8, int16, int32 } from '../../schema/numbers.ts'
import { bytes, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const pushTelemetry = api({
  key: 72,
  name: 'PushTelemetry',
  versions: '0',
  flexible: 0,
  listeners: ['broker'],
  request: {
    clientInstanceId: uuid,
    subscriptionId: int32,
    terminating: bool,
    compressionType: int8,
    metrics: bytes,
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
  },
})
