import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { FailedError } from '../../../../src/lib/errors.ts'
import { splitDevice } from '../../../../src/lib/log/owner/proc-locks.ts'
import { type RebuildOptions, rebuildIndexes } from '../../../../src/lib/log/rebuild/rebuild-indexes.ts'
import { indexKinds } from '../../../../src/lib/log/rebuild/rebuild-segment.ts'
import type { Disk } from '../../../../src/lib/ports/disk.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'

const golden = fileURLToPath(new URL('../../../golden/disk/segments/', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'ktool-rebuild-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const options: RebuildOptions = {
  kinds: indexKinds,
  intervalBytes: 4096,
  isDryRun: false,
  nowMs: Date.UTC(2026, 0, 15, 9, 30),
  turns: { isDue: () => false, turn: async () => {} },
}

/**
 * Cases whose indexes a broker has written by the rule of today without a restart in between, by the
 * index.interval.bytes that their topic had.
 */
const byInterval: Record<number, string[]> = {
  1: ['roll-index'],
  128: ['roll-time'],
  512: [
    ...['compact-basic', 'compact-idem', 'compact-purge', 'delete-records', 'roll-size', 'roll-size-391'],
    ...['txn-v1', 'txn-v1-391', 'txn-v2', 'v0-082-on-231', 'v2-231-from-v1'],
  ],
  1024: ['codec-gzip', 'codec-lz4', 'codec-none', 'codec-snappy', 'codec-zstd'],
  4096: [
    ...['append-time', 'codec-mixed', 'codec-mixed-391', 'compact-delete', 'compact-txn-purge', 'empty'],
    ...['idempotent', 'large-record', 'recompress-gzip', 'retention-deleted', 'txn-open-clean-v1'],
    ...['txn-open-clean-v2', 'kcat-0.9.0-gzip', 'kcat-0.10.2-lz4', 'v1-102-compact-cleaned-by-431'],
  ],
}

const cases = Object.entries(byInterval).flatMap(([interval, names]) =>
  names.map((name) => [name, Number(interval)] as const),
)

describe('the indexes of a segment, rebuilt', () => {
  test.each(cases)('are those that Kafka wrote for %s, byte for byte', async (name, intervalBytes) => {
    for (const folder of partitionsIn(join(golden, name))) {
      const copy = copyOf(folder)
      for (const file of filesIn(copy, /index$/)) rmSync(file)
      const { rows, failures } = await rebuildIndexes(systemDisk, [copy], { ...options, intervalBytes })
      expect(failures).toEqual([])
      expect(rows.every(({ change }) => change === 'made')).toBe(true)
      for (const file of filesIn(folder, /\.(index|timeindex)$|\.txnindex$/)) {
        const made = join(copy, file.slice(folder.length + 1))
        expect(existsSync(made) ? hex(made) : '', file).toBe(hex(file))
      }
    }
  })

  test('are, after a kill, those that Kafka wrote before the zeros', async () => {
    const folder = join(golden, 'unclean', 'unclean-0')
    const copy = copyOf(folder)
    const { rows } = await rebuildIndexes(systemDisk, [copy], { ...options, intervalBytes: 256 })
    const changes = rows.map(({ kind, change, previousSizeBytes }) => ({ kind, change, previousSizeBytes }))
    expect(changes.slice(-2)).toEqual([
      { kind: 'index', change: 'replaced', previousSizeBytes: 4096 },
      { kind: 'timeindex', change: 'replaced', previousSizeBytes: 4092 },
    ])
    for (const { file } of rows.slice(-2)) {
      const before = hex(join(folder, file.slice(copy.length + 1)))
      // The last time entry is the one that closing would have added.
      const entries = file.endsWith('.timeindex') ? hex(file).slice(0, -24) : hex(file)
      expect(before.replace(/(00)+$/, '')).toContain(entries.replace(/(00)+$/, ''))
    }
  })

  test('replace what differs, keep a copy of it, and leave the rest alone', async () => {
    const copy = copyOf(join(golden, 'roll-size', 'roll-size-0'))
    const index = join(copy, '00000000000000000081.index')
    const wrong = Buffer.concat([readFileSync(index), Buffer.from('0000004400007fff', 'hex')])
    const right = hex(index)
    writeFileSync(index, wrong)
    const others = filesIn(copy, /./).filter((file) => file !== index)
    const before = others.map((file) => [file, hex(file), statSync(file).mtimeMs])

    const { rows } = await rebuildIndexes(systemDisk, [copy], { ...options, intervalBytes: 512 })

    expect(rows.filter(({ change }) => change !== 'same')).toEqual([
      expect.objectContaining({
        file: index,
        change: 'replaced',
        entries: right.length / 16,
        backup: '00000000000000000081.index.backup-20260115T093000Z',
      }),
    ])
    expect(hex(index)).toBe(right)
    expect(hex(`${index}.backup-20260115T093000Z`)).toBe(wrong.toString('hex'))
    expect(others.map((file) => [file, hex(file), statSync(file).mtimeMs])).toEqual(before)
    expect(filesIn(copy, /./)).toHaveLength(others.length + 2)
  })

  test('change nothing in a dry run, and in a log that is damaged', async () => {
    const copy = copyOf(join(golden, 'roll-size', 'roll-size-0'))
    for (const file of filesIn(copy, /index$/)) rmSync(file)
    const log = join(copy, '00000000000000000081.log')
    const bytes = readFileSync(log)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(log, bytes)
    const before = filesIn(copy, /./)

    const dry = await rebuildIndexes(systemDisk, [copy], { ...options, isDryRun: true })
    expect(filesIn(copy, /./)).toEqual(before)
    expect(dry.rows).toHaveLength(10)

    const { failures } = await rebuildIndexes(systemDisk, [log], options)
    expect(filesIn(copy, /./)).toEqual(before)
    expect(failures).toHaveLength(1)
    expect(failures[0]?.error).toMatchObject({
      code: 'damaged-log',
      message: expect.stringMatching(/^00000000000000000081\.log is damaged: at position \d+: its CRC/),
      hint: expect.stringContaining('segments verify'),
    })
  })

  test('are not begun where nothing can be written', async () => {
    const openToAppend = (path: string) => {
      throw new FailedError('file-not-permitted', `cannot open ${path}: the file system is read-only`)
    }
    const log = join(golden, 'roll-size', 'roll-size-0', '00000000000000000000.log')
    const { rows, failures } = await rebuildIndexes({ ...systemDisk, openToAppend }, [log], options)
    expect(rows).toEqual([])
    expect(failures.map(({ error }) => error.code)).toEqual(['file-not-permitted'])
  })

  test('are refused while a broker is alive on the directory', async () => {
    const copy = copyOf(join(golden, 'roll-size', 'roll-size-0'))
    const lock = join(copy, '../.lock')
    writeFileSync(lock, '')
    const identity = systemDisk.stat(lock)?.identity
    const { major, minor } = splitDevice(identity?.device ?? 0)
    const listing = join(scratch, 'locks')
    const device = `${major.toString(16)}:${minor.toString(16)}`
    writeFileSync(listing, `1: POSIX  ADVISORY  WRITE 4711 ${device}:${identity?.inode} 0 EOF\n`)
    // The list of locks is a file of the system; here it is one of ours.
    const moved = (path: string) => (path === '/proc/locks' ? listing : path)
    const disk: Disk = {
      ...systemDisk,
      stat: (path) => systemDisk.stat(moved(path)),
      openToRead: (path) => systemDisk.openToRead(moved(path)),
    }
    const link = join(mkdtempSync(join(scratch, 'link-')), 'roll-size-0')
    symlinkSync(copy, link)
    const here = relative(process.cwd(), copy)
    const paths = [copy, here, `${copy}/.`, link, join(link, '00000000000000000000.log')]
    const { rows, failures } = await rebuildIndexes(disk, paths, { ...options, isDryRun: true })
    expect(rows).toEqual([])
    const held = expect.stringContaining('process 4711 holds its .lock')
    expect(failures.map(({ error }) => error.message)).toEqual(paths.map(() => held))
  })

  test('leave out the transaction index where nobody knows what was open before', async () => {
    const copy = copyOf(join(golden, 'txn-v2', 'txn-v2-0'))
    const doomed = [...filesIn(copy, /snapshot$/), ...filesIn(copy, /0{20}\./)]
    for (const file of doomed) rmSync(file)
    const { rows } = await rebuildIndexes(systemDisk, [copy], options)
    expect(rows.filter(({ kind }) => kind === 'txnindex')).toEqual([
      expect.objectContaining({ change: 'skipped', reason: expect.stringContaining('no producer snapshot') }),
      expect.objectContaining({ change: 'skipped', reason: expect.stringContaining('no producer snapshot') }),
    ])
  })
})

function partitionsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
}

function copyOf(folder: string): string {
  const copy = join(mkdtempSync(join(scratch, 'copy-')), folder.slice(folder.lastIndexOf('/') + 1))
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true })
  return copy
}

function filesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name))
}

function hex(file: string): string {
  return readFileSync(file).toString('hex')
}
