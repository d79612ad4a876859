import { describe, expect, it } from 'vitest'
import { goldenFiles, goldenText } from '../golden/vectors.ts'
import { ktool } from '../ktool.ts'
import { goldenCluster, kraft } from './golden-cluster.ts'

async function offsets(...args: string[]) {
  const { status, stdout } = await ktool(['offsets', 'get', ...args, '-o', 'json', ...kraft.flags])
  return { status, ...JSON.parse(stdout.toString()) }
}

interface Row {
  readonly topic: string
  readonly partition: number
  readonly offset: number | null
  readonly timestamp: number | null
}

interface Lookups {
  readonly [question: string]: { readonly offset: number; readonly timestamp: number } | undefined
}

/** What the broker that wrote the directory answered, by partition. */
const answers = new Map<string, Lookups>(
  goldenFiles('disk/expected/logdirs/kraft-431/lookups').map((path) => [
    (path.split('/').at(-1) ?? '').replace(/\.json(\.gz)?$/, ''),
    JSON.parse(goldenText(path)),
  ]),
)

describe('ktool offsets get', () => {
  it.each([
    ['start', 'earliest'],
    ['end', 'highWatermark'],
    ['committed', 'lastStableOffset'],
    ['max', 'maxTimestamp'],
  ])('answers --time %s as the broker did', async (place, question) => {
    const topics = ['orders', 'clicks', 'payments', 'audit']
    const { items, status } = await offsets(...topics, '--time', place)
    const rows = items.map(({ topic, partition, offset }: Row) => [`${topic}-${partition}`, offset ?? -1])
    const expected = [...answers]
      .filter(([name]) => topics.includes(name.replace(/-\d+$/, '')))
      .map(([name, said]) => [name, said[question]?.offset])
    expect(status).toBe(0)
    expect(rows.sort()).toEqual(expected.sort())
  })

  it('finds the first record from a time on, or says that there is none', async () => {
    const asked = (JSON.parse(goldenText('disk/expected/logdirs/kraft-431/lookups/orders-0.json'))
      .byTimestamp ?? []) as { ask: number; answer: { offset: number; timestamp: number } }[]
    expect(asked.length).toBeGreaterThan(10)
    for (const { ask, answer } of [asked[3], asked.at(-1)].filter((each) => each !== undefined)) {
      const { items } = await offsets('orders:0', '--time', `@${ask}`)
      expect(items).toMatchObject([
        answer.offset < 0 ? { offset: null } : { offset: answer.offset, timestamp: answer.timestamp },
      ])
    }
  })

  it('says which of several copies it looked into', async () => {
    const { flags } = goldenCluster('cluster-3', ['node2', 'node3'])
    for (const time of ['end', '@0']) {
      const { stdout, stderr } = await ktool([
        'offsets',
        'get',
        'diverge',
        '--time',
        time,
        '-o',
        'json',
        ...flags,
      ])
      expect(JSON.parse(stdout.toString()).items).toMatchObject([
        {
          offsetInfo: {
            reason: expect.stringMatching(/^of 2 copies that of the leader, in .*node3 of node 3$/),
          },
        },
      ])
      expect(stderr).toMatch(/the copies of diverge-0 differ/)
    }
  })

  it('fails for a topic and for a partition that are not there, and goes on', async () => {
    const { items, errors, status } = await offsets('orders:1-2,7', 'nope')
    expect(status).toBe(1)
    expect(items.map(({ partition }: Row) => partition)).toEqual([1, 2])
    expect(errors).toMatchObject([
      { item: 'orders:7', code: 'partition-not-found' },
      { item: 'nope', code: 'topic-not-found' },
    ])
  })

  it('knows nothing of remote storage', async () => {
    const { items, status } = await offsets('orders:0', '--time', 'tiered')
    expect({ status, items }).toMatchObject({ status: 0, items: [{ offset: null }] })
  })

  it.each([
    ['latest', 'end'],
    ['-2', 'start'],
    ['earliest-local', 'local'],
    ['1768471200000', '@1768471200000'],
  ])('tells who says %s, as kafka-get-offsets does, that it is %s here', async (theirs, ours) => {
    const run = await ktool(['offsets', 'get', 'orders', '--time', theirs, ...kraft.flags])
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining(` is --time ${ours} here\n`)])
  })

  it('refuses a time that is none', async () => {
    expect((await ktool(['offsets', 'get', 'orders', '--time', 'noon', ...kraft.flags])).status).toBe(2)
  })
})
