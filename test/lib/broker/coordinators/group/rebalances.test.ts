import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import { settled } from '../../../../simulation/sim-clock.ts'
import { GroupRig, subscription } from './group-rig.ts'

describe('the first members', () => {
  it('are waited for, and longer while more come', async () => {
    const rig = new GroupRig({ 'group.initial.rebalance.delay.ms': 3000 })
    const first = rig.join({ mustKnowItsId: false })
    await rig.clock.pass(2999)
    const second = rig.join({ mustKnowItsId: false })
    await rig.clock.pass(3000)
    expect([first.answer, second.answer]).toEqual([null, null])
    await rig.clock.pass(1)
    expect([first.now().generation, second.now().generation]).toEqual([1, 1])
    expect(first.now().members).toHaveLength(2)
  })

  it('are waited for no longer than they have patience', async () => {
    const rig = new GroupRig({ 'group.initial.rebalance.delay.ms': 3000 })
    const first = rig.join({ mustKnowItsId: false, rebalanceTimeoutMs: 6000 })
    for (const waitMs of [2000, 2000, 1999]) {
      await rig.clock.pass(waitMs)
      rig.join({ mustKnowItsId: false, rebalanceTimeoutMs: 6000 })
    }
    expect(first.answer).toBeNull()
    await rig.clock.pass(1)
    expect(first.now().members).toHaveLength(4)
  })
})

describe('a rebalance', () => {
  it('waits for all members, and goes on without those that do not join', async () => {
    const rig = new GroupRig()
    const silent = await rig.stable({ sessionTimeoutMs: 300_000 })
    const joining = rig.join({ mustKnowItsId: false })
    await rig.clock.pass(59_999)
    expect(joining.answer).toBeNull()
    await rig.clock.pass(1)
    const { memberId, leader } = joining.now()
    expect(leader).toBe(memberId)
    expect(rig.beat(silent.memberId, 2)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('waits for whom it has given an id', async () => {
    const rig = new GroupRig()
    const first = await rig.stable()
    const { memberId } = rig.join().now()
    const joining = rig.join({ memberId: first.memberId })
    expect(joining.answer).toBeNull()
    rig.join({ memberId })
    expect(joining.now().members).toHaveLength(2)
  })

  it('does not wait for whom it has given an id and does not come', async () => {
    const rig = new GroupRig()
    const first = await rig.stable()
    rig.join({ sessionTimeoutMs: 6000 })
    const joining = rig.join({ memberId: first.memberId })
    await rig.clock.pass(6000)
    expect(joining.now().members).toHaveLength(1)
  })

  it('drops members that do not ask for their assignment', async () => {
    const rig = new GroupRig()
    const first = await rig.stable({ sessionTimeoutMs: 300_000 })
    const second = rig.join({ mustKnowItsId: false, sessionTimeoutMs: 300_000 })
    rig.join({ memberId: first.memberId, sessionTimeoutMs: 300_000 })
    rig.sync(first.memberId, 2)
    await rig.clock.pass(59_999)
    expect(rig.beat(first.memberId, 2)).toBe('NONE')
    await rig.clock.pass(1)
    expect(rig.beat(first.memberId, 2)).toBe('REBALANCE_IN_PROGRESS')
    expect(rig.beat(second.now().memberId, 2)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('takes the protocol that most like best of those that all speak', () => {
    const rig = new GroupRig({ 'group.initial.rebalance.delay.ms': 3000 })
    const speaking = (...names: string[]) => ({
      mustKnowItsId: false,
      protocols: names.map((name) => ({ name, metadata: subscription('t') })),
    })
    const asked = [speaking('a', 'b', 'c'), speaking('c', 'b'), speaking('b', 'c')].map((wish) =>
      rig.join(wish),
    )
    return rig.clock.pass(6000).then(() => expect(asked[0]?.now().protocol).toBe('b'))
  })

  it('tells those that wait for an assignment to join again', async () => {
    const rig = new GroupRig()
    const first = await rig.stable()
    const second = rig.join({ mustKnowItsId: false })
    rig.join({ memberId: first.memberId })
    const waiting = rig.sync(second.now().memberId, 2)
    rig.join({ mustKnowItsId: false })
    expect(waiting.now()).toMatchObject({ error: 'REBALANCE_IN_PROGRESS', protocolType: null })
  })
})

describe('a member that is silent', () => {
  it('is dropped after its session time-out, and the others join again', async () => {
    const rig = new GroupRig()
    const first = await rig.stable()
    const second = rig.join({ mustKnowItsId: false, sessionTimeoutMs: 30_000 })
    rig.join({ memberId: first.memberId })
    rig.sync(second.now().memberId, 2)
    rig.sync(first.memberId, 2)
    await rig.clock.pass(9_999)
    expect(rig.beat(second.now().memberId, 2)).toBe('NONE')
    await rig.clock.pass(1)
    expect(rig.beat(second.now().memberId, 2)).toBe('REBALANCE_IN_PROGRESS')
    expect(rig.beat(first.memberId, 2)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('stays while it is heard from, by heartbeats or by commits', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    await rig.clock.pass(9_000)
    expect(rig.beat(memberId, 1)).toBe('NONE')
    await rig.clock.pass(9_000)
    expect(await rig.commit({ memberId, generation: 1 })).toEqual(['NONE'])
    await rig.clock.pass(9_000)
    expect(rig.beat(memberId, 1)).toBe('NONE')
  })

  it('leaves an empty group behind if it was the last', async () => {
    const rig = new GroupRig()
    await rig.stable()
    await rig.clock.pass(10_000)
    expect(rig.coordinator.describe('g')).toMatchObject({
      state: 'Empty',
      protocolType: 'consumer',
      members: [],
    })
    expect(rig.store.records().at(-1)).toMatchObject({
      kind: 'classicGroup',
      stored: { generation: 2, protocol: null, leader: null, members: [] },
    })
  })

  it('is not dropped while it waits for us', async () => {
    const rig = new GroupRig()
    const first = await rig.stable({ sessionTimeoutMs: 300_000 })
    const second = rig.join({ mustKnowItsId: false })
    rig.join({ memberId: first.memberId, sessionTimeoutMs: 300_000 })
    const { memberId } = second.now()
    const waiting = rig.sync(memberId, 2)
    await rig.clock.pass(20_000)
    expect(waiting.answer).toBeNull()
    rig.sync(first.memberId, 2, { [memberId]: 'here' })
    await settled()
    expect(waiting.now().assignment.toString()).toBe('here')
    // From now on it has to be heard from again.
    await rig.clock.pass(10_000)
    expect(rig.beat(memberId, 2)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('is dropped after five minutes if it has never been answered', async () => {
    const rig = new GroupRig()
    const first = await rig.stable({ sessionTimeoutMs: 1_800_000 })
    const patient = { sessionTimeoutMs: 1_800_000, rebalanceTimeoutMs: 1_800_000 }
    const changed = { protocols: [{ name: 'range', metadata: subscription('u') }] }
    rig.join({ memberId: first.memberId, ...patient })
    rig.sync(first.memberId, 2)
    await settled()
    const lost = rig.join({ mustKnowItsId: false, ...patient, ...changed })
    await rig.clock.pass(299_999)
    expect(lost.answer).toBeNull()
    await rig.clock.pass(1)
    expect(lost.now()).toMatchObject({ error: 'UNKNOWN_MEMBER_ID', memberId: '' })
  })
})

it('an empty group that cannot be written is told to the operator, and is empty', async () => {
  const rig = new GroupRig()
  await rig.stable()
  rig.store.refusal = new ApiError('KAFKA_STORAGE_ERROR')
  await rig.clock.pass(10_000)
  expect(rig.warnings).toEqual(['a group that became empty cannot be written'])
  expect(rig.coordinator.describe('g')?.state).toBe('Empty')
})

it('a coordinator that stops sends those that wait to another one', async () => {
  const rig = new GroupRig()
  await rig.stable()
  const joining = rig.join({ mustKnowItsId: false })
  rig.coordinator.stop()
  expect(joining.now().error).toBe('NOT_COORDINATOR')
  expect(rig.clock.pending).toBe(0)
})
