import { createHash } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { scanBatches } from '../../src/lib/records/scan-batches.ts'
import { goldenLines, goldenText } from '../golden/vectors.ts'
import { environment, ktool } from '../ktool.ts'
import { pathInDisk } from '../lib/log/lookup/golden-partitions.ts'

interface Start {
  readonly comesUp: boolean
  readonly logStartOffset?: number
  readonly logEndOffset?: number
  readonly filesAfterStop?: Record<string, number>
}

interface Damaged {
  readonly brokerUncleanStart: Start
  readonly brokerCleanStart: Start
}

interface Outcome {
  readonly comesUp: boolean
  readonly logStartOffset: number | null
  readonly logEndOffset: number | null
  readonly files: { name: string; action: string; sizeBytes: number; renamedTo: string | null }[] | null
}

interface Finding {
  readonly file: string
  readonly position: number | null
  readonly offset: number | null
  readonly code: string
  readonly severity: string
  readonly reason: string
  readonly onCleanStart: string
  readonly onUncleanStart: string
}

interface Row {
  readonly folder: string
  readonly verdict: string
  readonly batches: number
  readonly records: number
  readonly skippedBytes: number
  readonly lostOffsets: number
  readonly findings: Finding[]
  readonly nextStart: string | null
  readonly onStart: { clean: Outcome; unclean: Outcome }
}

interface Batch {
  readonly kind: string
  readonly position: number
  readonly valid: boolean
  readonly recordsError?: string
}

/** More bytes than one thread is left alone with. */
const LARGE_BATCHES = 300

const { cases } = JSON.parse(goldenText('disk/corrupt/expected.json')) as { cases: Record<string, Damaged> }
/** Kafka takes both as they are: the second was mended by one of its own tools when the data was made. */
const unharmed = ['intact', 'index-not-multiple']

describe('ktool segments verify', () => {
  it('finds nothing wrong with any directory that a broker left, stopped or killed', async () => {
    const folders = readdirSync(pathInDisk('segments')).flatMap((name) =>
      readdirSync(pathInDisk(`segments/${name}`), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => pathInDisk(`segments/${name}/${entry.name}`)),
    )
    const { status, stderr, rows } = await verified(folders)
    expect(rows.flatMap(({ folder, findings }) => bad(folder, findings))).toEqual([])
    expect({ status, stderr, count: rows.length }).toEqual({ status: 0, stderr: '', count: folders.length })
  })

  it.each([
    ['kraft-431/data0', 'kraft-431/data1', 'clean'],
    ['cluster-3/node1', 'cluster-3/node3', 'clean'],
    ['cluster-3/node2', 'cluster-3/node2', 'unclean'],
  ])('goes through the log directories %s and %s, whose next start is %s', async (one, other, next) => {
    const paths = [...new Set([one, other])].map((name) => pathInDisk(`logdirs/${name}`))
    const { status, rows } = await verified(paths)
    expect(status).toBe(0)
    expect(new Set(rows.map(({ nextStart }) => nextStart))).toEqual(new Set([next]))
    expect(rows.filter(({ onStart }) => !onStart.clean.comesUp || !onStart.unclean.comesUp)).toEqual([])
  })

  describe('of damaged copies', () => {
    let rows: Map<string, Row>
    let before: string

    beforeAll(async () => {
      before = hashOf(pathInDisk('corrupt/cases'))
      const { status, rows: all } = await verified(Object.keys(cases).map(folderOf))
      expect(status).toBe(3)
      rows = new Map(all.map((row) => [row.folder, row]))
    })

    it('changes nothing on disk', () => {
      expect(hashOf(pathInDisk('corrupt/cases'))).toBe(before)
    })

    test.each(Object.keys(cases))('%s: verdict, places, and both kinds of start', (name) => {
      const row = rows.get(folderOf(name)) ?? expect.fail('no row')
      expect(row.verdict === 'ok').toBe(unharmed.includes(name))
      const { brokerCleanStart, brokerUncleanStart } = cases[name] ?? expect.fail('no case')
      expect(offsetsOf(row.onStart.clean)).toEqual(expectedOf(brokerCleanStart))
      expect(offsetsOf(row.onStart.unclean)).toEqual(expectedOf(brokerUncleanStart))
      expect(sizesOf(row.onStart.clean)).toMatchObject(logsAfter(brokerCleanStart))
      expect(sizesOf(row.onStart.unclean)).toMatchObject(logsAfter(brokerUncleanStart))
      const places = new Set(row.findings.map(({ file, position }) => `${file} ${position}`))
      expect(unreadable(name).filter((place) => !places.has(place))).toEqual([])
    })
  })

  it('ends with 3 at damage, with 0 without', async () => {
    expect((await verified([folderOf('flip-crc')])).status).toBe(3)
    expect((await verified([folderOf('timeindex-missing')])).status).toBe(3)
    expect((await verified([folderOf('intact')])).status).toBe(0)
  })

  it('counts what can still be read behind damage, and says what a broker would do', async () => {
    const { rows } = await verified([folderOf('flip-crc')])
    expect(rows[0]).toMatchObject({ batches: 23, records: 81, skippedBytes: 549, lostOffsets: 3 })
    expect(rows[0]?.findings).toEqual([
      {
        file: '00000000000000000027.log',
        position: 1104,
        offset: 33,
        code: 'batch-crc',
        severity: 'error',
        reason:
          'the batch at position 1104 cannot be believed: its CRC is 0x310f703b, its bytes have 0x310e703b; offsets 33 to 35 cannot be read',
        onCleanStart: 'ignores it',
        onUncleanStart: 'truncates the log here, and deletes the segment behind it',
      },
    ])
  })

  it('tells people of each partition and each finding in a line, with the start that comes next', async () => {
    const { stdout } = await ktool(['segments', 'verify', folderOf('flip-crc')])
    const [head, whole, finding, ...rest] = stdout.toString().trimEnd().split('\n')
    expect(head).toBe('PARTITION\tVERDICT\tFINDING\tON START')
    expect(whole).toContain(
      '3 segments, 23 batches, 81 records, 549 bytes that cannot be read; offsets 0 to 83',
    )
    expect(whole).toContain('unclean start: offsets 0 to 32, loses offsets 33 to 83, truncates 1 log')
    expect(finding).toContain('\t00000000000000000027.log: the batch at position 1104 cannot be believed')
    expect(rest).toEqual([])
  })

  describe('in a directory of a broker', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ktool-verify-'))
    const folder = join(directory, 'victim-0')
    beforeAll(() => {
      cpSync(folderOf('trunc-last-1-byte'), folder, { recursive: true })
      copyFileSync(pathInDisk('logdirs/kraft-431/data0/meta.properties'), join(directory, 'meta.properties'))
    })
    afterAll(() => rmSync(directory, { recursive: true }))

    it('goes by the mark of a clean stop', async () => {
      expect((await verified([folder])).rows[0]?.nextStart).toBe('unclean')
      writeFileSync(join(directory, '.kafka_cleanshutdown'), '')
      expect((await verified([directory])).rows[0]?.nextStart).toBe('clean')
      const { stdout } = await ktool(['segments', 'verify', folder])
      expect(stdout.toString()).toContain('clean start: offsets 0 to 77')
    })

    it('says when a checkpoint knows of records that are not there', async () => {
      writeFileSync(join(directory, 'replication-offset-checkpoint'), '0\n1\nvictim 0 84\n')
      const { rows } = await verified([folder])
      expect(rows[0]?.findings).toContainEqual(
        expect.objectContaining({
          file: 'replication-offset-checkpoint',
          code: 'high-watermark-beyond-end',
          severity: 'error',
          offset: 84,
        }),
      )
    })
  })

  // As Kafka 4.3.1 was seen to do, whatever is in the file.
  it.each(['orders.log', 'orders.index', 'orders.txnindex', 'orders.snapshot'])(
    'says that a broker does not start beside %s',
    async (name) => {
      const folder = join(mkdtempSync(join(tmpdir(), 'ktool-verify-')), 'victim-0')
      cpSync(folderOf('intact'), folder, { recursive: true })
      writeFileSync(join(folder, name), '')
      const [row] = (await verified([folder])).rows
      expect(row?.findings).toMatchObject([
        { file: name, onCleanStart: 'does not start', onUncleanStart: 'does not start' },
      ])
      const reason = `${name} has no base offset in its name`
      const down = { comesUp: false, reason }
      expect(row?.onStart).toMatchObject({ clean: down, unclean: down })
      rmSync(join(folder, '..'), { recursive: true })
    },
  )

  it('tells of a broken checkpoint beside a folder, also where no meta.properties is', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ktool-verify-'))
    const folder = join(directory, 'victim-0')
    cpSync(folderOf('intact'), folder, { recursive: true })
    writeFileSync(join(directory, 'recovery-point-offset-checkpoint'), 'garbage')
    const { status, stdout } = await ktool(['segments', 'verify', folder, '-o', 'json'])
    expect(status).toBe(3)
    // Kafka 4.3.1 takes the directory offline for each of the four, and without another one it stops.
    const down = { comesUp: false, reason: expect.stringContaining('recovery-point-offset-checkpoint') }
    expect(JSON.parse(stdout.toString())).toMatchObject({
      items: [{ verdict: 'ok', onStart: { clean: down, unclean: down } }],
      errors: [{ item: join(directory, 'recovery-point-offset-checkpoint'), code: 'corrupt-checkpoint' }],
    })
    rmSync(directory, { recursive: true })
  })

  it('says the same of a large segment with one thread as with two', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'ktool-verify-')), 'large-0')
    writeLargeSegment(folder)
    const sound = await verified([folder])
    expect(sound.rows[0]).toMatchObject({ verdict: 'ok', batches: LARGE_BATCHES })
    const log = join(folder, '00000000000000000000.log')
    const bytes = readFileSync(log)
    const at = Math.floor(bytes.length * 0.905)
    bytes[at] = 255 - (bytes[at] as number)
    writeFileSync(log, bytes)
    const damaged = await verified([folder])
    expect(damaged.rows[0]).toMatchObject({ verdict: 'error', batches: LARGE_BATCHES - 1, damagedBatches: 1 })
    const alone = await verified([folder], { ...environment, KTOOL_THREADS: '1' })
    expect(damaged).toEqual(alone)
    rmSync(join(folder, '..'), { recursive: true })
  })

  it('says what it expected where there is nothing to verify, and goes on', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'ktool-verify-'))
    const log = join(folderOf('intact'), '00000000000000000000.log')
    const { status, stderr, rows } = await verified([empty, log, join(empty, 'none'), folderOf('intact')])
    rmSync(empty, { recursive: true })
    expect(status).toBe(1)
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('has no segments'),
      expect.stringContaining('is no folder'),
      expect.stringContaining('none'),
    ])
    expect(rows.map(({ verdict }) => verdict)).toEqual(['ok'])
  })
})

async function verified(paths: readonly string[], env = environment) {
  const { status, stdout, stderr } = await ktool(['segments', 'verify', ...paths, '-o', 'jsonl'], '', env)
  const lines = stdout.toString().split('\n')
  return { status, stderr, rows: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row) }
}

function folderOf(name: string): string {
  return pathInDisk(`corrupt/cases/${name}/victim-0`)
}

function bad(folder: string, findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ file, code, reason }) => `${folder} ${file} ${code} ${reason}`)
}

function offsetsOf({ comesUp, logStartOffset, logEndOffset }: Outcome) {
  return { comesUp, logStartOffset, logEndOffset }
}

function expectedOf({ comesUp, logStartOffset, logEndOffset }: Start) {
  return { comesUp, logStartOffset: logStartOffset ?? null, logEndOffset: logEndOffset ?? null }
}

function sizesOf({ files }: Outcome): Record<string, number> {
  const left = (files ?? []).flatMap(({ name, action, sizeBytes, renamedTo }): [string, number][] => {
    if (renamedTo !== null) return [[renamedTo, sizeBytes]]
    return action === 'delete' ? [] : [[name, sizeBytes]]
  })
  return Object.fromEntries(left)
}

/** The broker has written nothing into the logs. */
function logsAfter({ comesUp, filesAfterStop }: Start): Record<string, number> {
  const files = comesUp ? Object.entries(filesAfterStop ?? {}) : []
  return Object.fromEntries(files.filter(([name]) => /\.log(\.deleted)?$/.test(name)))
}

/** Where Kafka's own reader found batches that are not what they say. */
function unreadable(name: string): string[] {
  const folder = `disk/corrupt/damaged-expected/${name}/victim-0`
  return filesIn(folder).flatMap((file) => {
    const lines = goldenLines<Batch>(`${folder}/${file}`)
    const wrong = lines.filter(
      ({ kind, valid, recordsError }) => kind === 'batch' && (!valid || recordsError),
    )
    return wrong.map(({ position }) => `${file.replace(/\.ndjson(\.gz)?$/, '')} ${position}`)
  })
}

function filesIn(folder: string): string[] {
  try {
    const names = readdirSync(new URL(`../golden/${folder}`, import.meta.url))
    return names.filter((name) => /\.log\.ndjson(\.gz)?$/.test(name))
  } catch {
    return []
  }
}

function hashOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name)
    const stat = statSync(path)
    hash.update(`${name} ${stat.size} ${stat.mtimeMs}`)
    if (stat.isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** Its base offset and leader epoch are the only fields of a batch that its CRC does not cover. */
function writeLargeSegment(folder: string): void {
  const log = readFileSync(
    join(pathInDisk('segments/large-record/large-record-0'), '00000000000000000000.log'),
  )
  const batch = [...scanBatches(log)].reduce((a, b) => (b.sizeBytes > a.sizeBytes ? b : a))
  const raw = log.subarray(batch.position, batch.position + batch.sizeBytes)
  const count = raw.readInt32BE(23) + 1
  const bytes = Buffer.concat(Array.from({ length: LARGE_BATCHES }, () => raw))
  const index = Buffer.alloc(8 * (LARGE_BATCHES - 1))
  for (let i = 0; i < LARGE_BATCHES; i++) {
    bytes.writeBigInt64BE(BigInt(i * count), i * raw.length)
    if (i > 0) index.writeInt32BE(i * count, 8 * (i - 1))
    if (i > 0) index.writeInt32BE(i * raw.length, 8 * (i - 1) + 4)
  }
  mkdirSync(folder)
  writeFileSync(join(folder, '00000000000000000000.log'), bytes)
  writeFileSync(join(folder, '00000000000000000000.index'), index)
  const time = Buffer.alloc(12)
  time.writeBigInt64BE(raw.readBigInt64BE(35))
  time.writeInt32BE(count - 1, 8)
  writeFileSync(join(folder, '00000000000000000000.timeindex'), time)
}
