import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { diffReplicas } from '../../../../src/lib/log/diff/diff-replicas.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'

const golden = fileURLToPath(new URL('../../../golden/disk/', import.meta.url))
const cluster = join(golden, 'logdirs/cluster-3')
const scratch = mkdtempSync(join(tmpdir(), 'ktool-diff-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const diff = (first: string, second: string) =>
  diffReplicas(systemDisk, [first, second], { isDue: () => false, turn: async () => {} })

describe('two copies of a partition', () => {
  test('part where an unclean election has forked them', async () => {
    const { rows, notes, trouble } = await diff(
      join(cluster, 'node2/diverge-0'),
      join(cluster, 'node3/diverge-0'),
    )
    const common = { topic: 'diverge', partition: 0, verdict: 'diverged', partsAtOffset: 30, onlyHere: 0 }
    const place = { file: '00000000000000000000.log', position: 1006 }
    expect(rows[0]).toMatchObject({ ...common, ...place, epoch: 0, logEndOffset: 50, lastEpoch: 0 })
    expect(rows[1]).toMatchObject({ ...common, ...place, epoch: 2, logEndOffset: 42, lastEpoch: 2 })
    expect(rows.map(({ truncatesTo, losesOffsets }) => [truncatesTo, losesOffsets])).toEqual([
      [30, 20],
      [30, 12],
    ])
    expect(notes.join('\n')).toMatch(/would cut its log at 30 .* lose 20 offsets, of which those below 50/)
    expect(trouble).toMatchObject({ exitCode: 3, code: 'replicas-diverged', details: { offset: 30 } })
  })

  test.each([
    ['shrunk-0', 40, 65],
    ['healthy-0', 40, 50],
  ])('differ in %s only in how far they have come', async (name, behind, ahead) => {
    const { rows, trouble } = await diff(join(cluster, 'node2', name), join(cluster, 'node3', name))
    expect(rows[0]).toMatchObject({
      verdict: 'behind',
      logEndOffset: behind,
      partsAtOffset: null,
      losesOffsets: 0,
    })
    expect(rows[1]).toMatchObject({ verdict: 'ahead', logEndOffset: ahead, losesOffsets: ahead - behind })
    expect(trouble).toBeNull()
  })

  test('are the same as themselves, in every format and however they were cleaned', async () => {
    for (const folder of allPartitions()) {
      const { rows, trouble } = await diff(folder, folder)
      expect(trouble, folder).toBeNull()
      expect(rows.map(({ verdict, onlyHere }) => [verdict, onlyHere])).toEqual([
        ['same', 0],
        ['same', 0],
      ])
    }
  })

  test('agree where one of them has been cleaned', async () => {
    const cleaned = join(golden, 'segments/compact-basic/compact-basic-0')
    const before = copyOf(cleaned)
    for (const name of readdirSync(before)) {
      if (name.endsWith('.deleted')) renameSync(join(before, name), join(before, name.slice(0, -8)))
    }
    const { rows, notes, trouble } = await diff(before, cleaned)
    expect(trouble).toBeNull()
    expect(rows[0]).toMatchObject({ verdict: 'fuller', firstOnlyHere: 1 })
    expect(rows[0].onlyHere).toBe(recordsIn(before) - recordsIn(cleaned))
    expect(rows[1]).toMatchObject({ verdict: 'gaps', onlyHere: 0 })
    expect(notes.join('\n')).toMatch(/records from offset 1 on are in .*compact-basic-0 only/)
  })

  test('are compared from where both start', async () => {
    const whole = join(golden, 'segments/roll-size/roll-size-0')
    const young = copyOf(whole)
    for (const name of readdirSync(young)) if (/^0{18}(00|81)\./.test(name)) rmSync(join(young, name))
    const { rows, notes, trouble } = await diff(whole, young)
    expect(trouble).toBeNull()
    expect(rows.map(({ verdict, logStartOffset, onlyHere }) => [verdict, logStartOffset, onlyHere])).toEqual([
      ['same', 0, 0],
      ['same', 150, 0],
    ])
    expect(notes.join('\n')).toContain('They start at 0 and 150')
  })

  test('part at a record that says something else, and not at damage', async () => {
    const base = join(golden, 'corrupt/base/victim-0')
    const other = copyOf(base)
    const [log = ''] = readdirSync(other).filter((name) => name.endsWith('.log'))
    const bytes = readFileSync(join(other, log))
    // A byte of the last record's value, which no checksum covers any more.
    bytes[bytes.length - 2] = (bytes.at(-2) ?? 0) ^ 1
    writeFileSync(join(other, log), bytes)
    const { rows, trouble } = await diff(base, other)
    expect(rows.map(({ verdict }) => verdict)).toEqual(['unknown', 'damaged'])
    expect(rows[1]).toMatchObject({ file: log, finding: expect.stringContaining('its CRC is') })
    expect(trouble).toMatchObject({ exitCode: 3, code: 'damaged-log' })
  })

  test('differ in their ends where a write was cut short', async () => {
    const base = join(golden, 'corrupt/base/victim-0')
    const other = copyOf(base)
    const log = readdirSync(other).findLast((name) => name.endsWith('.log')) ?? ''
    truncateSync(join(other, log), readFileSync(join(other, log)).length - 5)
    const { rows, trouble } = await diff(other, base)
    expect(trouble).toBeNull()
    expect(rows.map(({ verdict }) => verdict)).toEqual(['behind', 'ahead'])
  })

  test('are said to be strangers where their names differ', async () => {
    const { notes } = await diff(join(cluster, 'node2/healthy-0'), join(cluster, 'node3/healthy-1'))
    expect(notes.join('\n')).toContain('healthy-0 and healthy-1 are not the same partition')
  })

  test('have to be folders of partitions', async () => {
    await expect(diff(join(cluster, 'nowhere'), cluster)).rejects.toThrow('nowhere is no folder')
    await expect(diff(cluster, cluster)).rejects.toThrow('has no segments')
  })
})

function allPartitions(): string[] {
  const cases = join(golden, 'segments')
  return readdirSync(cases).flatMap((name) =>
    readdirSync(join(cases, name), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(cases, name, entry.name))
      .filter((folder) => readdirSync(folder).some((file) => file.endsWith('.log'))),
  )
}

function copyOf(folder: string): string {
  const copy = join(mkdtempSync(join(scratch, 'copy-')), basename(folder))
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true })
  return copy
}

function recordsIn(folder: string): number {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'))
  const batches = logs.flatMap((name) => [...scanBatches(readFileSync(join(folder, name)))])
  return batches.reduce((sum, found) => sum + (found.kind === 'batch' ? (found.count ?? 0) : 0), 0)
}
