import { pbkdf2Sync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { environment, ktool } from '../ktool.ts'
import { fakeOutlet } from '../lib/output/fake-outlet.ts'
import { type PrincipalsPeer, principalsPeer } from '../support/principals-peer.ts'

const password = 'hünter2 = ;\\'

describe('commands that change users', () => {
  let kept: PrincipalsPeer
  let folder: string
  let file: string

  beforeEach(async () => {
    kept = await principalsPeer()
    folder = mkdtempSync(join(tmpdir(), 'ktool-users-'))
    file = join(folder, 'password')
    writeFileSync(file, `${password}\n`)
  })
  afterEach(async () => {
    await kept[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  const set = (...argv: string[]) => kept.rows('users set', ...argv, '-y')

  it.each([
    [[], 2, 64, 'sha512', 4096],
    [['--mechanism', 'scram-sha-256', '--iterations', '8192'], 1, 32, 'sha256', 8192],
  ])('send what is made of the password, by %j', async (flags, mechanism, sizeBytes, hash, iterations) => {
    const { status, items, stderr } = await set('ann', '--password', `@${file}`, ...flags)
    const name = `SCRAM-${hash.toUpperCase().replace('SHA', 'SHA-')}`
    expect(status).toBe(0)
    expect(items).toMatchObject([{ item: `ann ${name}`, action: 'set', before: null, status: 'done' }])
    const [credential] = kept.credentials
    expect(credential).toMatchObject({ name: 'ann', mechanism, iterations })
    const salt = credential?.salt ?? Buffer.alloc(0)
    expect(salt.length).toBeGreaterThanOrEqual(16)
    expect(credential?.saltedPassword.toString('hex')).toBe(
      pbkdf2Sync(password, salt, iterations, sizeBytes, hash).toString('hex'),
    )
    const [, undoing = ''] = /ktool apply (\S+)/.exec(stderr) ?? []
    expect(`${readFileSync(undoing, 'utf8')}${stderr}${JSON.stringify(items)}`).not.toContain('nter2')
    expect(await kept.rows('apply', undoing, '--confirm', `ann ${name}`)).toMatchObject({ status: 0 })
    expect(kept.credentials).toEqual([])
  })

  it('set another password where all that is told of it stays the same, with another salt', async () => {
    await set('ann', '--password', `@${file}`)
    const [before] = kept.credentials
    writeFileSync(file, 'another')
    const { items } = await set('ann', '--password', `@${file}`)
    expect(items).toMatchObject([{ before: { iterations: 4096 }, status: 'done' }])
    const [after] = kept.credentials
    expect(kept.credentials).toHaveLength(1)
    expect(after?.salt.equals(before?.salt ?? Buffer.alloc(0))).toBe(false)
    expect(after?.saltedPassword).toEqual(
      pbkdf2Sync('another', after?.salt ?? Buffer.alloc(0), 4096, 64, 'sha512'),
    )
  })

  it('take it from the environment, as a process does', async () => {
    const args = ['users', 'set', 'ann', '--password', 'env:ANNS', '-y', '-b', kept.peer.bootstrap, '-v']
    const env = { ...environment, XDG_STATE_HOME: folder, ANNS: password }
    const { status, stdout, stderr } = await ktool(args, '', env)
    expect(status, stderr).toBe(0)
    expect(`${stdout}${stderr}`).not.toContain('nter2')
    expect(kept.credentials).toMatchObject([{ name: 'ann', mechanism: 2 }])
  })

  it.each([
    ['twice the same', [password, password], 0],
    ['two that differ', [password, 'hunter3'], 2],
    ['nothing', ['', ''], 2],
    ['Ctrl-C', ['\u0003'], 130],
  ])('ask whoever sits there for it: %s', async (_, typed, status) => {
    const { overrides, shown } = terminal(typed)
    const run = await kept.said('users set', ['ann', '-y'], overrides)
    expect([run.status, kept.credentials.length]).toEqual([status, status === 0 ? 1 : 0])
    expect(shown()).toContain('Password of ann')
    expect(`${shown()}${run.stdout}`).not.toContain('nter2')
  })

  it.each([
    ['typed', ['--password', 'hunter2'], 2, 'secret-typed', '--password @FILE'],
    ['in no file', ['--password', '@no-such-file'], 1, 'file-not-found', ''],
    ['in no variable', ['--password', 'env:NO_SUCH'], 2, 'no-such-variable', ''],
    ['nowhere', [], 2, 'no-password', '--password @FILE'],
    ['made with too little work', ['--iterations', '100', '--password', '@x'], 2, 'invalid-flag', ''],
    ['made with too much work', ['--iterations', '99999', '--password', '@x'], 2, 'invalid-flag', ''],
    ['of no mechanism', ['--mechanism', 'plain', '--password', '@x'], 2, 'no-such-choice', ''],
    ['kept in a plan', ['--plan-out', 'plan.json', '--password', '@x'], 2, 'unknown-flag', ''],
  ])('refuse one that is %s', async (_, argv, status, code, hint) => {
    const run = await set('ann', ...argv)
    expect([run.status, run.fatal?.code]).toEqual([status, code])
    expect(run.fatal?.hint ?? '').toContain(hint)
    expect(run.stderr).not.toContain('hunter2')
    expect(kept.peer.asked).toEqual([])
  })

  it('change nothing when they are only to show it', async () => {
    const planned = await kept.rows('users set', 'ann', '--password', `@${file}`, '--dry-run')
    expect(planned).toMatchObject({ status: 0, items: [{ status: 'planned' }] })
    expect(JSON.stringify(planned)).not.toContain('nter2')
    await set('ann', '--password', `@${file}`)
    const count = kept.changing().length
    expect(await kept.rows('users delete', 'ann', '--dry-run')).toMatchObject({
      items: [{ status: 'planned' }],
    })
    expect(kept.changing()).toHaveLength(count)
  })

  it('delete what each user has, or one mechanism of it, by name', async () => {
    await set('ann', '--password', `@${file}`)
    await set('ann', '--password', `@${file}`, '--mechanism', 'scram-sha-256')
    await set('bob', '--password', `@${file}`)
    const unnamed = await kept.rows('users delete', 'ann', '-y')
    expect([unnamed.status, unnamed.stderr]).toEqual([2, expect.stringContaining("--confirm '2 items'")])
    const one = await kept.rows(
      ...(['users delete', 'ann', '--mechanism', 'SCRAM-SHA-512', '--confirm', 'ann SCRAM-SHA-512'] as const),
    )
    expect(one.items).toMatchObject([{ item: 'ann SCRAM-SHA-512', action: 'delete', status: 'done' }])
    const missing = await kept.rows('users delete', 'bob', 'nobody', '--confirm', 'bob SCRAM-SHA-512')
    expect([missing.status, missing.errors]).toMatchObject([1, [{ item: 'nobody', code: 'user-not-found' }]])
    expect((await kept.rows('users list')).items).toEqual([
      { user: 'ann', mechanism: 'SCRAM-SHA-256', iterations: 4096 },
    ])
    const none = await kept.rows('users delete', 'ann', '--mechanism', 'scram-sha-512', '-y')
    expect([none.status, none.errors[0]?.code]).toEqual([1, 'user-not-found'])
  })

  it('fail where the controller refuses, and say why', async () => {
    kept.refusal = { errorCode: 93, errorMessage: 'Too few iterations' }
    const { status, errors } = await set('ann', '--password', `@${file}`)
    expect([status, errors]).toMatchObject([
      1,
      [{ item: 'ann SCRAM-SHA-512', message: 'Too few iterations' }],
    ])
    kept.refusal = { errorCode: 31, errorMessage: 'Cluster authorization failed.' }
    expect((await set('ann', '--password', `@${file}`)).status).toBe(4)
  })
})

/** Somebody who types the next of these whenever something is asked, which is shown on stderr. */
function terminal(typed: readonly string[]) {
  const stdin = new PassThrough()
  const stderr = new PassThrough()
  // As the process has it: a question that is done with does not close it.
  stderr.end = () => stderr
  let text = ''
  const left = ['Password of ann:', 'Once more:'].map((question, i) => ({ question, answer: typed[i] }))
  stderr.on('data', (chunk) => {
    text += chunk
    const [next] = left
    if (next?.answer === undefined || !text.includes(next.question)) return
    left.shift()
    const keys = next.answer === '\u0003' ? next.answer : `${next.answer}\r`
    setImmediate(() => stdin.write(keys))
  })
  return {
    shown: () => text,
    overrides: {
      stdin: { isTerminal: true, async *chunks() {} },
      stderr: fakeOutlet({ isTerminal: true }),
      streams: () => ({ stdin, stderr }) as never,
    },
  }
}
