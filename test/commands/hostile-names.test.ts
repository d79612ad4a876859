import { describe, expect, it } from 'vitest'
import type { Disk } from '../../src/lib/ports/disk.ts'
import { systemDisk } from '../../src/lib/ports/system-disk.ts'
import { diskOf, goldenFiles } from '../lib/log/cluster/golden-directories.ts'
import { resealedLog } from '../lib/log/hostile/reseal.ts'
import { runCommand } from './run-command.ts'

/** Names in a cluster, and what strangers might call them: as long, so that they fit where the others stood. */
const hostile = new Map([
  ['orders', '\u001b[2Jor'],
  ['classic-plain', '\u001b]0;owned\u0007abc'],
  ['aborted-last', 'aborted\r\n<li'],
  ['User:alice', 'Us\u202e\u009b31m'],
  ['app-1', 'a\u0000p\t1'],
  ['192.0.2.7', '\u001b[1;31m!!'],
])

const TOPIC = hostile.get('orders') ?? ''
const directories = ['--log-dir', '/kraft-431/data0', '--log-dir', '/kraft-431/data1']
const folder = `/kraft-431/data0/${TOPIC}-0`
const disk = hostileDisk()

function hostileDisk(): Disk {
  const files = new Map<string, Buffer>()
  for (const [path, bytes] of goldenFiles('kraft-431/data0', 'kraft-431/data1')) {
    const text = renamed(bytes.toString('latin1'))
    const written = Buffer.from(text, 'latin1')
    const isLog = /\.(log|checkpoint)$/.test(path)
    files.set(path.replace('/orders-', `/${TOPIC}-`), isLog ? resealedLog(written) : written)
  }
  const memory = diskOf(files)
  return {
    ...systemDisk,
    openToRead: (path) => memory.openToRead(path),
    list: (path) => memory.list(path),
    stat: (path) => memory.stat(path),
  }
}

function renamed(text: string): string {
  let renamed = text
  for (const [name, other] of hostile) {
    const bytes = Buffer.from(other).toString('latin1')
    if (bytes.length !== name.length) throw new Error(`${name} is of another length`)
    renamed = renamed.replaceAll(name, bytes)
  }
  return renamed
}

const asked: readonly [name: string, argv: readonly string[]][] = [
  ['topics list', directories],
  ['topics describe', [TOPIC, ...directories]],
  ['groups list', directories],
  ['groups describe', [hostile.get('classic-plain') ?? '', ...directories]],
  ['lag', ['--all', ...directories]],
  ['txns list', directories],
  ['txns describe', [hostile.get('aborted-last') ?? '', ...directories]],
  ['txns hanging', directories],
  ['acls list', directories],
  ['users list', directories],
  ['quotas list', directories],
  ['configs get', ['topics', ...directories]],
  ['cluster describe', directories],
  ['offsets get', [TOPIC, ...directories]],
  ['consume', [TOPIC, ...directories]],
  ['tail', [TOPIC, ...directories]],
  ['segments list', [folder]],
  ['segments describe', [folder]],
  ['segments verify', [folder]],
  ['segments explain', [folder]],
  ['segments find', ['--offset', '0', folder]],
  ['segments diff', [folder, folder]],
  ['dump-segment', ['--records', folder]],
  ['dump-segment', ['--all', '/kraft-431/data0/__consumer_offsets-1']],
  ['dump-segment', ['--all', '/kraft-431/data0/__cluster_metadata-0']],
]

/** Whatever is neither plain text nor layout. */
const RAW = /(?!\r?\n|\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

describe.each(['table', 'json', 'jsonl', 'yaml', 'csv', 'tsv'])('names of strangers in %s', (format) => {
  it.each(asked)('reach no terminal raw: %s', async (name, argv) => {
    const { status, stdout, stderr } = await runCommand(name, [...argv, '-o', format], disk, true)
    expect(status).toBeLessThanOrEqual(3)
    expect(stdout).not.toMatch(RAW)
    expect(stderr).not.toMatch(RAW)
  })
})

describe('names of strangers in an error', () => {
  it.each([
    ['topics describe', ['no\u001b[31m', ...directories]],
    ['groups describe', ['no\u001b[31m', ...directories]],
    ['segments list', ['/no\u001b[31m']],
    ['dump-segment', ['/no\u001b[31m']],
    ['topics list', ['--log-dir', '/no\u001b[31m']],
  ])('are harmless: %s', async (name, argv) => {
    for (const format of ['table', 'json']) {
      const { status, stdout, stderr } = await runCommand(name, [...argv, '-o', format], disk, true)
      expect(status).toBe(1)
      expect(stdout + stderr).toMatch(/no\\/)
      expect(stdout + stderr).not.toMatch(RAW)
    }
  })
})

it('the names have come through to where they are shown', async () => {
  const said = async (name: string) => (await runCommand(name, directories, disk)).stdout
  expect(await said('topics list')).toContain('\\x1b[2Jor')
  expect(await said('groups list')).toContain('\\x1b]0;owned\\x07abc')
  expect(await said('txns list')).toContain('aborted\\r\\n<li')
  expect(await said('acls list')).toContain('Us\\u202e\\x9b')
})
