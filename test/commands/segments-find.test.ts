import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { ktool } from '../ktool.ts'
import {
  type Answer,
  type GoldenPartition,
  goldenPartitions,
  pathInDisk,
} from '../lib/log/lookup/golden-partitions.ts'

const checkpoints = {
  highWatermark: 'replication-offset-checkpoint',
  logStartOffset: 'log-start-offset-checkpoint',
} as const

let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ktool-find-'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('ktool segments find', () => {
  const cases = ['txn-v2', 'delete-records', 'mixed-magic', 'compact-txn', 'unclean', 'v1-102-gzip']
  test.each(cases)('answers as the broker of %s did', async (name) => {
    const partition = goldenPartitions().find(({ title }) => title.startsWith(`${name}/`))
    if (partition === undefined) throw new Error(`there is no case ${name}`)
    const path = copyOf(partition)
    const asked = partition.lookups.byTimestamp.filter((_, i) => i % 4 === 1)
    for (const { ask, answer } of asked) {
      const { status, stdout } = await ktool(['segments', 'find', path, '--time', `@${ask}`, '-o', 'json'])
      expect({ ask, status, answer: answerIn(stdout) }).toEqual({ ask, status: 0, answer: plain(answer) })
    }
  })

  it('gives the record, its batch and the way to it', async () => {
    const path = pathInDisk('segments/txn-v2/txn-v2-0')
    const { status, stdout, stderr } = await ktool(['segments', 'find', path, '--offset', '11', '-o', 'json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout.toString())).toEqual({
      version: 1,
      offset: 11,
      timestamp: 1795247322030,
      control: true,
      leaderEpoch: 0,
      batch: { baseOffset: 11, lastOffset: 11, position: 0, file: '00000000000000000011.log' },
      reason: null,
      overlooked: null,
      path: [{ file: '00000000000000000011.log', timeEntry: null, offsetEntry: null, scannedFrom: 0 }],
      readBytes: expect.any(Number),
      logStartOffset: 0,
      logStartOffsetInfo: { from: 'file', bound: 'asOf', reason: expect.stringContaining('first base') },
      highWatermark: 207,
      highWatermarkInfo: { from: 'file', bound: 'asOf', reason: expect.stringContaining('log end') },
      warnings: [],
    })
    expect(stderr).toContain('the high watermark is 207 (no checkpoint has it: the log end offset)')
  })

  it('shows people which segment, which entry, where the scan began and what was read', async () => {
    const path = pathInDisk('segments/txn-v2/txn-v2-0')
    const { stdout, stderr } = await ktool(['segments', 'find', path, '--offset', '100', '--stats'])
    expect(stdout.toString()).toMatch(
      /^PATH\t00000000000000000011\.log, by its index entry offset 95 → position 3934, scanned from position 3934$/m,
    )
    expect(stdout.toString()).toMatch(/^BATCH\toffsets 100 to 103, at position 4190 of 0+11\.log$/m)
    expect(stderr).toMatch(/the lookup took \d+\.\d{3} ms and read \d+ bytes/)
  })

  it('stops at the bounds that the checkpoints beside the folder tell', async () => {
    const path = copyOf({
      title: 'bounded/',
      path: pathInDisk('segments/txn-v2/txn-v2-0'),
      bounds: { highWatermark: 100, logStartOffset: 50 },
    })
    const at = async (offset: number) => {
      const args = ['segments', 'find', path, '--offset', String(offset), '-o', 'json']
      const { status, stdout } = await ktool(args)
      const { offset: found, batch, reason, logStartOffset, highWatermark } = JSON.parse(stdout.toString())
      return { status, found, batch, reason, logStartOffset, highWatermark }
    }
    const none = { status: 0, found: null, batch: null, logStartOffset: 50, highWatermark: 100 }
    expect(await at(49)).toEqual({ ...none, reason: 'offset 49 lies below the log start, which is 50' })
    expect(await at(50)).toMatchObject({ status: 0, found: 50, reason: null })
    expect(await at(99)).toMatchObject({ status: 0, found: 99 })
    expect(await at(100)).toEqual({
      ...none,
      reason: 'offset 100 is not below the high watermark, which is 100',
    })
  })

  it('says what a broker overlooks', async () => {
    const path = pathInDisk('segments/compact-idem/compact-idem-0')
    const { status, stdout, stderr } = await ktool(['segments', 'find', path, '--time', '@0', '-o', 'json'])
    const { offset, timestamp, batch, overlooked } = JSON.parse(stdout.toString())
    expect({ status, offset, timestamp, batch }).toEqual({
      status: 0,
      offset: null,
      timestamp: null,
      batch: null,
    })
    expect(overlooked).toMatchObject({ offset: 134, control: false })
    expect(stderr).toContain('a scan of the whole log finds offset 134')
  })

  it('says that an index is damaged, and finds the record all the same', async () => {
    const path = pathInDisk('corrupt/cases/index-wrong-positions/victim-0')
    const { status, stdout, stderr } = await ktool(['segments', 'find', path, '--offset', '40', '-o', 'json'])
    const { offset, warnings } = JSON.parse(stdout.toString())
    expect({ status, offset }).toEqual({ status: 0, offset: 40 })
    expect(warnings).toEqual([
      expect.stringMatching(/^0+27\.index is not used: .*, where no batch starts; .* was read from its beg/),
    ])
    expect(stderr).toContain(warnings[0])
  })

  it('ends with 3 where damage may hide what was looked for', async () => {
    const path = pathInDisk('corrupt/cases/flip-payload/victim-0')
    const from = async (offset: number) => {
      const { status, stderr } = await ktool(['segments', 'find', path, '--offset', String(offset)])
      return { status, stderr }
    }
    const runs = await Promise.all([27, 30, 33, 36, 39, 42, 45, 48].map(from))
    const damaged = runs.filter(({ status }) => status === 3)
    expect(damaged.length).toBeGreaterThan(0)
    for (const { stderr } of damaged) expect(stderr).toMatch(/is damaged at position \d+/)
  })

  test.each([
    ['--offset', '34'],
    ['--time', '@1700000034000'],
  ])('passes over records that cannot be read, and ends with 3: %s', async (flag, asked) => {
    const path = pathInDisk('corrupt/cases/record-length-varint-crc-fixed/victim-0')
    const { status, stdout, stderr } = await ktool(['segments', 'find', path, flag, asked, '-o', 'json'])
    const { offset, warnings } = JSON.parse(stdout.toString())
    expect({ status, offset }).toEqual({ status: 3, offset: 36 })
    expect(warnings).toEqual([expect.stringMatching(/record 0 of the batch at position 1104: length leaves/)])
    expect(stderr).toContain('damaged-log')
  })

  it('reads where nothing may be written, and changes nothing', async () => {
    const path = copyOf({
      title: 'readonly/',
      path: pathInDisk('segments/unclean/unclean-0'),
      bounds: {},
    })
    chmodSync(path, 0o555)
    const { status } = await ktool(['segments', 'find', path, '--offset', '180', '-o', 'json'])
    chmodSync(path, 0o755)
    expect(status).toBe(0)
  })
})

describe('ktool segments find refuses', () => {
  const folder = pathInDisk('segments/txn-v2/txn-v2-0')
  test.each([
    ['neither', [folder], 2, /either --offset or --time is needed/],
    ['both', [folder, '--offset', '1', '--time', '@0'], 2, /only one of them/],
    ['a time without @', [folder, '--time', '5'], 2, /a time starts with @/],
    ['an offset below 0', [folder, '--offset', '-1'], 2, /"-1" is no offset/],
    ['no such folder', [join(folder, 'nothing'), '--offset', '1'], 1, /there is no such file/],
    ['a file', [join(folder, 'partition.metadata'), '--offset', '1'], 1, /is no folder/],
    ['a folder without segments', [join(folder, '..'), '--offset', '1'], 1, /has no segments/],
  ])('%s', async (_, args, code, words) => {
    const { status, stdout, stderr } = await ktool(['segments', 'find', ...args])
    expect({ status, stdout: stdout.toString() }).toEqual({ status: code, stdout: '' })
    expect(stderr).toMatch(words)
  })

  it('a folder whose logs have no base offset in their names', async () => {
    const path = join(root, 'orders-0')
    cpSync(folder, path, { recursive: true })
    cpSync(join(folder, '00000000000000000000.log'), join(path, 'orders.log'))
    const { status, stdout } = await ktool(['segments', 'find', path, '--offset', '1', '-o', 'json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout.toString()).warnings).toEqual([
      'orders.log has no base offset in its name and is left out',
    ])
  })
})

/** As the golden data wants it: the checkpoints beside the folder, without a line where there is none. */
function copyOf({ title, path, bounds }: Pick<GoldenPartition, 'title' | 'path' | 'bounds'>): string {
  const directory = mkdtempSync(join(root, 'dir-'))
  const name = path.split('/').at(-1) ?? title
  cpSync(path, join(directory, name), { recursive: true, preserveTimestamps: true })
  const [, topic, partition] = /^(.+)-(\d+)/.exec(name) ?? []
  for (const [key, file] of Object.entries(checkpoints)) {
    const offset = bounds[key as keyof typeof checkpoints]
    const line = offset === undefined ? '0\n0\n' : `0\n1\n${topic} ${partition} ${offset}\n`
    writeFileSync(join(directory, file), line)
  }
  return join(directory, name)
}

function answerIn(stdout: Buffer) {
  const { offset, timestamp } = JSON.parse(stdout.toString())
  return { offset, timestamp }
}

function plain(answer: Answer | { readonly error: string }) {
  if ('error' in answer || answer.offset === -1) return { offset: null, timestamp: null }
  return { offset: answer.offset, timestamp: answer.timestamp }
}
