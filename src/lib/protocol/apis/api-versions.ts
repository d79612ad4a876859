import { array } from '../../schema/array.ts'
import { bool, int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const apiVersions = api({
  key: 18,
  name: 'ApiVersions',
  versions: '0-4',
  flexible: 3,
  listeners: ['broker', 'controller'],
  // A client cannot know yet whether the broker understands flexible headers, so the answer never has one.
  headers: { response: () => 0 },
  request: {
    clientSoftwareName: string.since(3).ignorable(),
    clientSoftwareVersion: string.since(3).ignorable(),
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    apiKeys: array({
      apiKey: int16,
      minVersion: int16,
      maxVersion: int16,
    }),
    throttleTimeMs: int32
      .since(1)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    supportedFeatures: array({
      name: string,
      minVersion: int16,
      maxVersion: int16,
    })
      .since(3)
      .tagged(0)
      .ignorable()
      .about('Before version 4, features whose lowest level is 0 are left out.'),
    finalizedFeaturesEpoch: int64.since(3).default(-1n).tagged(1).ignorable().about('-1 where unknown.'),
    finalizedFeatures: array({
      name: string,
      maxVersionLevel: int16,
      minVersionLevel: int16,
    })
      .since(3)
      .tagged(2)
      .ignorable(),
    zkMigrationReady: bool.since(3).tagged(3).ignorable(),
  },
})
