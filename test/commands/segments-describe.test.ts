import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { offsetCheckpoints } from '../../src/lib/log/files/offset-checkpoint.ts'
import { goldenText } from '../golden/vectors.ts'
import { ktool } from '../ktool.ts'
import {
  type GoldenLookups,
  goldenCases,
  type PlacedCase,
  pathInDisk,
} from '../lib/log/lookup/golden-partitions.ts'

interface Row {
  readonly topic: string
  readonly partition: number
  readonly topicId: string | null
  readonly folder: string
  readonly producers: readonly object[]
  readonly segments: readonly object[]
  readonly warnings: readonly string[]
  readonly abortedTransactions: readonly {
    readonly firstOffset: number
    readonly lastOffset: number
    readonly lastStableOffset: number
  }[]
  readonly [key: string]: unknown
}

/** As a broker answers. */
interface Producer {
  readonly producerId: number
  readonly epoch: number
}

let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ktool-describe-'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('ktool segments describe', () => {
  it('tells of every partition the bounds that its broker told, and nothing to warn of', async () => {
    const cases = goldenCases().filter(({ expected }) => existsSync(pathInDisk(`${expected}/lookups.json`)))
    const paths = cases.map(withCheckpoints)
    const { status, stderr, rows } = await described(paths)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(rows.map(boundsOf)).toEqual(
      cases.map(({ expected, checkpoints }, i) => {
        const { earliest, highWatermark, lastStableOffset } = lookupsIn(expected)
        return {
          folder: paths[i],
          logStartOffset: earliest.offset,
          highWatermark: highWatermark.offset,
          lastStableOffset: lastStableOffset.offset,
          recoveryPoint: checkpoints.recoveryPoint,
          cleanerOffset: checkpoints.cleanerOffset,
          warnings: [],
        }
      }),
    )
  })

  test.each(['txn-v2', 'txn-open-v2', 'compact-txn', 'txn-open-clean-v2'])(
    'tells of the aborted transactions of %s, as their indexes have them',
    async (name) => {
      const { rows } = await described([pathInDisk(`segments/${name}/${name}-0`)])
      const dump = dumpOf(`disk/expected/segments/${name}/${name}-0/indexes-and-snapshots.dump.txt`)
      const entries = [...dump.matchAll(/firstOffset: (\d+) lastOffset: (\d+) lastStableOffset: (\d+)/g)]
      expect(entries.length).toBeGreaterThan(0)
      const aborted = rows.flatMap(({ abortedTransactions }) => abortedTransactions)
      expect(
        aborted.map(({ firstOffset, lastOffset, lastStableOffset }) => [
          firstOffset,
          lastOffset,
          lastStableOffset,
        ]),
      ).toEqual(entries.map(([, ...offsets]) => offsets.map(Number)))
    },
  )

  it('knows the producers and topic ids that a broker told of, in all its directories', async () => {
    const directories = ['data0', 'data1'].map((name) => pathInDisk(`logdirs/kraft-431/${name}`))
    const { status, rows } = await described(directories)
    expect(status).toBe(0)
    const { topics, producers } = JSON.parse(goldenText('disk/expected/logdirs/kraft-431/answers.json'))
    const inUse = rows.filter(({ aside, topic }) => aside === null && topic !== '__cluster_metadata')
    expect(inUse).toHaveLength(17)
    for (const row of inUse) {
      const name = `${row.topic}-${row.partition}`
      const told = ((producers[name] ?? []) as Producer[]).map(({ epoch, ...rest }) => {
        return { ...rest, producerEpoch: epoch }
      })
      told.sort((a, b) => a.producerId - b.producerId)
      expect({ name, topicId: row.topicId, producers: row.producers }).toEqual({
        name,
        topicId: topics[row.topic].topicId,
        producers: told,
      })
    }
  })

  it('says of each offset how far it can be trusted', async () => {
    const [plain] = goldenCases().filter(({ dir }) => dir === 'roll-size-0')
    if (plain === undefined) throw new Error('there is no such case')
    const checkpoints = { recoveryPoint: 150, highWatermark: 400, logStartOffset: 20, cleanerOffset: 500 }
    const path = withCheckpoints({ ...plain, checkpoints })
    const { rows } = await described([path])
    expect(rows[0]).toMatchObject({
      logStartOffset: 20,
      logEndOffset: 420,
      highWatermark: 400,
      highWatermarkInfo: {
        from: 'file',
        bound: 'atLeast',
        reason: expect.stringContaining('last checkpoint'),
      },
      lastStableOffset: 400,
      lastStableOffsetInfo: { bound: 'atLeast' },
      recoveryPoint: 150,
      cleanerOffset: 500,
      cleanerOffsetInfo: { bound: 'asOf', reason: 'the checkpoint lies beyond the log end' },
    })
    for (const key of ['logStartOffsetInfo', 'logEndOffsetInfo', 'recoveryPointInfo']) {
      expect(rows[0]).not.toHaveProperty(key)
    }
    const { stdout } = await ktool(['segments', 'describe', path])
    expect(stdout.toString()).toMatch(
      /^LOG START OFFSET\t20 \(.*; what lies before it is deleted, though still in/m,
    )
  })

  it('says whose directory it is, how the broker went, and what the metadata log has beside it', async () => {
    const { rows } = await described([pathInDisk('logdirs/kraft-431/data0/__cluster_metadata-0')])
    expect(rows[0]).toMatchObject({
      directory: pathInDisk('logdirs/kraft-431/data0'),
      broker: 1,
      lastStop: 'clean',
      quorum: { leaderId: 1, leaderEpoch: 2 },
      checkpoints: [{ file: '00000000000000000122-0000000002.checkpoint', offset: 122, epoch: 2 }],
      leaderEpochs: [
        { epoch: 1, startOffset: 0, endOffset: 47 },
        { epoch: 2, startOffset: 47, endOffset: null },
      ],
    })
  })

  it('tells people a line for each, with what each offset is', async () => {
    const { stdout } = await ktool(['segments', 'describe', pathInDisk('segments/txn-open-v2/txn-open-v2-0')])
    const text = stdout.toString()
    expect(text).toMatch(/^LAST STABLE OFFSET\t99 \(.*held by the open transaction of producer 0/m)
    expect(text).toMatch(/^RECOVERY POINT\t- \(no checkpoint has it\)$/m)
    expect(text.match(/^OPEN TRANSACTIONS\t/gm)).toHaveLength(2)
    expect(text).toMatch(/^SEGMENTS\t00000000000000000128\.log, offsets 128 to 157, 1\.7KiB, active$/m)
    expect(text).not.toMatch(/^ASIDE/m)
  })

  it('cuts long lists short for people only', async () => {
    const path = join(root, 'many-0')
    mkdirSync(path)
    for (let base = 0; base < 30; base++)
      writeFileSync(join(path, `${String(base).padStart(20, '0')}.log`), '')
    const { stdout } = await ktool(['segments', 'describe', path])
    expect(stdout.toString().match(/^SEGMENTS\t/gm)).toHaveLength(11)
    expect(stdout.toString()).toMatch(/^SEGMENTS\t… 20 more …$/m)
    const { rows } = await described([path])
    expect(rows[0]?.segments).toHaveLength(30)
  })

  test.each([
    ['epoch-file-garbage', /leader-epoch-checkpoint is not used: line 1: the version is "garbage"/],
    ['flip-crc-last-batch', /00000000000000000051\.log is damaged at position 2153/],
    ['snapshot-crc', /00000000000000000084\.snapshot is not used: .*its CRC is/],
    ['index-missing', /00000000000000000051\.log has no \.index beside it/],
  ])('tells the rest where something is damaged, and ends with 3: %s', async (name, words) => {
    const { status, stderr, rows } = await described([pathInDisk(`corrupt/cases/${name}/victim-0`)])
    expect(status).toBe(3)
    expect((JSON.parse(stderr) as { error: { message: string } }).error.message).toMatch(words)
    expect(rows[0]?.warnings).toEqual([expect.stringMatching(words)])
    expect(rows[0]?.segments).toHaveLength(3)
  })

  it('fails for what is no partition, and describes the others', async () => {
    const good = pathInDisk('segments/empty/empty-0')
    const { status, stderr, rows } = await described([
      join(good, 'nothing'),
      join(good, 'partition.metadata'),
      good,
    ])
    expect(status).toBe(1)
    expect(stderr).toMatch(/there is no such file/)
    expect(stderr).toMatch(/partition\.metadata is no folder/)
    expect(rows).toHaveLength(1)
  })
})

async function described(
  paths: readonly string[],
): Promise<{ status: number | null; stderr: string; rows: Row[] }> {
  const { status, stderr, stdout } = await ktool(['segments', 'describe', ...paths, '-o', 'jsonl'])
  const lines = stdout.toString().split('\n').slice(0, -1)
  return { status, stderr, rows: lines.map((line) => JSON.parse(line) as Row) }
}

function boundsOf(row: Row) {
  const { folder, logStartOffset, highWatermark, lastStableOffset, recoveryPoint, cleanerOffset, warnings } =
    row
  return { folder, logStartOffset, highWatermark, lastStableOffset, recoveryPoint, cleanerOffset, warnings }
}

function lookupsIn(expected: string): GoldenLookups {
  return JSON.parse(goldenText(`disk/${expected}/lookups.json`)) as GoldenLookups
}

function dumpOf(path: string): string {
  return existsSync(pathInDisk(`../${path}`)) ? goldenText(path) : goldenText(`${path}.gz`)
}

/** The folder beside the four checkpoints of its log directory, without a line where there was none. */
function withCheckpoints({ path, topic, partition, checkpoints }: PlacedCase): string {
  const directory = mkdtempSync(join(root, 'dir-'))
  const folder = join(directory, path.split('/').at(-1) ?? '')
  symlinkSync(path, folder)
  for (const [key, offset] of Object.entries(checkpoints)) {
    const line = offset === null ? '0\n0\n' : `0\n1\n${topic} ${partition} ${offset}\n`
    writeFileSync(join(directory, offsetCheckpoints[key as keyof typeof offsetCheckpoints]), line)
  }
  return folder
}
