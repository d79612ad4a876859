import { beforeEach, describe, expect, it } from 'vitest'
import { alterShareGroupOffsets } from '../../../../src/lib/protocol/apis/alter-share-group-offsets.ts'
import { consumerGroupHeartbeat } from '../../../../src/lib/protocol/apis/consumer-group-heartbeat.ts'
import { deleteGroups } from '../../../../src/lib/protocol/apis/delete-groups.ts'
import { deleteShareGroupOffsets } from '../../../../src/lib/protocol/apis/delete-share-group-offsets.ts'
import { describeShareGroupOffsets } from '../../../../src/lib/protocol/apis/describe-share-group-offsets.ts'
import { findCoordinator } from '../../../../src/lib/protocol/apis/find-coordinator.ts'
import { initializeShareGroupState } from '../../../../src/lib/protocol/apis/initialize-share-group-state.ts'
import { joinGroup } from '../../../../src/lib/protocol/apis/join-group.ts'
import { listGroups } from '../../../../src/lib/protocol/apis/list-groups.ts'
import { offsetCommit } from '../../../../src/lib/protocol/apis/offset-commit.ts'
import { shareGroupDescribe } from '../../../../src/lib/protocol/apis/share-group-describe.ts'
import { ShareRig } from './share-rig.ts'

const [ACCEPT, RELEASE, REJECT, RENEW] = [1, 2, 3, 4] as const
const [UNKNOWN_MEMBER, INVALID_REQUEST, NON_EMPTY, NOT_FOUND, FENCED] = [25, 42, 68, 69, 110]
const INCONSISTENT = 23
const [INVALID_STATE, NO_SESSION, WRONG_EPOCH, LIMIT_REACHED] = [121, 122, 123, 133]
const LOCK_MS = 30_000
const SESSION_MS = 45_000

let rig: ShareRig

beforeEach(async () => {
  rig = await ShareRig.open()
})

describe('records of a share group', () => {
  beforeEach(async () => {
    await rig.send(6)
    await rig.begin(0)
  })

  it('go to one member at a time, and to nobody once they are accepted or rejected', async () => {
    expect((await rig.fetch('one')).acquired).toEqual([[0, 5, 1]])
    expect((await rig.fetch('two')).acquired).toEqual([])
    const types = [ACCEPT, RELEASE, REJECT, RELEASE, ACCEPT, ACCEPT]
    expect(await rig.acknowledge('one', 0, 5, types)).toBe(0)
    const again = [
      [1, 1, 2],
      [3, 3, 2],
    ]
    expect((await rig.fetch('two')).acquired).toEqual(again)
    expect(await rig.acknowledge('one', 1, 1, [ACCEPT])).toBe(INVALID_STATE)
  })

  it('are given to another when the time of their member is over, unless it asked for more', async () => {
    await rig.fetch('one')
    await rig.node.clock.pass(LOCK_MS - 1000)
    expect(await rig.acknowledge('one', 4, 5, [RENEW])).toBe(0)
    await rig.node.clock.pass(1000)
    expect((await rig.fetch('two')).acquired).toEqual([[0, 3, 2]])
    await rig.node.clock.pass(LOCK_MS)
    expect((await rig.fetch('two')).acquired.at(-1)).toEqual([4, 5, 2])
  })

  it('wake a member that waits for them', async () => {
    await rig.fetch('one')
    const waiting = rig.fetch('two', { maxWaitMs: LOCK_MS * 2 })
    expect((await waiting).acquired).toEqual([[0, 5, 2]])
  })

  it('are put away after as many deliveries as the group allows', async () => {
    await rig.set('share.delivery.count.limit', '2')
    for (const member of ['one', 'two']) {
      expect((await rig.fetch(member)).acquired.length).toBeGreaterThan(0)
      await rig.node.clock.pass(LOCK_MS)
    }
    expect((await rig.fetch('three')).acquired).toEqual([])
  })

  it('are for others as soon as their member says farewell', async () => {
    await rig.fetch('one', { maxRecords: 2, shareAcquireMode: 1 })
    expect((await rig.fetch('two')).acquired).toEqual([[2, 5, 1]])
    expect(await rig.acknowledge('one', 0, 0, [ACCEPT], -1)).toBe(0)
    expect((await rig.fetch('two')).acquired).toEqual([[1, 1, 2]])
  })

  it('are for others as soon as the link of their member is gone', async () => {
    await rig.fetch('one')
    rig.node.gone.abort()
    expect((await rig.fetch('two')).acquired).toEqual([[0, 5, 2]])
  })

  it('are as they were after a restart, and what was only acquired is free', async () => {
    await rig.fetch('one')
    await rig.acknowledge('one', 0, 1, [ACCEPT])
    await rig.acknowledge('one', 3, 3, [RELEASE])
    const before = await rig.kept()
    await rig.node.partition('__share_group_state', 0).durable()
    await rig.node.clock.pass(2000)
    await rig.restart()
    expect(await rig.kept()).toEqual(before)
    const again = [
      [2, 2, 1],
      [3, 3, 2],
      [4, 5, 1],
    ]
    expect((await rig.fetch('one')).acquired).toEqual(again)
  })

  it('of transactions that came to nothing are left out under read_committed', async () => {
    await rig.set('share.isolation.level', 'read_committed')
    const producer = { producerId: 7, producerEpoch: 0 }
    rig.node.partition().append([{ key: Buffer.from('k'), value: Buffer.from('v') }], producer, 0)
    expect((await rig.fetch('one')).acquired).toEqual([[0, 5, 1]])
    const marker = { ...producer, coordinatorEpoch: 0, isCommit: false }
    rig.node.partition().appendMarker(marker)
    await rig.send(1)
    // The marker has an offset too, and members skip what they cannot read.
    expect((await rig.fetch('one')).acquired).toEqual([[7, 8, 1]])
  })
})

describe('a share session', () => {
  it('counts its requests', async () => {
    await rig.begin(0)
    expect((await rig.fetch('one', {}, 1)).errorCode).toBe(NO_SESSION)
    expect((await rig.fetch('one', {}, 0)).errorCode).toBe(0)
    expect((await rig.fetch('one', {}, 2)).errorCode).toBe(WRONG_EPOCH)
    expect((await rig.fetch('one', {}, 1)).errorCode).toBe(0)
    expect(await rig.acknowledge('one', 0, 0, [ACCEPT], 0)).toBe(WRONG_EPOCH)
    expect(await rig.acknowledge('two', 0, 0, [ACCEPT], 1)).toBe(NO_SESSION)
    expect(await rig.acknowledge('one', 3, 2, [ACCEPT], 2)).toBe(INVALID_REQUEST)
  })

  it('is refused where there are too many, after as long as the member would have waited', async () => {
    const narrow = await ShareRig.open({ settings: { 'group.share.max.share.sessions': '1' } })
    await narrow.begin(0)
    expect((await narrow.fetch('one')).errorCode).toBe(0)
    const before = narrow.node.clock.monotonicMs()
    expect((await narrow.fetch('two', { maxWaitMs: 700 })).errorCode).toBe(LIMIT_REACHED)
    expect(narrow.node.clock.monotonicMs() - before).toBeGreaterThanOrEqual(700)
  })
})

describe('membership of a share group', () => {
  const partitions = async (memberId: string, epoch: number, topics: readonly string[] | null = null) => {
    const { errorCode, memberEpoch, assignment } = await rig.beat(memberId, epoch, topics)
    return [errorCode, memberEpoch, assignment?.topicPartitions.flatMap((topic) => topic.partitions) ?? null]
  }

  it('gives partitions once their state is kept, and shares them', async () => {
    expect(await partitions('one', 0, ['orders'])).toEqual([0, 2, []])
    await rig.node.clock.pass(5000)
    expect(await partitions('one', 2)).toEqual([0, 3, [0]])
    expect(await partitions('one', 3)).toEqual([0, 3, null])
    await rig.node.clock.pass(5000)
    expect(await partitions('two', 0, ['orders'])).toEqual([0, 4, [0]])
  })

  it('is not of a group of another type', async () => {
    await rig.node.ask(consumerGroupHeartbeat, 1, {
      ...{ groupId: 'c', memberId: 'one', memberEpoch: 0, rebalanceTimeoutMs: 1000 },
      ...{ subscribedTopicNames: ['orders'], topicPartitions: [] },
    })
    const { errorCode, errorMessage } = await rig.beat('one', 0, ['orders'], 'c')
    expect([errorCode, errorMessage]).toEqual([NOT_FOUND, 'Group c is not a share group.'])
  })

  it('ends with a farewell, with silence, and not by the wrong epoch', async () => {
    await rig.beat('one', 0, ['orders'])
    expect((await rig.beat('one', 9)).errorCode).toBe(FENCED)
    expect((await rig.beat('two', 1)).errorCode).toBe(UNKNOWN_MEMBER)
    expect((await rig.beat('one', 1, null, 'other')).errorCode).toBe(NOT_FOUND)
    expect((await rig.beat('one', -1)).memberEpoch).toBe(-1)
    expect((await rig.beat('one', 2)).errorCode).toBe(UNKNOWN_MEMBER)
    await rig.beat('two', 0, ['orders'])
    await rig.node.clock.pass(SESSION_MS)
    expect((await rig.beat('two', 3)).errorCode).toBe(UNKNOWN_MEMBER)
  })

  it('is described, listed, kept over a restart, and deleted once it is empty', async () => {
    await rig.beat('one', 0, ['orders'])
    await rig.node.clock.pass(5000)
    await rig.beat('one', 2)
    const described = async () => {
      const ask = { groupIds: ['g'], includeAuthorizedOperations: false }
      return (await rig.node.ask(shareGroupDescribe, 1, ask)).groups[0]
    }
    const before = await described()
    expect(before).toMatchObject({
      groupState: 'Stable',
      groupEpoch: 3,
      assignmentEpoch: 3,
      assignorName: 'simple',
    })
    await rig.node.clock.pass(2000)
    await rig.restart()
    expect(await described()).toEqual(before)
    const listed = await rig.node.ask(listGroups, 5, { statesFilter: [], typesFilter: ['share'] })
    expect(listed.groups).toMatchObject([{ groupId: 'g', protocolType: 'share', groupState: 'Stable' }])
    const deleting = async () =>
      (await rig.node.ask(deleteGroups, 2, { groupsNames: ['g'] })).results[0]?.errorCode
    expect(await deleting()).toBe(NON_EMPTY)
    await rig.beat('one', -1)
    expect(await deleting()).toBe(0)
    expect((await described())?.errorCode).toBe(NOT_FOUND)
  })

  it('goes on where an administrator has put it, and tells how far it is behind', async () => {
    await rig.send(6)
    await rig.begin(2)
    await rig.fetch('one')
    await rig.acknowledge('one', 2, 3, [ACCEPT])
    const answer = await rig.node.ask(describeShareGroupOffsets, 1, {
      groups: [{ groupId: 'g', topics: null }],
    })
    expect(answer.groups[0]?.topics[0]?.partitions).toMatchObject([{ startOffset: 2n, lag: 2n }])
  })

  it('is there after offsets of it were altered in vain, and answers what is named twice once', async () => {
    const of = (topicName: string, ...partitions: number[]) => ({
      topicName,
      partitions: partitions.map((partitionIndex) => ({ partitionIndex, startOffset: 1n })),
    })
    const alter = (...topics: ReturnType<typeof of>[]) =>
      rig.node.ask(alterShareGroupOffsets, 0, { groupId: 'other', topics })
    const remove = async (...names: string[]) => {
      const topics = names.map((topicName) => ({ topicName }))
      const { errorCode, responses } = await rig.node.ask(deleteShareGroupOffsets, 0, {
        groupId: 'other',
        topics,
      })
      return [errorCode, responses.map((each) => each.errorCode)]
    }
    expect(await remove('orders')).toEqual([NOT_FOUND, []])
    expect(await alter(of('orders', -1))).toMatchObject({ errorCode: -1 })
    expect(await remove('none')).toEqual([0, [3]])
    const { responses } = await alter(of('orders', 0), of('none'), of('neither', 1))
    expect(responses.map(({ topicName }) => topicName)).toEqual(['neither', 'orders'])
    const groups = [{ groupId: 'other', topics: [{ topicName: 'orders', partitions: [0, 0] }] }]
    const described = await rig.node.ask(describeShareGroupOffsets, 1, { groups })
    expect(described.groups[0]?.topics[0]?.partitions).toMatchObject([{ partitionIndex: 0, startOffset: 1n }])
    expect(await remove('orders', 'orders')).toEqual([0, [0]])
  })
  it('is altered partition by partition, and keeps what was noted without any until it is deleted', async () => {
    const state = (stateEpoch: number) => ({
      groupId: 'other',
      topics: [{ topicId: rig.topicId, partitions: [{ partition: 0, stateEpoch, startOffset: 0n }] }],
    })
    await rig.node.ask(findCoordinator, 6, { keyType: 2, coordinatorKeys: [`other:${rig.topicId}:0`] })
    await rig.node.ask(initializeShareGroupState, 0, state(5))
    const alter = async (...partitions: number[]) => {
      const of = partitions.map((partitionIndex) => ({ partitionIndex, startOffset: 1n }))
      const topics = [{ topicName: 'orders', partitions: of }]
      return rig.node.ask(alterShareGroupOffsets, 0, { groupId: 'other', topics })
    }
    const { errorCode, responses } = await alter(0, 7)
    expect([errorCode, responses[0]?.partitions.map((each) => each.errorCode)]).toEqual([0, [124, 3]])
    expect(responses[0]?.partitions[0]?.errorMessage).toMatch(
      /^Error in initialize state RPC\. The share coord/,
    )
    const partition = { partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }
    const topics = [{ name: 'orders', partitions: [partition] }]
    const committed = await rig.node.ask(offsetCommit, 8, { groupId: 'other', topics })
    expect(committed.topics[0]?.partitions[0]?.errorCode).toBe(NOT_FOUND)
    const joined = await rig.node.ask(joinGroup, 4, {
      ...{ groupId: 'other', memberId: 'one', protocolType: 'consumer', protocols: [] },
      ...{ sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 1000 },
    })
    expect([joined.errorCode, joined.memberId]).toEqual([INCONSISTENT, ''])
    await alter()
    const deleting = async () =>
      (await rig.node.ask(deleteGroups, 2, { groupsNames: ['other'] })).results[0]?.errorCode
    expect(await deleting()).toBe(0)
    await alter(-1)
    expect([await deleting(), await deleting()]).toEqual([-1, 0])
  })
})
