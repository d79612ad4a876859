import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'

const golden = fileURLToPath(new URL('../golden/disk/', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'ktool-explain-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('ktool segments explain', () => {
  it('names the segment with a timestamp in the future that holds back what is behind it', async () => {
    const { items, stderr } = await explain('segments/roll-size/roll-size-0', '--at', '@2023-12-01')
    expect(items.map(({ kind, retention, blockedBy }) => [kind, retention, blockedBy])).toEqual([
      ['partition', 'delete', null],
      ['segment', 'delete', null],
      ['segment', 'delete', null],
      ['segment', 'keep', null],
      ['segment', 'keep', '00000000000000000150.log'],
      ['segment', 'keep', null],
      ['segment', 'keep', '00000000000000000300.log'],
    ])
    expect(items[3]).toMatchObject({
      largestTimestampMs: Date.UTC(2024, 1, 12, 22, 13, 20),
      timestampFrom: 'time index',
      retentionAtMs: Date.UTC(2024, 1, 19, 22, 13, 20) + 1,
    })
    expect(stderr).toContain("Kafka's defaults are taken where nothing that is here says otherwise")
  })

  it('takes the settings of a topic from the metadata log, and those given by hand before them', async () => {
    const { items } = await explain('logdirs/kraft-431/data0/orders-0', '--config', 'segment.ms=60000')
    expect(items[0]?.settings).toMatchObject({
      'retention.ms': { value: '604800000', from: 'topic' },
      'segment.ms': { value: '60000', from: 'flag' },
      'cleanup.policy': { value: 'delete', from: 'default' },
    })
    expect(items[0]).toMatchObject({ recoveryReason: expect.stringContaining('the last stop was clean') })
  })

  it('tells of every partition of a log directory, those whose high watermark lags behind too', async () => {
    const { items } = await explain('logdirs/cluster-3/node2', '--at', '@2027-01-01')
    const segments = items.filter(({ kind, topic }) => kind === 'segment' && topic !== '__cluster_metadata')
    expect(segments.map(({ topic, partition, retention }) => [topic, partition, retention])).toEqual([
      ['diverge', 0, 'delete'],
      ['healthy', 0, 'keep'],
      ['healthy', 1, 'delete'],
      ['shrunk', 0, 'delete'],
      ['shrunk', 1, 'delete'],
    ])
    expect(segments[1]?.retentionReason).toBe('waits for the high watermark: it is 35, and must reach 40')
    // It was killed: the time index of an active segment is all zeros.
    expect(segments[0]).toMatchObject({ timestampFrom: 'batch headers', recovery: 'read' })
    const metadata = items.find(({ topic }) => topic === '__cluster_metadata')
    expect(metadata?.recoveryReason).toContain('the metadata log is recovered at every start')
  })

  it('says how far the cleaner has come, and when tombstones may go', async () => {
    const folder = beside('segments/compact-basic/compact-basic-0', {
      'cleaner-offset-checkpoint': 'compact-basic 0 541',
      'recovery-point-offset-checkpoint': 'compact-basic 0 600',
    })
    const { items } = await explain(folder, '--config', 'cleanup.policy=compact')
    expect(items[0]).toMatchObject({
      compaction: 'wait',
      firstDirtyOffset: 541,
      uncleanableFromOffset: 541,
      cleanableBytes: 0,
      dirtyRatio: 0,
      recoveryPoint: 600,
    })
    expect(items[0]?.earliestDeleteHorizonMs).toBeGreaterThan(Date.UTC(2026, 0))
    expect(items[0]?.compactionReason).toMatch(/batches hold tombstones or markers .* may take away/)
    expect(items.slice(1).map(({ compaction, recovery }) => [compaction, recovery])).toEqual([
      ...Array(4).fill(['clean', 'skip']),
      ['active', 'read'],
    ])
  })

  it('reads the zeros of a time index as a broker does after a clean stop', async () => {
    const properties = { 'meta.properties': '', '.kafka_cleanshutdown': '' }
    const folder = beside('segments/unclean/unclean-0', properties)
    writeFileSync(join(folder, '../meta.properties'), 'version=1\nnode.id=1\ncluster.id=abc\n')
    const active = (await explain(folder, '--at', '@2023-11-15')).items.at(-1)
    expect(active).toMatchObject({ largestTimestampMs: 0, timestampFrom: 'zeros of the time index' })

    rmSync(join(folder, '../.kafka_cleanshutdown'))
    const recovered = (await explain(folder, '--at', '@2023-11-15')).items.at(-1)
    expect(recovered).toMatchObject({ timestampFrom: 'batch headers', retention: 'keep' })
  })

  it('explains what it can of a damaged log, and ends with 3', async () => {
    const path = join(golden, 'corrupt/cases/flip-crc-last-batch/victim-0')
    const { status, stdout } = await ktool(['segments', 'explain', path, '-o', 'json'])
    const { items, errors } = JSON.parse(stdout.toString())
    expect(status).toBe(3)
    expect(items).toHaveLength(4)
    expect(errors).toMatchObject([{ code: 'damaged-log', message: expect.stringMatching(/position 2153/) }])
  })

  it('refuses what it cannot explain, and goes on with the rest', async () => {
    const { status, stderr, stdout } = await ktool(['segments', 'explain', 'nowhere', golden, '-o', 'json'])
    expect(status).toBe(1)
    expect(JSON.parse(stdout.toString()).errors.map(({ code }: { code: string }) => code)).toEqual([
      'file-not-found',
      'no-segments',
    ])
    expect(stderr).toBe('')
    const wrong = await ktool(['segments', 'explain', golden, '--config', 'retention.hours=3'])
    expect(wrong.status).toBe(2)
    expect(wrong.stderr).toContain('KEY=VALUE, where KEY is one of')
  })
})

interface Item {
  readonly [key: string]: unknown
}

async function explain(folder: string, ...flags: string[]): Promise<{ items: Item[]; stderr: string }> {
  const path = folder.startsWith('/') ? folder : join(golden, folder)
  const { status, stdout, stderr } = await ktool(['segments', 'explain', path, '-o', 'json', ...flags])
  expect(status, stderr).toBe(0)
  return { items: JSON.parse(stdout.toString()).items, stderr }
}

/** A copy of a partition's folder, with checkpoints of one line beside it. */
function beside(folder: string, checkpoints: Record<string, string>): string {
  const around = mkdtempSync(join(scratch, 'dir-'))
  const copy = join(around, basename(folder))
  cpSync(join(golden, folder), copy, { recursive: true, preserveTimestamps: true })
  for (const [name, line] of Object.entries(checkpoints)) writeFileSync(join(around, name), `0\n1\n${line}\n`)
  return copy
}
