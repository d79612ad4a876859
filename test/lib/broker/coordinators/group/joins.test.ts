import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import { settled } from '../../../../simulation/sim-clock.ts'
import { GroupRig, subscription } from './group-rig.ts'

const other = (name: string) => ({ protocols: [{ name, metadata: subscription('t') }] })

describe('a member that joins', () => {
  it('is given an id, and is in the group once it comes back with it (KIP-394)', async () => {
    const rig = new GroupRig()
    const told = rig.join().now()
    expect(told).toMatchObject({ error: 'MEMBER_ID_REQUIRED', generation: -1, leader: '', members: [] })
    expect(told.memberId).toMatch(
      /^client-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    const { memberId } = told
    const joined = rig.join({ memberId }).now()
    expect(joined).toMatchObject({
      error: 'NONE',
      memberId,
      generation: 1,
      leader: memberId,
      protocol: 'range',
    })
    expect(joined.members).toEqual([{ memberId, groupInstanceId: null, metadata: subscription('t') }])
  })

  it('needs no id where its client is too old to know of that', () => {
    const { error, generation } = new GroupRig().join({ mustKnowItsId: false }).now()
    expect({ error, generation }).toEqual({ error: 'NONE', generation: 1 })
  })

  it('loses the id that it does not come back with in time', async () => {
    const rig = new GroupRig()
    const { memberId } = rig.join().now()
    await rig.clock.pass(10_001)
    expect(rig.join({ memberId }).now().error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('is refused by an id that nobody has, whether the group is there or not', async () => {
    const rig = new GroupRig()
    expect(rig.join({ memberId: 'stranger' }).now()).toMatchObject({
      error: 'UNKNOWN_MEMBER_ID',
      memberId: 'stranger',
    })
    expect(rig.coordinator.list()).toEqual([])
    await rig.stable()
    expect(rig.join({ memberId: 'stranger' }).now().error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('is refused with a session that is too short, too long, or a group without a name', () => {
    const rig = new GroupRig()
    expect(rig.join({ sessionTimeoutMs: 5999 }).now().error).toBe('INVALID_SESSION_TIMEOUT')
    expect(rig.join({ sessionTimeoutMs: 1_800_001 }).now().error).toBe('INVALID_SESSION_TIMEOUT')
    expect(rig.join({ groupId: '' }).now().error).toBe('INVALID_GROUP_ID')
    expect(rig.store.batchesWritten).toEqual([])
  })

  it('is refused where it has no protocol in common with all members', async () => {
    const rig = new GroupRig()
    await rig.stable()
    expect(rig.join(other('sticky')).now().error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(rig.join({ protocolType: 'connect' }).now().error).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  it('is refused without a protocol, even if nobody else is there', () => {
    const rig = new GroupRig()
    expect(rig.join({ protocols: [] }).now().error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(rig.join({ protocolType: '' }).now().error).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  it('is turned away from a group that is full', async () => {
    const rig = new GroupRig({ 'group.max.size': 1 })
    const { memberId, generation } = await rig.stable()
    expect(rig.join().now()).toMatchObject({ error: 'GROUP_MAX_SIZE_REACHED', memberId: '' })
    expect(rig.beat(memberId, generation)).toBe('NONE')
  })

  it('makes no group where the log refuses it', () => {
    const rig = new GroupRig()
    rig.store.refusal = new ApiError('KAFKA_STORAGE_ERROR')
    expect(rig.join().now().error).toBe('NOT_COORDINATOR')
    expect(rig.coordinator.list()).toEqual([])
  })
})

describe('a member that joins again', () => {
  it('is told what it knows already, unless it leads', async () => {
    const rig = new GroupRig()
    const leader = await rig.stable()
    const follower = rig.join({ mustKnowItsId: false })
    const again = rig.join({ memberId: leader.memberId }).now()
    const { memberId } = follower.now()
    rig.sync(memberId, 2)
    rig.sync(leader.memberId, 2, { [memberId]: 'f', [leader.memberId]: 'l' })
    await settled()
    expect(again.members).toHaveLength(2)
    expect(rig.join({ memberId }).now()).toMatchObject({ error: 'NONE', generation: 2, members: [] })
    expect(rig.beat(memberId, 2)).toBe('NONE')
    // The leader has seen something that changes what it would assign.
    rig.join({ memberId: leader.memberId })
    expect(rig.beat(memberId, 2)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('with something new makes all the others join again', async () => {
    const rig = new GroupRig()
    const leader = await rig.stable()
    const follower = rig.join({ mustKnowItsId: false })
    rig.join({ memberId: leader.memberId })
    const { memberId } = follower.now()
    rig.sync(leader.memberId, 2)
    await settled()
    const protocols = [{ name: 'range', metadata: subscription('t', 'u') }]
    const changed = rig.join({ memberId, protocols })
    expect(changed.answer).toBeNull()
    const { generation, members } = rig.join({ memberId: leader.memberId }).now()
    expect(generation).toBe(3)
    expect(members.map((member) => member.metadata)).toContainEqual(subscription('t', 'u'))
    expect(changed.now().generation).toBe(3)
  })

  it('before it has asked for its assignment gets the same answer again', () => {
    const rig = new GroupRig()
    const first = rig.join({ mustKnowItsId: false }).now()
    expect(rig.join({ memberId: first.memberId }).now()).toEqual(first)
  })
})

describe('a static member', () => {
  const instance = { groupInstanceId: 'one' }

  it('comes back under another id without a rebalance, and the one before is fenced (KIP-345)', async () => {
    const rig = new GroupRig()
    const before = await rig.stable(instance)
    expect(before.memberId).toMatch(/^one-/)
    const asked = rig.join(instance)
    await settled()
    const after = asked.now()
    expect(after).toMatchObject({
      error: 'NONE',
      generation: 1,
      leader: after.memberId,
      skipAssignment: true,
    })
    expect(after.members).toHaveLength(1)
    expect(after.memberId).not.toBe(before.memberId)
    expect(rig.beat(before.memberId, 1, 'one')).toBe('FENCED_INSTANCE_ID')
    expect(rig.beat(after.memberId, 1, 'one')).toBe('NONE')
    expect(rig.sync(after.memberId, 1).now().assignment.toString()).toBe('all')
  })

  it('with an older client is told of another leader, so that it assigns nothing', async () => {
    const rig = new GroupRig()
    const before = await rig.stable(instance)
    const asked = rig.join({ ...instance, maySkipAssignment: false })
    await settled()
    expect(asked.now()).toMatchObject({ leader: before.memberId, members: [], skipAssignment: false })
  })

  it('that comes back with another choice makes the group choose anew', async () => {
    const rig = new GroupRig()
    await rig.stable(instance)
    expect(rig.join({ ...instance, ...other('sticky') }).now().error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    const both = [...other('sticky').protocols, ...other('range').protocols]
    expect(rig.join({ ...instance, protocols: both }).now()).toMatchObject({
      generation: 2,
      protocol: 'sticky',
    })
  })

  it('that is replaced while it waits is told so', async () => {
    const rig = new GroupRig()
    const leader = await rig.stable()
    const waiting = rig.join(instance)
    const next = rig.join(instance)
    expect(waiting.now().error).toBe('FENCED_INSTANCE_ID')
    rig.join({ memberId: leader.memberId })
    expect(next.now()).toMatchObject({ error: 'NONE', generation: 2 })
  })

  it('is still the one before where the log refuses the new one', async () => {
    const rig = new GroupRig()
    const before = await rig.stable(instance)
    rig.store.refusal = new ApiError('KAFKA_STORAGE_ERROR')
    const described = rig.coordinator.describe('g')
    const protocols = [{ name: 'range', metadata: subscription('u') }]
    expect(rig.join({ ...instance, protocols }).now()).toMatchObject({
      error: 'NOT_COORDINATOR',
      memberId: '',
    })
    expect(rig.coordinator.describe('g')).toEqual(described)
    expect(rig.beat(before.memberId, 1, 'one')).toBe('NONE')
  })

  it('may be away from a rebalance, for as long as its session lasts', async () => {
    const rig = new GroupRig()
    const patient = { sessionTimeoutMs: 300_000 }
    const leader = await rig.stable(patient)
    rig.join({ ...instance, ...patient })
    rig.join({ memberId: leader.memberId, ...patient })
    rig.sync(leader.memberId, 2)
    const third = rig.join({ ...patient, mustKnowItsId: false })
    const again = rig.join({ memberId: leader.memberId, ...patient })
    // The group has a minute for all to join, the static member five to be heard from.
    await rig.clock.pass(60_000)
    expect(again.now().members).toHaveLength(3)
    rig.sync(leader.memberId, 3)
    rig.sync(third.now().memberId, 3)
    await rig.clock.pass(60_000)
    expect(rig.coordinator.describe('g')?.members).toHaveLength(2)
  })
})
