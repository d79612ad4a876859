import { array } from '../../schema/array.ts'
import { int16, int32 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const deleteTopics = api({
  key: 20,
  name: 'DeleteTopics',
  versions: '0-6',
  dropped: '0',
  flexible: 4,
  listeners: ['broker', 'controller'],
  request: {
    topics: array({
      name: string.nullable().default(null),
      topicId: uuid,
    }).since(6),
    topicNames: array(string).until(5).ignorable(),
    timeoutMs: int32,
  },
  response: {
    throttleTimeMs: int32
      .since(1)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    responses: array({
      name: string.nullable(6),
      topicId: uuid.since(6).ignorable(),
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string
        .since(5)
        .nullable()
        .default(null)
        .ignorable()
        .about('What the broker adds to the error code.'),
    }),
  },
})
