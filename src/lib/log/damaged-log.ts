import { CheckFailed } from '../errors.ts'

/** What was told is true but for this: it worked, and found trouble. */
export function damagedLog(finding: string): CheckFailed {
  return new CheckFailed('damaged-log', finding, {
    hint: 'ktool segments verify tells all that is wrong with it',
  })
}
