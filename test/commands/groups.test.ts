import { beforeAll, describe, expect, it } from 'vitest'
import { ktool } from '../ktool.ts'
import { type GoldenCluster, type GoldenOffset, goldenCluster, kraft, zookeeper } from './golden-cluster.ts'

interface Described {
  readonly group: string
  readonly type: string
  readonly state: string
  readonly protocolType: string
  readonly assignor: string | null
  readonly epoch: number | null
  readonly memberCount: number
  readonly members: readonly {
    readonly memberId: string
    readonly instanceId: string | null
    readonly clientId: string
    readonly host: string
    readonly epoch: number | null
    readonly assignment: readonly string[]
    readonly target: readonly string[] | null
  }[]
  readonly offsets: readonly (GoldenOffset & { readonly isPending: boolean })[]
  readonly pendingOffsets: readonly unknown[]
}

async function json(...args: string[]) {
  const { status, stdout, stderr } = await ktool(['groups', ...args, '-o', 'json'])
  return { status, stderr, ...JSON.parse(stdout.toString()) }
}

/** `orders:0,2-3` → `orders-0`, `orders-2`, `orders-3` */
function oneByOne(assignment: readonly string[]): string[] {
  return assignment.flatMap((text) => {
    const [topic, partitions = ''] = text.split(':')
    return partitions.split(',').flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, i) => `${topic}-${first + i}`)
    })
  })
}

function bare({ topic, partition, offset, leaderEpoch, metadata }: GoldenOffset): GoldenOffset {
  return { topic, partition, offset, leaderEpoch, metadata }
}

describe.each([
  ['KRaft', kraft],
  [
    'KRaft, when members were live',
    goldenCluster('kraft-431', ['data0', 'data1'], 'answers-while-members-live'),
  ],
  ['ZooKeeper', zookeeper],
])('ktool groups on the directories of a broker with %s', (_, cluster: GoldenCluster) => {
  const expected = Object.entries(cluster.answers.groups)
  let described: Map<string, Described>

  beforeAll(async () => {
    const { items, status } = await json('describe', ...expected.map(([group]) => group), ...cluster.flags)
    expect(status).toBe(0)
    described = new Map(items.map((item: Described) => [item.group, item]))
  })

  it('lists the groups that the broker listed', async () => {
    const { items, status } = await json('list', ...cluster.flags)
    const rows = items.map(({ group, type, protocolType, state }: Described) => [
      group,
      type,
      protocolType,
      state,
    ])
    const listed = expected.map(([group, { type, protocol, state, description }]) => [
      group,
      type ?? 'Classic',
      protocol,
      state ?? description?.state,
    ])
    expect({ status, rows }).toEqual({ status: 0, rows: listed.sort() })
  })

  it.each(expected)('knows the state and the members of %s', (group, { description }) => {
    if (description === undefined) return
    const ours = described.get(group)
    const { state, assignor, groupEpoch, members } = description
    expect(ours).toMatchObject({ state, epoch: groupEpoch, memberCount: members.length })
    expect(ours?.assignor ?? '').toBe(assignor)
    const oursById = new Map(ours?.members.map((member) => [member.memberId, member]))
    for (const { assignment, instanceId, ...member } of members) {
      const found = oursById.get(member.memberId)
      expect(found).toMatchObject(member)
      expect(oneByOne(found?.assignment ?? [])).toEqual([...assignment].sort())
      // A broker of 2.3 keeps the instance's id, and does not tell it.
      if (cluster !== zookeeper) expect(found?.instanceId).toBe(instanceId)
    }
  })

  it.each(expected)('knows what %s has committed, and what may still change', (group, answer) => {
    const offsets = described.get(group)?.offsets ?? []
    expect(offsets.map(bare)).toEqual(answer.offsets ?? [])
    // A broker of 2.3 knows no such question.
    if (cluster === zookeeper) return
    expect(offsets.filter(({ isPending }) => !isPending).map(bare)).toEqual(answer.offsetsRequireStable ?? [])
  })
})

describe('ktool groups', () => {
  it('shows each member with what it has and what it is to have', async () => {
    const { items } = await json('describe', 'kip848-live', '--members', ...kraft.flags)
    expect(
      items.map(({ instanceId, epoch, assignment, target }: Described['members'][number]) => [
        instanceId,
        epoch,
        assignment,
        target,
      ]),
    ).toEqual([
      ['inst-a', 2, ['orders:0-2', 'payments:0'], ['orders:0-1', 'payments:0']],
      [null, 3, ['clicks:0-1'], ['clicks:0-1', 'orders:2']],
    ])
  })

  it('keeps what an open transaction has written apart from what is committed', async () => {
    const { items } = await json('describe', 'etl-group', ...kraft.flags)
    expect(items[0]).toMatchObject({
      offsets: [{ topic: 'orders', partition: 0, offset: 11, isPending: true }],
      pendingOffsets: [
        { topic: 'orders', partition: 0, offset: 56 },
        { topic: 'orders', partition: 1, offset: 55 },
      ],
    })
  })

  it('finds groups by state, type and topic', async () => {
    const names = async (...flags: string[]) =>
      (await ktool(['groups', 'list', ...flags, '-o', 'name', ...kraft.flags])).stdout
        .toString()
        .trim()
        .split('\n')
    expect(await names('--state', 'stable')).toEqual(['classic-live'])
    const slip = await ktool(['groups', 'list', '--type', 'shared', ...kraft.flags])
    expect(slip.status).toBe(2)
    expect(slip.stderr).toContain('"shared" is none of Classic, Consumer, Share, Streams')
    expect(await names('--type', 'share', '--type', 'consumer')).toEqual([
      'kip848-live',
      'kip848-plain',
      'share-a',
      'share-b',
    ])
    expect(await names('--topic', 'payments', '--topic', 'clicks')).toEqual([
      'classic-live',
      'kip848-live',
      'simple-assign',
    ])
  })

  it('has no name for a protocol that was never said', async () => {
    const { stdout } = await ktool(['groups', 'list', '--topic', 'payments', ...kraft.flags])
    expect(stdout.toString()).toMatch(/^simple-assign\tClassic\t-\tEmpty\t0$/m)
  })

  it('says that members are as they were written last', async () => {
    const { items } = await json('list', '--state', 'Stable', ...kraft.flags)
    expect(items[0]).toMatchObject({ memberCount: 2, memberCountInfo: { from: 'file', bound: 'asOf' } })
  })

  it('fails for a group that is not there', async () => {
    const { status, items, errors } = await json('describe', 'expired-group', 'classic-plain', ...kraft.flags)
    expect(status).toBe(1)
    expect(items).toHaveLength(1)
    expect(errors).toMatchObject([{ item: 'expired-group', code: 'group-not-found' }])
  })
})
