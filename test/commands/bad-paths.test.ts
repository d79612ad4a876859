import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './run-command.ts'

const golden = fileURLToPath(new URL('../golden/disk/', import.meta.url))
const zero = '00000000000000000000.log'
let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ktool-'))
  for (const folder of [
    'nothing-in-it',
    'no-segments-0',
    'no-offset-0',
    'text-0',
    'circle-0',
    'pipe-0',
    'holds',
  ]) {
    mkdirSync(join(root, folder))
  }
  writeFileSync(join(root, 'notes.txt'), 'no file of Kafka')
  writeFileSync(join(root, 'no-segments-0', 'leader-epoch-checkpoint'), '0\n0\n')
  writeFileSync(join(root, 'no-offset-0', 'orders.log'), 'x')
  writeFileSync(join(root, 'text-0', zero), 'this is text, and no log of Kafka')
  symlinkSync(zero, join(root, 'circle-0', zero))
  symlinkSync('circle', join(root, 'circle'))
  symlinkSync('.', join(root, 'holds', 'itself-0'))
  execFileSync('mkfifo', [join(root, 'pipe'), join(root, 'pipe-0', zero)])
  cpSync(`${golden}segments/epochs/epochs-0`, join(root, 'good-0'), { recursive: true })
})

afterAll(() => rmSync(root, { recursive: true }))

/** A path, and what has to be said of it. */
const bad: readonly [path: string, said: RegExp][] = [
  ['is-not-there', /no such file|there is no file/],
  ['notes.txt', /notes\.txt.* (is no folder|has no name that Kafka gives|is no log file)/],
  ['nothing-in-it', /nothing-in-it (has no segments|is no log directory)/],
  ['no-segments-0', /no-segments-0 (has no segments|is no log directory)/],
  ['no-offset-0', /orders\.log has no base offset in its name/],
  ['circle', /circle: symbolic links lead in a circle/],
  ['circle-0', new RegExp(`${zero} is no file that can be read`)],
  ['pipe', /pipe.* (is no folder|is neither a file nor a folder|is no log file)/],
  ['pipe-0', new RegExp(`${zero} is no file that can be read`)],
  ['holds', /has no segments/],
]

const readers = ['segments list', 'segments describe', 'segments verify', 'segments explain', 'dump-segment']

describe.each(readers)('ktool %s', (name) => {
  it.each(bad)('says of %s what it is not, and goes on with the others', async (path, said) => {
    // To verify a folder is to find that it has no segments.
    const status = name === 'segments verify' && path === 'holds' ? 3 : 1
    const wrong = await runCommand(name, [join(root, path)])
    expect(wrong.stderr).toMatch(said)
    expect(wrong.stderr).not.toMatch(/\bbug\b|at \w+ \(/)
    expect(wrong.status).toBe(status)

    const good = await runCommand(name, [join(root, 'good-0'), '-o', 'json'])
    const both = await runCommand(name, [join(root, path), join(root, 'good-0'), '-o', 'json'])
    expect(JSON.parse(both.stdout).items).toEqual(expect.arrayContaining(JSON.parse(good.stdout).items))
    expect(both.status).toBe(status)
  })

  it('says of a text that it is no log', async () => {
    const { status, stderr } = await runCommand(name, [join(root, 'text-0')])
    expect(stderr).toMatch(/its magic is/)
    expect(status).toBe(3)
  })
})

describe.each([
  ['segments find', ['--offset', '0']],
  ['segments rebuild-index', ['--dry-run']],
  ['segments diff', ['GOOD']],
])('ktool %s', (name, more) => {
  it.each(bad)('says of %s what it is not', async (path, said) => {
    const words = more.map((word) => (word === 'GOOD' ? join(root, 'good-0') : word))
    const wrong = await runCommand(name, [join(root, path), ...words])
    expect(wrong.stderr).toMatch(path === 'is-not-there' ? /no such (file|folder)|is no folder/ : said)
    expect(wrong.stderr).not.toMatch(/\bbug\b|at \w+ \(/)
    expect(wrong.status).toBe(1)
  })
})

describe('a log directory', () => {
  const asking = [
    'lag',
    'topics list',
    'topics describe',
    'groups list',
    'offsets get',
    'consume',
    'tail',
    'txns list',
    'txns hanging',
    'cluster describe',
    'configs get',
    'acls list',
    'users list',
    'quotas list',
  ]
  const named: Readonly<Record<string, readonly string[]>> = {
    lag: ['--all'],
    'topics describe': ['orders'],
    'offsets get': ['orders'],
    consume: ['orders'],
    tail: ['orders'],
    'configs get': ['topics'],
  }

  it.each(
    asking.flatMap((name) =>
      [
        ['is-not-there', /no such file/],
        ['notes.txt', /notes\.txt is no folder/],
        ['nothing-in-it', /nothing-in-it is no log directory of a broker/],
        ['good-0', /good-0 is the folder of one partition/],
        ['circle', /symbolic links lead in a circle/],
        ['pipe', /pipe is no folder/],
      ].map(([path, said]) => [name, path, said] as [string, string, RegExp]),
    ),
  )('%s refuses %s as one', async (name, path, said) => {
    const argv = [...(named[name] ?? []), '--log-dir', join(root, path)]
    const { status, stderr, stdout } = await runCommand(name, argv)
    expect(stderr).toMatch(said)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  })

  it.each(asking)('%s goes on with the others where one is bad', async (name) => {
    const others = [`${golden}logdirs/kraft-431/data0`, `${golden}logdirs/kraft-431/data1`]
    const argv = [...(named[name] ?? []), '-o', 'json']
    const alone = await runCommand(name, [...argv, '--log-dir', others.join(',')])
    const dirs = [join(root, 'is-not-there'), ...others]
    const { status, stdout, stderr } = await runCommand(name, [...argv, '--log-dir', dirs.join(',')])
    const { errors, ...rest } = JSON.parse(stdout)
    const { errors: _, ...expected } = JSON.parse(alone.stdout)
    expect(rest).toEqual(expected)
    const said = errors === undefined ? stderr : JSON.stringify(errors)
    expect(said).toMatch(
      /"code":"file-not-found","message":"cannot list .*is-not-there: there is no such file"/,
    )
    expect({ alone: alone.status, status }).toEqual({ alone: 0, status: 1 })
  })
})
