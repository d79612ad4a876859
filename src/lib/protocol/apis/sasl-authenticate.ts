import { int16, int64 } from '../../schema/numbers.ts'
import { bytes, string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const saslAuthenticate = api({
  key: 36,
  name: 'SaslAuthenticate',
  versions: '0-2',
  flexible: 2,
  listeners: ['broker', 'controller'],
  request: {
    authBytes: bytes,
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string.nullable().about('What the broker adds to the error code.'),
    authBytes: bytes,
    sessionLifetimeMs: int64
      .since(1)
      .ignorable()
      .about('Authenticate again within this time; 0 for no limit (KIP-368).'),
  },
})
