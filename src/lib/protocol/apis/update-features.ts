import { array } from '../../schema/array.ts'
import { bool, int8, int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const updateFeatures = api({
  key: 57,
  name: 'UpdateFeatures',
  versions: '0-2',
  flexible: 0,
  listeners: ['broker', 'controller'],
  request: {
    timeoutMs: int32.default(60000),
    featureUpdates: array({
      feature: string,
      maxVersionLevel: int16,
      allowDowngrade: bool.until(0),
      upgradeType: int8.since(1).default(1).about('1 upgrade, 2 safe downgrade, 3 unsafe downgrade.'),
    }),
    validateOnly: bool.since(1).about('Check and answer, but change nothing.'),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string.nullable().about('What the broker adds to the error code.'),
    results: array({
      feature: string,
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string.nullable().about('What the broker adds to the error code.'),
    })
      .until(1)
      .ignorable(),
  },
})
