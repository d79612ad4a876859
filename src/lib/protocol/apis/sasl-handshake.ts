import { array } from '../../schema/array.ts'
import { int16 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const saslHandshake = api({
  key: 17,
  name: 'SaslHandshake',
  versions: '0-1',
  listeners: ['broker', 'controller'],
  request: {
    mechanism: string,
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    mechanisms: array(string).about('What the listener offers.'),
  },
})
