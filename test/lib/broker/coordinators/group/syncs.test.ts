import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import { settled } from '../../../../simulation/sim-clock.ts'
import { GroupRig, subscription } from './group-rig.ts'

describe('an assignment', () => {
  it('is in the log before any member gets it', async () => {
    const rig = new GroupRig()
    const { memberId } = rig.join({ mustKnowItsId: false }).now()
    let flushed = () => {}
    rig.store.flushing = new Promise((resolve) => {
      flushed = resolve
    })
    const asked = rig.sync(memberId, 1, { [memberId]: 'mine' })
    await settled()
    expect(asked.answer).toBeNull()
    expect(rig.coordinator.describe('g')?.state).toBe('CompletingRebalance')
    flushed()
    await settled()
    expect(asked.now()).toMatchObject({ error: 'NONE', protocolType: 'consumer', protocol: 'range' })
    expect(asked.now().assignment.toString()).toBe('mine')
    expect(rig.coordinator.describe('g')?.state).toBe('Stable')
  })

  it('is written as Kafka writes it: an empty group first, then what the members agreed on', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    const nobody = { protocolType: '', generation: 0, protocol: null, leader: null, members: [] }
    const stateTimestampMs = rig.clock.nowMs()
    expect(rig.store.records()).toEqual([
      { kind: 'classicGroup', group: 'g', stored: { ...nobody, stateTimestampMs } },
      {
        kind: 'classicGroup',
        group: 'g',
        stored: {
          ...{
            protocolType: 'consumer',
            generation: 1,
            protocol: 'range',
            leader: memberId,
            stateTimestampMs,
          },
          members: [
            {
              ...{ memberId, groupInstanceId: null, clientId: 'client', clientHost: '/127.0.0.1' },
              ...{ rebalanceTimeoutMs: 60_000, sessionTimeoutMs: 10_000 },
              ...{ subscription: subscription('t'), assignment: Buffer.from('all') },
            },
          ],
        },
      },
    ])
  })

  it('that the log refuses makes the members join again', async () => {
    const rig = new GroupRig()
    const { memberId } = rig.join({ mustKnowItsId: false }).now()
    rig.store.refusal = new ApiError('KAFKA_STORAGE_ERROR')
    expect(rig.sync(memberId, 1, { [memberId]: 'mine' }).now()).toMatchObject({ error: 'NOT_COORDINATOR' })
    expect(rig.beat(memberId, 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('that is not safe on the disk makes the members join again', async () => {
    const rig = new GroupRig()
    const { memberId } = rig.join({ mustKnowItsId: false }).now()
    rig.store.flushing = Promise.reject(new ApiError('KAFKA_STORAGE_ERROR'))
    const asked = rig.sync(memberId, 1, { [memberId]: 'mine' })
    await settled()
    expect(asked.now().error).toBe('NOT_COORDINATOR')
    expect(rig.beat(memberId, 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('is empty for whom the leader has forgotten', async () => {
    const rig = new GroupRig()
    const first = await rig.stable()
    const second = rig.join({ mustKnowItsId: false })
    rig.join({ memberId: first.memberId })
    const forgotten = rig.sync(first.memberId, 2, { [second.now().memberId]: 'all' })
    await settled()
    expect(forgotten.now()).toMatchObject({ error: 'NONE', assignment: Buffer.alloc(0) })
  })

  it('can be asked for again', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    expect(rig.sync(memberId, 1).now().assignment.toString()).toBe('all')
  })
})

describe('who asks for an assignment', () => {
  it('is refused in another generation, by another id, and where there is no group', async () => {
    const rig = new GroupRig()
    expect(rig.sync('x', 1).now().error).toBe('UNKNOWN_MEMBER_ID')
    const { memberId } = await rig.stable()
    expect(rig.sync(memberId, 2).now().error).toBe('ILLEGAL_GENERATION')
    expect(rig.sync('x', 1).now().error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('is sent back to join while others do', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    rig.join({ mustKnowItsId: false })
    expect(rig.sync(memberId, 1).now().error).toBe('REBALANCE_IN_PROGRESS')
  })

  it('must mean the protocol that the group has', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    const wish = { groupId: 'g', generation: 1, memberId, groupInstanceId: null, assignments: new Map() }
    const other = rig.coordinator.sync({ ...wish, protocolType: 'consumer', protocol: 'sticky' }, () => {})
    expect(other?.error).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })
})
