import { array } from '../../schema/array.ts'
import { int8, int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const findCoordinator = api({
  key: 10,
  name: 'FindCoordinator',
  versions: '0-6',
  flexible: 3,
  listeners: ['broker'],
  request: {
    key: string.until(3),
    keyType: int8.since(1).about('0 group, 1 transactional id, 2 share partition.'),
    coordinatorKeys: array(string).since(4).about('Several at once, from version 4 on.'),
  },
  response: {
    throttleTimeMs: int32
      .since(1)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.until(3).about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string
      .since(1)
      .until(3)
      .nullable()
      .ignorable()
      .about('What the broker adds to the error code.'),
    nodeId: int32.until(3),
    host: string.until(3),
    port: int32.until(3),
    coordinators: array({
      key: string,
      nodeId: int32,
      host: string,
      port: int32,
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string.nullable().about('What the broker adds to the error code.'),
    }).since(4),
  },
})
