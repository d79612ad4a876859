import { mkdtempSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { systemDisk } from '../../src/lib/ports/system-disk.ts'
import { goldenLines } from '../golden/vectors.ts'
import { ktool } from '../ktool.ts'
import { pathInDisk } from '../lib/log/lookup/golden-partitions.ts'
import { runCommand } from './run-command.ts'

interface Line {
  readonly kind: string
  readonly offset: number
  readonly timestamp: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
  readonly magic: number
  readonly codec: string
}

interface Row {
  readonly file: string
  readonly state: string
  readonly sizeBytes: number
  readonly [key: string]: unknown
}

describe('ktool segments list', () => {
  test.each([
    'txn-v2',
    'mixed-magic',
    'compact-txn-purge',
    'v0-082-gzip',
    'preallocate',
    'large-record',
    'empty',
  ])('tells of each segment of %s what Kafka says of its batches', async (name) => {
    const path = pathInDisk(`segments/${name}/${name}-0`)
    const { status, stderr, rows } = await listed([path])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const logs = readdirSync(path).filter((file) => file.endsWith('.log'))
    expect(rows.filter(({ state }) => state === 'rolled' || state === 'active')).toEqual(
      logs.map((file) => expect.objectContaining({ ...expectedOf(name, file), topic: name, partition: 0 })),
    )
    expect(rows.map(({ file, sizeBytes }) => [file, sizeBytes])).toEqual(
      rows.map(({ file }) => [file, statSync(join(path, file)).size]),
    )
  })

  it('goes through a whole log directory, and brings what was left over', async () => {
    const { rows } = await listed([pathInDisk('logdirs/kraft-431/data0')])
    const topics = new Set(rows.map(({ topic }) => topic))
    expect(topics).toContain('__cluster_metadata')
    expect(topics).toContain('orders')
    const { rows: cleaned } = await listed([pathInDisk('segments/compact-basic/compact-basic-0')])
    const deleted = cleaned.filter(({ state }) => state === 'deleted')
    expect(deleted.map(({ file }) => file)).toContain('00000000000000000000.log.deleted')
    expect(deleted.every(({ file }) => file.endsWith('.deleted'))).toBe(true)
  })

  it('shows people a bar for the size of each segment', async () => {
    const path = pathInDisk('segments/mixed-magic/mixed-magic-0')
    const { stdout } = await ktool(['segments', 'list', path])
    expect(stdout.toString()).toMatch(/5\.8KiB\t█{10}\t/)
    expect(stdout.toString()).toMatch(/531B\t▉\t/)
  })

  it('has its columns in line on a terminal, through all partitions', async () => {
    const paths = ['roll-size', 'compact-basic'].map((name) => pathInDisk(`segments/${name}/${name}-0`))
    const { stdout } = await runCommand('segments list', paths, systemDisk, true)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(20)
    const places = lines.map((line) => line.search(/(rolled|active|deleted|STATE)$/))
    expect([...new Set(places)]).toEqual([places[0]])
  })

  it('tells of damage, goes on, and ends with 3', async () => {
    const { status, stderr, rows } = await listed([pathInDisk('corrupt/cases/zero-hole/victim-0')])
    expect(status).toBe(3)
    expect(stderr).toContain('00000000000000000027.log is damaged at position 1104, 549 bytes were left out')
    expect(rows.map(({ state, batches }) => [state, batches])).toEqual([
      ['rolled', 9],
      ['damaged', 7],
      ['active', 7],
    ])
  })

  it('fails for what is no folder with segments, and lists the others', async () => {
    const good = pathInDisk('segments/empty/empty-0')
    const nothingHere = mkdtempSync(join(tmpdir(), 'ktool-empty-'))
    const { status, stderr, rows } = await listed([
      nothingHere,
      join(good, 'partition.metadata'),
      join(good, 'nothing'),
      good,
    ])
    expect(status).toBe(1)
    expect(stderr).toMatch(/has no segments, and no folders of partitions/)
    expect(stderr).toMatch(/partition\.metadata is no folder/)
    expect(stderr).toMatch(/there is no such file/)
    expect(rows).toHaveLength(1)
    rmdirSync(nothingHere)
  })
})

async function listed(
  paths: readonly string[],
): Promise<{ status: number | null; stderr: string; rows: Row[] }> {
  const { status, stderr, stdout } = await ktool(['segments', 'list', ...paths, '-o', 'jsonl'])
  const lines = stdout.toString().split('\n').slice(0, -1)
  return { status, stderr, rows: lines.map((line) => JSON.parse(line) as Row) }
}

function expectedOf(name: string, file: string) {
  const folder = `disk/expected/segments/${name}/${name}-0`
  const found = readdirSync(pathInDisk(folder.slice('disk/'.length))).find((each) =>
    each.startsWith(`${file}.ndjson`),
  )
  const lines = found === undefined ? [] : goldenLines<Line>(`${folder}/${found}`)
  const batches = lines.filter(({ kind }) => kind === 'batch')
  const records = lines.filter(({ kind }) => kind === 'record')
  const first = batches[0]
  return {
    file,
    batches: batches.length,
    firstOffset: first?.baseOffset ?? null,
    lastOffset: batches.at(-1)?.lastOffset ?? null,
    maxTimestamp: batches.length === 0 ? null : Math.max(...batches.map(({ maxTimestamp }) => maxTimestamp)),
    firstTimestamp: records[0]?.timestamp ?? first?.maxTimestamp ?? null,
    lastTimestamp: records.at(-1)?.timestamp ?? batches.at(-1)?.maxTimestamp ?? null,
    magics: [...new Set(batches.map(({ magic }) => magic))].sort(),
    codecs: [...new Set(batches.map(({ codec }) => codec))].sort(),
  }
}
