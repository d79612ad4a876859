import { array } from '../../schema/array.ts'
import { int8, int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const listConfigResources = api({
  key: 74,
  name: 'ListConfigResources',
  versions: '0-1',
  flexible: 0,
  listeners: ['broker'],
  request: {
    resourceTypes: array(int8).since(1),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    configResources: array({
      resourceName: string,
      resourceType: int8.since(1).default(16).ignorable(),
    }),
  },
})

/** What API 74 was called, and what its fields were called, before version 1 let it list other resources too. */
export const listClientMetricsResources = api({
  key: 74,
  name: 'ListClientMetricsResources',
  versions: '0',
  dropped: '0',
  flexible: 0,
  listeners: ['broker'],
  request: {},
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    clientMetricsResources: array({
      name: string,
    }),
  },
})
