import { beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { type GoldenCluster, kraft, zookeeper } from './golden-cluster.ts'

interface Row {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly committed: number | null
  readonly logStart: number | null
  readonly highWatermark: number | null
  readonly lastStable: number | null
  readonly logEnd: number | null
  readonly end: number | null
  readonly lag: number | null
  readonly lost: number | null
  readonly memberId: string | null
  readonly clientId: string | null
  readonly host: string | null
  readonly reason: string | null
  readonly potentialLag: number | null
  readonly timeLagMs: number | null
  readonly endInfo?: unknown
}

async function lag(...args: string[]) {
  const { status, stdout, stderr } = await ktool(['lag', ...args])
  return { status, text: stdout.toString(), stderr }
}

async function lagRows(...args: string[]): Promise<Row[]> {
  const { status, text, stderr } = await lag(...args, '-o', 'json')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(text).items
}

/** As `kafka-consumer-groups --describe --offsets` prints a row. */
function words(row: Row): string[] {
  const { group, topic, partition, committed, end, lag, memberId, host, clientId } = row
  return [group, topic, partition, committed, end, lag, memberId, host, clientId].map((each) =>
    String(each ?? '-'),
  )
}

describe.each([
  ['KRaft', kraft],
  ['ZooKeeper', zookeeper],
])('ktool lag on the directories of a broker with %s', (_, cluster: GoldenCluster) => {
  let rows: Row[]

  beforeAll(async () => {
    rows = await lagRows('--all', ...cluster.flags)
  })

  it('says of consumer groups what kafka-consumer-groups said before the broker stopped', () => {
    const said = cluster.cli('consumer-groups-offsets')
    const groups = new Set(said.map(([group]) => group))
    const ours = rows.filter(({ group }) => groups.has(group)).map(words)
    expect(ours.sort()).toEqual(said.sort())
  })

  it('has no other groups than the broker had', () => {
    expect([...new Set(rows.map(({ group }) => group))].sort()).toEqual(
      Object.keys(cluster.answers.groups).sort(),
    )
  })
})

describe('ktool lag', () => {
  it('says of share groups what kafka-share-groups said', async () => {
    const rows = await lagRows('share-a', 'share-b', ...kraft.flags)
    const ours = rows.map(({ group, topic, partition, committed, lag }) =>
      [group, topic, partition, committed, lag].map((each) => String(each ?? '-')),
    )
    expect(ours.sort()).toEqual(kraft.cli('share-groups').sort())
    expect(rows.find(({ partition }) => partition === 1)?.reason).toBe('nobody has fetched yet')
  })

  it('says what each offset is, and counts to the last stable one if asked to', async () => {
    const [first, second] = await lagRows('classic-plain', '--isolation', 'committed', ...kraft.flags)

    expect(first).toMatchObject({
      committed: 7,
      end: 22,
      lag: 15,
      lost: 0,
      timeLagMs: null,
      potentialLag: null,
    })
    expect(second).toMatchObject({
      committed: 1,
      logStart: 0,
      highWatermark: 21,
      lastStable: 20,
      logEnd: 21,
      end: 20,
      lag: 19,
      endInfo: { from: 'file', bound: 'atLeast' },
    })
    expect(second).not.toHaveProperty('logEndInfo')
  })

  it('has a row without lag for an assigned partition without a commit', async () => {
    const rows = await lagRows('kip848-live', '--topic', 'clicks', ...kraft.flags)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      topic: 'clicks',
      partition: 0,
      committed: null,
      lag: null,
      lost: null,
      potentialLag: 20,
      reason: 'no commit',
      memberId: 'dqrRIKYwRhW4t1V-JKVZgQ',
    })
  })

  it('exits 3 where a row lags by more than it may, and prints the rows all the same', async () => {
    const { status, text, stderr } = await lag(
      '--by',
      'group',
      '--max',
      '30',
      '-o',
      'json',
      ...zookeeper.flags,
    )
    const { items } = JSON.parse(text)

    expect(status).toBe(3)
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'lag-over-limit',
      message: '2 of 5 rows lag by more than 30',
    })
    expect(items.find(({ group }: Row) => group === 'classic-plain')).toMatchObject({
      partitions: 3,
      lag: 57,
      maxLag: 22,
      withoutLag: 0,
    })
  })

  it('has a table with the columns that tell its sums apart', async () => {
    const headerBy = async (by: string) => {
      const { text } = await lag('classic-live', '--by', by, ...kraft.flags)
      return text.split('\n')[0]
    }
    expect(await headerBy('group')).toBe('GROUP\tPARTITIONS\tLAG\tMAX LAG\tWITHOUT LAG')
    expect(await headerBy('topic')).toBe('GROUP\tTOPIC\tPARTITIONS\tLAG\tMAX LAG\tWITHOUT LAG')
    expect(await headerBy('member')).toMatch(/^GROUP\tMEMBER\tCLIENT\tHOST\tPARTITIONS/)
  })

  it('says how old the first unread record is', async () => {
    const [row] = await lagRows('classic-plain', '--time', '--topic', 'orders', ...kraft.flags)
    // Record 7 of orders-0, seen from the present.
    expect(row?.timeLagMs).toBeGreaterThan(0)
    const at = Date.now() - (row?.timeLagMs ?? 0)
    expect(at).toBeGreaterThan(1795248767000)
    expect(at).toBeLessThan(1795248775000 + 600_000)
  })

  it('prints metrics', async () => {
    const { text } = await lag('simple-assign', '-o', 'prom', ...kraft.flags)
    expect(text).toContain('ktool_group_lag{group="simple-assign",topic="payments",partition="0"} 23\n')
  })

  it('fails for a group that is not there, and goes on with the others', async () => {
    const { status, text, stderr } = await lag('nobody', 'simple-assign', '-o', 'tsv', ...kraft.flags)
    expect(status).toBe(1)
    expect(text.split('\n')).toHaveLength(3)
    expect(stderr).toContain('Error: there is no group "nobody"')
  })

  it('says which partitions of the groups’ log are missing, and where a group is kept', async () => {
    const [, first = ''] = kraft.flags
    const all = await lag('-o', 'json', '--log-dir', first)
    const { items, errors } = JSON.parse(all.text)
    expect(all.status).toBe(1)
    expect(errors).toMatchObject([
      {
        item: '__consumer_offsets',
        code: 'partition-not-here',
        message:
          'partitions 0,2 of __consumer_offsets are not in these directories: groups they keep are not known',
      },
    ])
    const elsewhere = items.find((row: Row) => row.group === 'classic-plain' && row.partition === 1)
    expect(elsewhere).toMatchObject({ committed: 1, lag: null, end: null })
    expect(elsewhere.reason).toContain('no copy of it is in these directories')

    const named = await lag('simple-assign', '--log-dir', first)
    expect(named.status).toBe(1)
    expect(named.stderr).toContain(
      '"simple-assign" is kept in __consumer_offsets-0, which is not in these directories',
    )
  })

  it('refuses names together with --all, and no directory at all', async () => {
    expect((await lag('--all', 'billing', ...kraft.flags)).status).toBe(2)
    expect((await lag('billing')).status).toBe(2)
  })
})
