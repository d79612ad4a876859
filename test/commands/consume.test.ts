import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { type GoldenCluster, goldenCluster, kraft, zookeeper } from './golden-cluster.ts'
import { type GoldenPartition, goldenPartitions, goldenRecords, type RecordLine } from './golden-records.ts'

const three = goldenCluster('cluster-3', ['node1', 'node2', 'node3'])

async function run(...args: string[]) {
  const { status, stdout, stderr } = await ktool([...args, '-o', 'jsonl'])
  const lines = stdout.toString().split('\n').slice(0, -1)
  return { status, stderr, records: lines.map((line): RecordLine => JSON.parse(line)) }
}

const raw = ['--key', 'base64', '--value', 'base64']

function namesOf(partitions: readonly GoldenPartition[]): string[] {
  return [...new Set(partitions.map(({ topic }) => topic))]
}

function of({ topic, partition }: GoldenPartition, records: readonly RecordLine[]): RecordLine[] {
  return records.filter((each) => each.topic === topic && each.partition === partition)
}

function spread(ranges: GoldenPartition['readCommitted']): number[] {
  return ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
}

describe.each([
  ['two directories of a broker with KRaft', kraft, ['data0', 'data1']],
  ['three brokers', three, ['node1', 'node3']],
  ['a broker with ZooKeeper', zookeeper, ['data']],
])('ktool consume and tail on %s', (_, cluster: GoldenCluster, directories: readonly string[]) => {
  const partitions = goldenPartitions(cluster)
  let uncommitted: RecordLine[]
  let committed: RecordLine[]

  beforeAll(async () => {
    const read = (isolation: string) =>
      run('consume', ...namesOf(partitions), '--isolation', isolation, ...raw, ...cluster.flags)
    const found = [await read('uncommitted'), await read('committed')] as const
    expect(found.map(({ status }) => status)).toEqual([0, 0])
    uncommitted = found[0].records
    committed = found[1].records
  })

  it('gives the offsets that a consumer of each isolation level was given', () => {
    expect(partitions.length).toBeGreaterThan(4)
    for (const each of partitions) {
      expect([each.topic, of(each, uncommitted).map(({ offset }) => offset)]).toEqual([
        each.topic,
        spread(each.readUncommitted),
      ])
      expect([each.topic, of(each, committed).map(({ offset }) => offset)]).toEqual([
        each.topic,
        spread(each.readCommitted),
      ])
    }
  })

  it('gives each record as Kafka’s own classes read it', () => {
    for (const each of partitions) {
      const reference = goldenRecords(cluster, directories, each)
      const records = of(each, uncommitted)
      expect(records).toEqual(records.map(({ offset }) => reference.get(offset)))
    }
  })

  it('ends with the last of them', async () => {
    for (const each of partitions.filter(({ topic }) => /orders|healthy|diverge/.test(topic))) {
      const name = `${each.topic}:${each.partition}`
      const { records } = await run('tail', name, '-n', '7', ...raw, ...cluster.flags)
      expect(records).toEqual(of(each, uncommitted).slice(-7))
    }
  })
})

describe('ktool consume', () => {
  const [first, second] = ['data0', 'data1'].map((directory) => goldenCluster('kraft-431', [directory]))

  it('reads from an offset, a distance or a time to another one, and no more than it is to', async () => {
    const offsets = async (...args: string[]) => {
      const { records } = await run('consume', 'orders:1', ...args, ...kraft.flags)
      return records.map(({ offset }) => offset)
    }
    expect(await offsets('--from', '5', '--to', '8')).toEqual([5, 6, 7])
    expect(await offsets('--from', '-3')).toEqual([18, 19, 20])
    expect(await offsets('--from', '+2', '-n', '2')).toEqual([2, 3])
    expect(await offsets('--from', '@1795248767263', '--to', '@1795248773911')).toEqual([15, 16, 17, 18, 19])
    expect(await offsets('--from', '@1795248773912')).toEqual([])
  })

  it('fails for each partition that lies elsewhere, and reads the others', async () => {
    const { status, records, stderr } = await run('consume', 'orders', '-n', '1', ...(first?.flags ?? []))
    expect(status).toBe(1)
    expect(records).toMatchObject([{ topic: 'orders', partition: 0, offset: 0 }])
    expect(JSON.parse(stderr).error).toMatchObject({
      item: 'orders:1',
      code: 'partition-not-here',
      message: 'no copy of it is in these directories; it is on broker 1',
    })
  })

  it('fails for what there is not', async () => {
    const { status, stderr } = await run('consume', 'nope', 'orders:9', ...kraft.flags)
    const errors = stderr.trim().split('\n')
    expect(status).toBe(1)
    expect(errors.map((line) => JSON.parse(line).error)).toMatchObject([
      { item: 'nope', code: 'topic-not-found' },
      { item: 'orders:9', code: 'partition-not-found', message: 'topic "orders" has no partition 9' },
    ])
  })

  it('says of a copy that it is not the leader’s', async () => {
    const node2 = goldenCluster('cluster-3', ['node2']).flags
    const { status, stderr } = await run('consume', 'healthy:1', '-n', '1', ...node2)
    expect(status).toBe(0)
    expect(stderr).toBe(
      'healthy-1 is read as it is here: the leader was node 1, whose copy is not here; this one, of node 2, was in sync\n',
    )
    const { stderr: ofAll } = await run('consume', 'healthy:1', '-n', '1', ...three.flags)
    expect(ofAll).toBe('')
  })

  it('reads on behind a damaged place, and fails for it', async () => {
    const path = fileURLToPath(new URL('../golden/disk/corrupt/cases/flip-crc', import.meta.url))
    const { status, records, stderr } = await run('consume', 'victim', '--log-dir', path)
    const offsets = records.map(({ offset }) => offset)
    expect(status).toBe(1)
    expect(offsets[0]).toBe(0)
    expect(offsets.at(-1)).toBeGreaterThan(70)
    expect(JSON.parse(stderr).error).toMatchObject({ item: 'victim:0', code: 'batch-crc' })
  })

  it('refuses an offset that only a group has', async () => {
    const { status, stderr } = await run('consume', 'orders', '--from', 'current', ...(second?.flags ?? []))
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/only a group has a current offset/),
    })
  })
})

describe('ktool tail', () => {
  it('takes the newest of all partitions, in the order of each', async () => {
    const { records } = await run('tail', 'orders', '-n', '4', ...kraft.flags)
    expect(records.map(({ partition, offset }) => `${partition}:${offset}`)).toEqual([
      '1:20',
      '2:20',
      '2:22',
      '0:20',
    ])
  })

  it('cannot follow a log directory', async () => {
    const { status, stderr } = await run('tail', 'orders', '-f', ...kraft.flags)
    expect(status).toBe(1)
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'cannot-follow' })
  })
})

describe('ktool txns hanging', () => {
  it('misses the partitions of a topic that is named and lies elsewhere', async () => {
    const { flags } = goldenCluster('kraft-431', ['data0'])
    const { status, stdout } = await ktool(['txns', 'hanging', 'orders', '-o', 'json', ...flags])
    expect(status).toBe(1)
    expect(JSON.parse(stdout.toString()).errors).toContainEqual(
      expect.objectContaining({ item: 'orders:1', code: 'partition-not-here' }),
    )
  })
})
