import { describe, expect, it } from 'vitest'
import { agree, mustBeAnswerable, nameToType, someoneIsThere } from '../../../src/lib/cli/consent.ts'
import { fakeOutlet } from '../output/fake-outlet.ts'

const prod = { name: 'prod', isProtected: true }
const test = { name: 'test', isProtected: false }

describe('the name that has to be typed', () => {
  it.each([
    [false, ['orders'], null, null],
    [false, ['orders'], test, null],
    [true, ['orders'], test, 'orders'],
    [true, ['a', 'b', 'c'], null, '3 items'],
    [false, ['orders'], prod, 'prod'],
    [true, ['orders'], prod, 'prod/orders'],
    [true, ['a', 'b'], prod, 'prod/2 items'],
  ])('irreversible %s, of %j, in %j: %s', (isIrreversible, items, context, name) => {
    expect(nameToType({ isIrreversible }, items, context)).toBe(name)
  })
})

describe('whether somebody can be asked', () => {
  it.each([
    [true, true, {}, true],
    [false, true, {}, false],
    [true, false, {}, false],
    [true, true, { CI: 'true' }, false],
    [true, true, { CI: 'false' }, true],
  ])('stdin %s, stderr %s, with %j: %s', (stdin, stderr, environment, expected) => {
    expect(someoneIsThere(room(stdin, stderr, environment))).toBe(expected)
  })

  it('is an error of the command line where nobody can, and nothing was said', () => {
    expect(() => mustBeAnswerable({}, room(false, false))).toThrow(/--yes was not given/)
    expect(() => mustBeAnswerable({ yes: true }, room(false, false))).not.toThrow()
    expect(() => mustBeAnswerable({}, room(true, true))).not.toThrow()
  })
})

describe('agreeing off a terminal', () => {
  it('takes --yes where no name is wanted', async () => {
    expect(await agree({ text: 'Go on', name: null }, { yes: true }, room(false, false))).toBe(false)
  })

  it('takes the name alone where one is wanted', async () => {
    const question = { text: 'Go on', name: "it's" }
    expect(await agree(question, { confirm: "it's" }, room(false, false))).toBe(false)
    await expect(agree(question, { yes: true }, room(false, false))).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining(`--confirm 'it'\\''s'`),
    })
    await expect(agree(question, { confirm: 'its' }, room(true, true))).rejects.toMatchObject({
      exitCode: 2,
      code: 'wrong-name',
    })
  })
})

function room(stdin: boolean, stderr: boolean, environment: Record<string, string> = {}) {
  return {
    stdin: { isTerminal: stdin, async *chunks() {} },
    stderr: fakeOutlet({ isTerminal: stderr }),
    environment,
    streams: () => {
      throw new Error('nobody is to be asked')
    },
  }
}
