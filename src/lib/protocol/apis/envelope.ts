import { int16 } from '../../schema/numbers.ts'
import { bytes } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const envelope = api({
  key: 58,
  name: 'Envelope',
  versions: '0',
  flexible: 0,
  listeners: ['controller'],
  request: {
    requestData: bytes,
    requestPrincipal: bytes.nullable(),
    clientHostAddress: bytes,
  },
  response: {
    responseData: bytes.nullable().default(null),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
  },
})
