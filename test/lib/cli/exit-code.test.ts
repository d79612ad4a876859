import { describe, expect, it } from 'vitest'
import { type Ending, exitCodeOf } from '../../../src/lib/cli/exit-code.ts'
import { type ExitCode, exitCodes } from '../../../src/lib/errors.ts'

const { bug, cancelled, terminated, usage, auth, unreachable, failed, trouble, done } = exitCodes

describe('the exit code', () => {
  it('is that of a program that ran in our place', () => {
    expect(exitCodeOf({ workedCount: 0, failedWith: new Set(), foundTrouble: false, status: 42 })).toBe(42)
  })

  it.each<[string, Partial<Ending>, ExitCode]>([
    ['nothing happened', {}, done],
    ['all worked', { workedCount: 3 }, done],
    ['one item of many failed', { workedCount: 99, failedWith: new Set([failed]) }, failed],
    ['the whole failed', { fatal: failed }, failed],
    ['it found trouble', { workedCount: 3, foundTrouble: true }, trouble],
    ['it found trouble, and an item failed', { failedWith: new Set([failed]), foundTrouble: true }, failed],
    ['no item was allowed', { failedWith: new Set([auth]) }, auth],
    ['some items were not allowed', { workedCount: 1, failedWith: new Set([auth]) }, failed],
    ['nobody answered', { fatal: unreachable }, unreachable],
    ['nobody answered any more', { workedCount: 1, fatal: unreachable }, failed],
    ['some were not allowed, some did not answer', { failedWith: new Set([unreachable, auth]) }, auth],
    ['not allowed, and failed otherwise', { failedWith: new Set([failed, auth]) }, auth],
    [
      'some were not allowed, and there is trouble',
      { workedCount: 1, failedWith: new Set([auth]), foundTrouble: true },
      failed,
    ],
    ['the command line was wrong', { fatal: usage }, usage],
    ['it was wrong for an item, others were not allowed', { failedWith: new Set([auth, usage]) }, usage],
    ['interrupted', { stopped: cancelled }, cancelled],
    [
      'interrupted after some work and a failure',
      { workedCount: 2, stopped: cancelled, failedWith: new Set([failed]) },
      cancelled,
    ],
    ['terminated while nobody answered', { stopped: terminated, fatal: unreachable }, terminated],
    ['interrupted after an item was wrong', { stopped: cancelled, failedWith: new Set([usage]) }, cancelled],
    ['declined', { fatal: cancelled }, cancelled],
    ['a bug, while being interrupted', { stopped: cancelled, fatal: bug }, bug],
    ['a bug in the last of many items', { workedCount: 99, fatal: bug }, bug],
    ['a program ran in our place, and says that all is well', { status: 0 }, done],
    ['what followed such a program failed', { status: 0, fatal: failed }, failed],
    ['a bug, after such a program failed', { status: 7, fatal: bug }, bug],
  ])('when %s', (_, ending, code) => {
    expect(exitCodeOf({ workedCount: 0, failedWith: new Set(), foundTrouble: false, ...ending })).toBe(code)
  })
})
