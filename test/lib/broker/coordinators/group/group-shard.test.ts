import { describe, expect, it } from 'vitest'
import { legacyOffsetCommit } from '../../../../../src/lib/protocol/records/classic-group-records.ts'
import {
  streamsGroupMemberMetadata,
  streamsGroupMetadata,
} from '../../../../../src/lib/protocol/records/streams-group-records.ts'
import { GroupRig, subscription } from './group-rig.ts'

describe('a coordinator that starts', () => {
  it('finds a group as its members left it, and gives them time to be heard from', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    const before = rig.coordinator.describe('g')
    await rig.crash()
    expect(rig.coordinator.describe('g')).toEqual(before)
    await rig.clock.pass(9_999)
    expect(rig.beat(memberId, 1)).toBe('NONE')
    expect(rig.sync(memberId, 1).now().assignment.toString()).toBe('all')
    await rig.clock.pass(10_000)
    expect(rig.coordinator.describe('g')?.state).toBe('Empty')
  })

  it('drops members that it does not hear from in that time', async () => {
    const rig = new GroupRig()
    await rig.stable()
    await rig.crash()
    await rig.clock.pass(9_999)
    expect(rig.coordinator.describe('g')?.state).toBe('Stable')
    await rig.clock.pass(1)
    expect(rig.coordinator.describe('g')?.state).toBe('Empty')
  })

  it('has members join again where the group has more than it may have by now', async () => {
    const rig = new GroupRig({ 'group.initial.rebalance.delay.ms': 3000 })
    rig.join({ mustKnowItsId: false })
    const second = rig.join({ mustKnowItsId: false })
    await rig.clock.pass(6000)
    const { leader } = second.now()
    rig.sync(leader, 1)
    await rig.clock.pass(0)
    rig.settings['group.max.size'] = 1
    await rig.crash()
    expect(rig.beat(leader, 1)).toBe('REBALANCE_IN_PROGRESS')
    expect(rig.join({ memberId: leader }).answer).toBeNull()
    expect(rig.join({ memberId: second.now().memberId }).now().error).toBe('GROUP_MAX_SIZE_REACHED')
  })

  it('knows what members read and who is who', async () => {
    const rig = new GroupRig()
    const before = await rig.stable({ groupInstanceId: 'one' })
    await rig.crash()
    expect(rig.beat(before.memberId, 1, 'one')).toBe('NONE')
    const places = [{ group: 'g', topic: 't', partition: 0 }]
    expect(await rig.coordinator.deleteOffsets('g', places)).toEqual(['GROUP_SUBSCRIBED_TO_TOPIC'])
    const { members } = rig.coordinator.describe('g') ?? {}
    expect(members?.[0]?.metadata).toEqual(subscription('t'))
  })

  it('forgets the steps of a rebalance: members go on in the generation that was written', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    rig.join({ memberId })
    await rig.crash()
    expect(rig.beat(memberId, 2)).toBe('ILLEGAL_GENERATION')
    expect(rig.beat(memberId, 1)).toBe('NONE')
  })

  it('finds transactions open that were, and ended that were', async () => {
    const rig = new GroupRig()
    await rig.commitInTransaction(7, { offset: 1n })
    await rig.commitInTransaction(8, { offset: 2n, partition: 1 })
    rig.store.mark(8, true)
    await rig.crash()
    expect(await rig.committed('t', 0, true)).toBe('unstable')
    expect(await rig.committed('t', 1, true)).toBe(2n)
    rig.store.mark(7, true)
    expect(await rig.committed('t', 0, true)).toBe(1n)
  })

  it('finds commits that a Kafka of long ago has written, and newer ones in their place', async () => {
    const rig = new GroupRig()
    const key = (partition: number) =>
      legacyOffsetCommit.key.encodeFramed({ group: 'g', topic: 't', partition }, 0)
    const value = legacyOffsetCommit.value.encodeFramed({ offset: 5n, metadata: 'old' }, 0)
    rig.store.append([0, 1].map((partition) => ({ key: key(partition), value })))
    await rig.crash()
    await rig.commit({}, { partition: 1, offset: 6n })
    await rig.crash()
    expect([await rig.committed('t', 0), await rig.committed('t', 1)]).toEqual([5n, 6n])
  })

  it('finds commits deleted that were', async () => {
    const rig = new GroupRig()
    await rig.commit()
    await rig.coordinator.deleteOffsets('g', [{ group: 'g', topic: 't', partition: 0 }])
    await rig.crash()
    expect(await rig.committed()).toBeNull()
  })
})

describe('what a coordinator does not serve', () => {
  const groupKey = streamsGroupMetadata.key.encodeFramed({ groupId: 'g' }, 0)
  const groupValue = streamsGroupMetadata.value.encodeFramed({ epoch: 2 }, 0)
  const memberKey = streamsGroupMemberMetadata.key.encodeFramed({ groupId: 'g', memberId: 'm' }, 0)
  const memberValue = streamsGroupMemberMetadata.value.encodeFramed({ clientId: 'c' }, 0)

  async function withStreamsGroup(): Promise<GroupRig> {
    const rig = new GroupRig()
    rig.store.append([
      { key: groupKey, value: groupValue },
      { key: memberKey, value: memberValue },
    ])
    await rig.crash()
    return rig
  }

  it('is a group of another type: listed, and let alone', async () => {
    const rig = await withStreamsGroup()
    expect(rig.coordinator.list()).toEqual([
      { groupId: 'g', protocolType: 'streams', state: 'Stable', type: 'streams' },
    ])
    expect(rig.coordinator.describe('g')).toBeNull()
    expect(rig.coordinator.isOfOtherType('g')).toBe(true)
    expect(rig.join().now().error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(await rig.coordinator.deleteGroup('g')).toBe('NON_EMPTY_GROUP')
    await expect(rig.commit()).rejects.toThrow()
    expect(rig.store.batchesWritten).toHaveLength(1)
  })

  it('may be committed for from outside once nobody is in it', async () => {
    const rig = await withStreamsGroup()
    rig.store.append([{ key: memberKey, value: null }])
    await rig.crash()
    expect(await rig.commit()).toEqual(['NONE'])
    expect(await rig.committed()).toBe(1n)
    rig.store.append([{ key: groupKey, value: null }])
    await rig.crash()
    expect(rig.coordinator.list()).toEqual([
      { groupId: 'g', protocolType: '', state: 'Empty', type: 'classic' },
    ])
  })

  it('is told from a classic group also where the cleaner has left its commits before it', async () => {
    const rig = new GroupRig()
    await rig.commit()
    rig.store.append([{ key: groupKey, value: groupValue }])
    await rig.crash()
    expect(rig.coordinator.list()).toMatchObject([{ groupId: 'g', type: 'streams' }])
  })

  it('is a record that it does not know, or that is no record at all', async () => {
    const rig = new GroupRig()
    rig.store.append([
      { key: Buffer.from([0, 99, 1]), value: Buffer.from('of tomorrow') },
      { key: Buffer.from([0, 2, 0]), value: Buffer.from([0]) },
      { key: Buffer.from([7]), value: null },
    ])
    await rig.commit()
    expect(await rig.committed()).toBe(1n)
    expect(rig.warnings).toEqual(['a record of groups cannot be read'])
  })
})
