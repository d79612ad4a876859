import { describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { goldenAnswers, goldenDirectory } from '../lib/log/cluster/golden-directories.ts'

interface Item {
  readonly topic: string
  readonly [key: string]: unknown
}

describe('ktool topics describe', () => {
  it.each([
    ['kraft-431', ['data0', 'data1']],
    ['cluster-3', ['node1', 'node2', 'node3']],
  ])('equals what the brokers of %s told before they were stopped', async (name, directories) => {
    const { topics, topicConfigs } = goldenAnswers(name)
    const { status, items } = await read(['topics', 'describe'], name, directories)

    expect(status).toBe(0)
    const found = Object.keys(topics).map((topic) => {
      const rows = items.filter((item) => item.topic === topic)
      const partitions = rows.map(({ partition, leader, replicas, isr, elr }) => {
        return { partition, leader, replicas, isr, elr }
      })
      const [first] = rows
      const said = { topicId: first?.topicId, internal: first?.internal, configs: first?.configs }
      return [topic, { ...said, partitions }]
    })
    const expected = Object.entries(topics).map(([topic, said]) => [
      topic,
      { ...said, configs: topicConfigs[topic] },
    ])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
    expect(items).toHaveLength(Object.values(topics).flatMap(({ partitions }) => partitions).length)
  })

  it.each([
    ['kraft-431', 'data0', 1],
    ['kraft-431', 'data1', 1],
    ['cluster-3', 'node1', 1],
    ['cluster-3', 'node3', 3],
    ['zk-231', 'data', 0],
  ])('finds in %s/%s the sizes that the broker counted', async (name, directory, broker) => {
    const { items } = await read(['topics', 'describe'], name, [directory])
    const found = items.flatMap(({ topic, partition, sizeBytes }) =>
      sizeBytes === null ? [] : [[`${topic}-${partition}`, sizeBytes]],
    )
    const folder = name === 'cluster-3' ? 'data' : directory
    const said = goldenAnswers(name).logDirs.find((each) => each.broker === broker && each.dir === folder)
    const expected = Object.entries(said?.replicas ?? {})
      .filter(([, { isFuture }]) => !isFuture)
      .map(([partition, { size }]) => [partition, size])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
  })

  it('takes the directories that a shell makes of a pattern, and those of log.dirs', async () => {
    const [first = '', second = ''] = ['data0', 'data1'].map((name) => goldenDirectory(`kraft-431/${name}`))
    const run = (...args: string[]) => ktool(['topics', 'list', ...args, '-o', 'csv'])
    const [repeated, spread, joined] = await Promise.all([
      run('--log-dir', first, '--log-dir', second),
      run('--log-dir', first, second),
      run('--log-dir', `${first}, ${second}`),
    ])
    expect(repeated.stdout.toString()).toMatch(/^orders,3,/m)
    expect([spread.stdout, joined.stdout]).toEqual([repeated.stdout, repeated.stdout])
  })

  it('says which copy was taken, and that the copies differ', async () => {
    const directories = ['node1', 'node2', 'node3']
    const { items, stderr } = await read(['topics', 'describe', 'diverge'], 'cluster-3', directories)
    expect(items).toMatchObject([
      {
        partition: 0,
        broker: 3,
        logEnd: 42,
        logEndInfo: { bound: 'exact', reason: expect.stringMatching(/of 2 copies that of the leader/) },
        sizeBytesInfo: { bound: 'exact', reason: expect.stringMatching(/of 2 copies that of the leader/) },
        leaderInfo: {
          from: 'file',
          bound: 'asOf',
          reason: expect.stringMatching(/before the brokers were stopped/),
        },
        written: { leader: -1, isr: [], elr: [3] },
        copies: [{ broker: 2 }, { broker: 3 }],
      },
    ])
    expect(stderr).toMatch(/the copies of diverge-0 differ: /)
  })

  it('knows of a replica that is being moved, and does not take it', async () => {
    const { items } = await read(['topics', 'describe', 'moving'], 'kraft-431', ['data0', 'data1'])
    expect(items).toMatchObject([
      { sizeBytes: 55690, copies: [{ state: 'current' }, { state: 'future', sizeBytes: 11886 }] },
    ])
  })

  it('describes what it can, and fails for what is not there', async () => {
    const names = ['orders:1-2', 'nope', 'orders:9']
    const { status, items, errors } = await read(['topics', 'describe', ...names], 'kraft-431', ['data0'])
    expect(status).toBe(1)
    expect(items).toMatchObject([
      {
        partition: 1,
        leader: 1,
        logEnd: null,
        logEndInfo: {
          reason: expect.stringMatching(/no copy of it is in these directories; it is on broker 1/),
        },
        directory: null,
      },
      { partition: 2, logEnd: 24 },
    ])
    expect(errors).toMatchObject([
      { item: 'nope', code: 'topic-not-found' },
      { item: 'orders:9', code: 'partition-not-found', hint: 'it has 3, from 0 to 2' },
    ])
  })

  it('says of ZooKeeper’s time what a disk does not know', async () => {
    const { status, items, stderr } = await read(['topics', 'describe', 'orders'], 'zk-231', ['data'])
    expect(status).toBe(0)
    expect(stderr).toMatch(/^leaders, replicas and ISR are not known: .* ZooKeeper .*\n$/)
    const info = { reason: expect.stringMatching(/ZooKeeper/) }
    expect(items).toHaveLength(3)
    expect(items[0]).toMatchObject({
      leader: null,
      leaderInfo: info,
      isr: null,
      isrInfo: info,
      configs: null,
    })
  })
})

describe('ktool topics list', () => {
  it.each([
    ['kraft-431', ['data0', 'data1'], 1],
    ['cluster-3', ['node1', 'node2', 'node3'], null],
  ])('lists the topics of %s as its brokers did', async (name, directories, replicationFactor) => {
    const { items } = await read(['topics', 'list'], name, directories)
    const expected = Object.entries(goldenAnswers(name).topics).map(
      ([topic, { topicId, internal, partitions }]) => ({
        topic,
        topicId,
        internal,
        partitions: partitions.length,
        replicationFactor: replicationFactor ?? partitions[0]?.replicas.length,
      }),
    )
    expect(items).toMatchObject(expected)
    expect(items).toHaveLength(expected.length)
    // The copy that was being made is not counted.
    if (name === 'kraft-431') {
      expect(items.find(({ topic }) => topic === 'moving')).toMatchObject({ sizeBytes: 55690 })
    }
  })

  it('counts in ZooKeeper’s time the partitions that are seen here', async () => {
    const { items, stderr } = await read(['topics', 'list', '--exclude-internal'], 'zk-231', ['data'])
    expect(stderr).toMatch(
      /^partitions are counted as seen here; .*\nreplicas are not known: .* ZooKeeper .*\n$/,
    )
    expect(items[0]).toMatchObject({ topic: 'audit', topicId: null, replicationFactor: null })
    expect(items.find(({ topic }) => topic === 'orders')).toMatchObject({
      partitions: 3,
      partitionsInfo: { bound: 'atLeast', reason: expect.stringMatching(/seen here/) },
      replicationFactorInfo: { reason: expect.stringMatching(/ZooKeeper/) },
    })
  })

  it('asks for a place', async () => {
    const { status, stderr } = await ktool(['topics', 'list'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/name a cluster: -b HOST:PORT/)
  })
})

async function read(args: readonly string[], name: string, directories: readonly string[]) {
  const places = directories.flatMap((each) => ['--log-dir', `${goldenDirectory(name)}/${each}`])
  const { status, stdout, stderr } = await ktool([...args, ...places, '-o', 'json'])
  const { items, errors } = JSON.parse(stdout.toString()) as { items: Item[]; errors: unknown[] }
  return { status, stderr, items, errors }
}
