import { expect, it } from 'vitest'
import type { Row, SettingsRoom } from './room.ts'
import { sortedLines } from './room.ts'

/** What ktool and kafka-configs tell of SCRAM users, and whether these get in. */
export function userTests(room: () => SettingsRoom): void {
  it.each([
    ['SCRAM-SHA-256', [], 4096],
    ['SCRAM-SHA-512', ['--iterations', '8192'], 8192],
  ])(
    'log in by %s with the password that we set, and with no other',
    async (mechanism, flags, iterations) => {
      const password = 'pässwörd = 1, ; \\ #'
      await room().newUser('ida', mechanism, password, ...flags)
      expect(await ours()).toContain(`ida ${mechanism} ${iterations}`)
      expect(await ours()).toEqual(await theirs())
      expect(await getsIn('ida', mechanism, password)).toEqual([true, true])
      expect(await getsIn('ida', mechanism, 'another')).toEqual([false, false])
      await room().newUser('ida', mechanism, 'another', ...flags)
      expect(await getsIn('ida', mechanism, 'another')).toEqual([true, true])
      expect(await getsIn('ida', mechanism, password)).toEqual([false, false])
    },
  )

  it('log in with the password that kafka-configs set', async () => {
    const credential = 'SCRAM-SHA-256=[iterations=5000,password=kim-secret]'
    await room().theyDo('configs', '--alter', '--user', 'kim', '--add-config', credential)
    expect(await ours()).toContain('kim SCRAM-SHA-256 5000')
    expect(await ours()).toEqual(await theirs())
    expect(await getsIn('kim', 'SCRAM-SHA-256', 'kim-secret')).toEqual([true, true])
    expect(await getsIn('kim', 'SCRAM-SHA-512', 'kim-secret')).toEqual([false, false])
  })

  it('do not log in any more once each of the tools has deleted them', async () => {
    await room().rows(
      'users',
      'delete',
      'ida',
      '--mechanism',
      'scram-sha-256',
      '--confirm',
      'ida SCRAM-SHA-256',
    )
    await room().settled()
    expect(await theirs()).toEqual(['ida SCRAM-SHA-512 8192', 'kim SCRAM-SHA-256 5000'])
    expect(await getsIn('ida', 'SCRAM-SHA-256', 'another')).toEqual([false, false])
    expect(await getsIn('ida', 'SCRAM-SHA-512', 'another')).toEqual([true, true])
    await room().theyDo('configs', '--alter', '--user', 'kim', '--delete-config', 'SCRAM-SHA-256')
    expect(await ours()).toEqual(['ida SCRAM-SHA-512 8192'])
    expect(await getsIn('kim', 'SCRAM-SHA-256', 'kim-secret')).toEqual([false, false])
    await room().rows('users', 'delete', 'ida', '--confirm', 'ida SCRAM-SHA-512')
    expect(await theirs()).toEqual([])
    const again = await room().ours('users', 'delete', 'ida', '--confirm', 'ida SCRAM-SHA-512')
    expect([again.status, again.errors]).toMatchObject([1, [{ item: 'ida', code: 'user-not-found' }]])
  })

  async function ours(): Promise<string[]> {
    return (await room().rows('users', 'list')).map(credentialLine).filter(isOfTests).sort()
  }

  async function theirs(): Promise<string[]> {
    const said = await room().theirs('configs', '--describe', '--entity-type', 'users')
    return sortedLines(said)
      .flatMap((line) => {
        const [, user, told] =
          /^SCRAM credential configs for user-principal '(.*)' are (.*)$/.exec(line) ?? []
        return (told ?? '')
          .split(', ')
          .filter(Boolean)
          .map((each) => `${user} ${each.replace('=iterations=', ' ')}`)
      })
      .filter(isOfTests)
      .sort()
  }

  /** By ktool, and by Kafka's own. Who gets in and may see nothing is shown an empty list. */
  async function getsIn(user: string, mechanism: string, password: string): Promise<[boolean, boolean]> {
    const login = room().login(user, mechanism, password)
    const mine = await room().oursAs(login, 'topics', 'list')
    expect(mine.status, mine.stderr).toBe(mine.status === 0 ? 0 : 4)
    const { status } = await room().theirRunAs(login, 'topics', '--list')
    return [mine.status === 0, status === 0]
  }
}

function credentialLine({ user, mechanism, iterations }: Row): string {
  return `${user} ${mechanism} ${iterations}`
}

/** Others have users of their own. */
function isOfTests(line: string): boolean {
  return /^(ida|kim) /.test(line)
}
