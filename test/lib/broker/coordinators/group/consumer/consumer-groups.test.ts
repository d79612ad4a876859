import { afterEach, describe, expect, it } from 'vitest'
import { noTopicId } from '../../../../../../src/lib/broker/coordinators/group/group-record.ts'
import { consumerGroupDescribe } from '../../../../../../src/lib/protocol/apis/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../../../../../src/lib/protocol/apis/consumer-group-heartbeat.ts'
import { describeGroups } from '../../../../../../src/lib/protocol/apis/describe-groups.ts'
import { findCoordinator } from '../../../../../../src/lib/protocol/apis/find-coordinator.ts'
import { heartbeat } from '../../../../../../src/lib/protocol/apis/heartbeat.ts'
import { joinGroup } from '../../../../../../src/lib/protocol/apis/join-group.ts'
import { listGroups } from '../../../../../../src/lib/protocol/apis/list-groups.ts'
import { offsetCommit } from '../../../../../../src/lib/protocol/apis/offset-commit.ts'
import { syncGroup } from '../../../../../../src/lib/protocol/apis/sync-group.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../../../../src/lib/protocol/records/consumer-protocol-records.ts'
import { NodeRig } from '../../../apis/node-rig.ts'

type Said = Parameters<typeof consumerGroupHeartbeat.request.encode>[0]

const FENCED_MEMBER_EPOCH = 110
const SESSION_MS = 45_000
const place = { topicId: noTopicId, offset: 1n, leaderEpoch: -1 }
const joining = {
  memberEpoch: 0,
  rebalanceTimeoutMs: 5000,
  subscribedTopicNames: ['orders'],
  topicPartitions: [],
}

let rig: NodeRig

async function open(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  rig = await NodeRig.open({
    topics: [{ name: 'orders', partitions: 2 }],
    settings: {
      'offsets.topic.num.partitions': '1',
      'group.consumer.assignment.interval.ms': '0',
      'group.initial.rebalance.delay.ms': '0',
      ...settings,
    },
    flush: 'ack',
  })
  await rig.clock.until(rig.ask(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] }))
}

afterEach(() => rig.clock.forget())

async function beat(memberId: string, said: Partial<Said>) {
  const asked = rig.ask(consumerGroupHeartbeat, 1, { groupId: 'g', memberId, ...said } as Said)
  const { errorCode, memberEpoch, assignment } = await rig.clock.until(asked)
  const partitions = assignment?.topicPartitions.flatMap((each) => each.partitions) ?? null
  return errorCode === 0 ? { memberEpoch, partitions } : { errorCode }
}

const owning = (...partitions: number[]) => ({
  topicPartitions: [{ topicId: rig.node.controller.topicByName('orders')?.topicId ?? '', partitions }],
})

async function described() {
  const { groups } = await rig.clock.until(rig.ask(consumerGroupDescribe, 1, { groupIds: ['g'] }))
  const [group] = groups
  return { state: group?.groupState, epoch: group?.groupEpoch, members: group?.members.length }
}

const subscription = consumerProtocolSubscription.encodeFramed({ topics: ['orders'], ownedPartitions: [] }, 1)

function joinClassic(memberId: string, name = 'range') {
  return rig.clock.until(askToJoin(memberId, name))
}

function askToJoin(memberId: string, ...names: string[]) {
  return rig.ask(joinGroup, 9, {
    groupId: 'g',
    memberId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 5000,
    protocolType: 'consumer',
    protocols: names.map((name) => ({ name, metadata: subscription })),
  })
}

async function syncClassic(
  memberId: string,
  generationId: number,
  assignments: Record<string, number[]> = {},
) {
  const asked = rig.ask(syncGroup, 5, {
    groupId: 'g',
    memberId,
    generationId,
    protocolType: 'consumer',
    protocolName: 'range',
    assignments: Object.entries(assignments).map(([id, partitions]) => ({
      memberId: id,
      assignment: consumerProtocolAssignment.encodeFramed(
        { assignedPartitions: [{ topic: 'orders', partitions }] },
        1,
      ),
    })),
  })
  const { errorCode, assignment } = await rig.clock.until(asked)
  if (errorCode !== 0) return { errorCode }
  const { assignedPartitions } = consumerProtocolAssignment.decodeFramed(assignment).value
  return { partitions: assignedPartitions.flatMap(({ partitions }) => partitions) }
}

describe('a consumer group', () => {
  it('moves a partition only once its member has given it up', async () => {
    await open()
    expect(await beat('a', joining)).toEqual({ memberEpoch: 2, partitions: [0, 1] })
    expect(await beat('b', joining)).toEqual({ memberEpoch: 3, partitions: [] })
    expect(await beat('a', { memberEpoch: 2, ...owning(0, 1) })).toMatchObject({ memberEpoch: 2 })
    expect((await described()).state).toBe('Reconciling')
    const [kept = 0] = (await beat('a', { ...joining, memberEpoch: 2, ...owning(0, 1) })).partitions ?? []
    expect(await beat('b', { memberEpoch: 3 })).toEqual({ memberEpoch: 3, partitions: null })
    expect(await beat('a', { memberEpoch: 2, ...owning(kept) })).toEqual({ memberEpoch: 3, partitions: null })
    expect(await beat('b', { memberEpoch: 3 })).toEqual({ memberEpoch: 3, partitions: [1 - kept] })
    expect(await described()).toEqual({ state: 'Stable', epoch: 3, members: 2 })
  })

  it('is what it was after a power cut, and gives its members their time anew', async () => {
    await open()
    await beat('a', joining)
    const before = await described()
    rig.clock.forget()
    await rig.losePower()
    expect(await described()).toEqual(before)
    // Its session begins when it is heard; the answer waits for the disk, which takes its time.
    const endMs = rig.clock.monotonicMs() + SESSION_MS
    expect(await beat('a', { memberEpoch: 2, ...owning(0, 1) })).toEqual({ memberEpoch: 2, partitions: null })
    await rig.clock.pass(endMs - 1 - rig.clock.monotonicMs())
    expect((await described()).members).toBe(1)
    await rig.clock.pass(1)
    expect(await described()).toEqual({ state: 'Empty', epoch: 3, members: 0 })
  })

  it('removes who does not give up in time what another shall have', async () => {
    await open()
    await beat('a', joining)
    await beat('b', joining)
    await beat('a', { memberEpoch: 2, ...owning(0, 1) })
    await rig.clock.pass(joining.rebalanceTimeoutMs)
    expect((await described()).members).toBe(1)
    expect(await beat('a', { memberEpoch: 2, ...owning(0, 1) })).toEqual({ errorCode: 25 })
  })

  it('computes one target for members that come within the interval', async () => {
    await open({ 'group.consumer.assignment.interval.ms': '1000' })
    await beat('a', joining)
    expect(await beat('b', joining)).toEqual({ memberEpoch: 2, partitions: [] })
    await rig.clock.pass(1000)
    expect(await beat('b', { memberEpoch: 2 })).toEqual({ memberEpoch: 3, partitions: null })
  })

  it('subscribes by pattern to topics as they come', async () => {
    await open()
    const said = { ...joining, subscribedTopicNames: [], subscribedTopicRegex: 'or.*' }
    expect(await beat('a', said)).toEqual({ memberEpoch: 1, partitions: [] })
    await rig.clock.pass(0)
    expect(await beat('a', { memberEpoch: 1 })).toEqual({ memberEpoch: 2, partitions: [0, 1] })
    expect(await beat('a', { memberEpoch: 2, topicPartitions: [] })).toMatchObject({ memberEpoch: 2 })
    rig.node.controller.createTopic({
      ...{ name: 'orbits', partitions: 1, replicationFactor: 1, assignments: null },
      configs: new Map(),
    })
    await rig.clock.pass(10_001)
    await beat('a', { memberEpoch: 2 })
    await rig.clock.pass(0)
    expect((await described()).epoch).toBe(3)
  })

  it('takes commits of the epoch in which a member got its partitions, and of none before', async () => {
    await open()
    await beat('a', joining)
    await beat('b', joining)
    const commit = async (memberEpoch: number) => {
      const partitions = [{ partitionIndex: 0, committedOffset: 1n }]
      const asked = rig.ask(offsetCommit, 9, {
        groupId: 'g',
        memberId: 'a',
        generationIdOrMemberEpoch: memberEpoch,
        topics: [{ name: 'orders', partitions }],
      })
      return (await rig.clock.until(asked)).topics[0]?.partitions[0]?.errorCode
    }
    expect([await commit(2), await commit(1), await commit(9)]).toEqual([0, 113, 113])
  })

  it('takes no commit at all with one of a partition that the member did not have', async () => {
    await open()
    await beat('a', joining)
    await beat('b', joining)
    const told = await beat('a', { memberEpoch: 2 })
    const [kept = -1] = told.partitions ?? []
    expect(await beat('a', { memberEpoch: 2, ...owning(kept) })).toMatchObject({ memberEpoch: 3 })
    const wish = (generation: number, partitions: readonly number[], metadata = '') => ({
      ...{ groupId: 'g', memberId: 'a', groupInstanceId: null, generation, retentionMs: null },
      offsets: partitions.map((partition) => ({ topic: 'orders', partition, ...place, metadata })),
    })
    type Wish = ReturnType<typeof wish>
    const alone = (said: Wish) =>
      rig.clock.until(rig.node.groups.commit(said, { noSuchGroup: 'GROUP_ID_NOT_FOUND' }))
    const inTransaction = (said: Wish) =>
      rig.clock.until(rig.node.groups.commitInTransaction(said, { producerId: 5, producerEpoch: 0 }))
    expect(await alone(wish(2, [kept]))).toEqual(['NONE'])
    for (const said of [wish(2, [kept, 1 - kept]), wish(9, [kept])]) {
      await expect(alone(said)).rejects.toMatchObject({ error: 'STALE_MEMBER_EPOCH' })
      await expect(inTransaction(said)).rejects.toMatchObject({ error: 'ILLEGAL_GENERATION' })
    }
    expect(await alone(wish(2, [1 - kept], 'm'.repeat(5000)))).toEqual(['OFFSET_METADATA_TOO_LARGE'])
  })

  it('is listed where Kafka lists it, among groups of the other protocol', async () => {
    await open()
    const partitions = [{ partitionIndex: 0, committedOffset: 1n }]
    const names = [1, 2, 3, 4, 5, 6].map((number) => `grp-${number}`)
    for (const groupId of names.slice(0, 3)) {
      await rig.clock.until(rig.ask(offsetCommit, 9, { groupId, topics: [{ name: 'orders', partitions }] }))
    }
    for (const groupId of names.slice(3)) await beat('a', { ...joining, groupId })
    const { groups } = await rig.clock.until(rig.ask(listGroups, 5, {}))
    expect(groups.map(({ groupId }) => groupId.slice(-1)).join('')).toBe('241635')
  })

  it('takes the assignor that was named last of two that are named as often', async () => {
    await open()
    await beat('b', { ...joining, serverAssignor: 'uniform' })
    await beat('a', { ...joining, serverAssignor: 'range' })
    const { groups } = await rig.clock.until(rig.ask(consumerGroupDescribe, 1, { groupIds: ['g'] }))
    const targets = groups[0]?.members.map(({ memberId, targetAssignment }) => [
      memberId,
      targetAssignment.topicPartitions.flatMap(({ partitions }) => partitions),
    ])
    // By name; the uniform one would have left the first where it was.
    expect(Object.fromEntries(targets ?? [])).toEqual({ a: [0], b: [1] })
  })

  it('fences an epoch that it has not given', async () => {
    await open()
    await beat('a', joining)
    expect(await beat('a', { memberEpoch: 7 })).toEqual({ errorCode: FENCED_MEMBER_EPOCH })
  })
})

describe('a group whose members change from one protocol to the other', () => {
  async function classicGroup(): Promise<string> {
    const { memberId } = await joinClassic('')
    await joinClassic(memberId)
    expect(await syncClassic(memberId, 1, { [memberId]: [0, 1] })).toEqual({ partitions: [0, 1] })
    return memberId
  }

  it('becomes a consumer group with the first that speaks the newer one, and keeps what each has', async () => {
    await open()
    const classic = await classicGroup()
    expect(await beat('new', joining)).toEqual({ memberEpoch: 2, partitions: [] })
    const { groups } = await rig.clock.until(rig.ask(listGroups, 5, {}))
    expect(groups).toMatchObject([{ groupId: 'g', groupType: 'consumer', groupState: 'Reconciling' }])
    const said = { groupId: 'g', memberId: classic, generationId: 1 }
    expect((await rig.clock.until(rig.ask(heartbeat, 4, said))).errorCode).toBe(27)

    const joined = await joinClassic(classic)
    expect(joined).toMatchObject({ errorCode: 0, protocolName: 'range', generationId: 2 })
    const { partitions = [] } = await syncClassic(classic, 2)
    expect(partitions).toHaveLength(1)
    expect((await beat('new', { memberEpoch: 2, topicPartitions: [] })).partitions).toHaveLength(1)
  })

  it('stays what it is while a member lacks its protocol, and those who wait have to join anew', async () => {
    await open()
    const first = await rig.clock.until(askToJoin('', 'range', 'roundrobin'))
    await rig.clock.until(askToJoin(first.memberId, 'range', 'roundrobin'))
    await syncClassic(first.memberId, 1, { [first.memberId]: [0, 1] })
    const second = await joinClassic('', 'roundrobin')
    const waiting = askToJoin(second.memberId, 'roundrobin')
    await rig.clock.pass(0)
    expect(await beat('new', joining)).toEqual({ errorCode: -1 })
    expect((await rig.clock.until(waiting)).errorCode).toBe(27)
  })

  it('names nobody whom it does not let in', async () => {
    await open()
    await beat('a', joining)
    const refused = { errorCode: 23, memberId: '' }
    const asked = rig.ask(joinGroup, 9, {
      ...{ groupId: 'g', memberId: 'b', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 5000 },
      ...{ protocolType: 'connect', protocols: [{ name: 'range', metadata: subscription }] },
    })
    expect(await rig.clock.until(asked)).toMatchObject(refused)
  })

  it('becomes a classic group again once the last that speaks the newer one has left', async () => {
    await open()
    const classic = await classicGroup()
    await beat('new', joining)
    await beat('new', { memberEpoch: -1 })
    const { groups } = await rig.clock.until(rig.ask(listGroups, 5, {}))
    expect(groups).toMatchObject([{ groupId: 'g', groupType: 'classic', groupState: 'PreparingRebalance' }])
    expect(await joinClassic(classic)).toMatchObject({ errorCode: 0, leader: classic })

    rig.clock.forget()
    await rig.losePower()
    const again = await rig.clock.until(rig.ask(describeGroups, 5, { groups: ['g'] }))
    expect(again.groups[0]).toMatchObject({ groupState: 'Stable', protocolType: 'consumer' })
  })
})
