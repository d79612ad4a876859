import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import { settled } from '../../../../simulation/sim-clock.ts'
import { GroupRig } from './group-rig.ts'

describe('a member that leaves', () => {
  it('makes the others share what it had, and can not come back by its id', async () => {
    const rig = new GroupRig()
    const first = await rig.stable()
    const second = rig.join({ mustKnowItsId: false })
    rig.join({ memberId: first.memberId })
    rig.sync(first.memberId, 2)
    await settled()
    const { memberId } = second.now()
    expect(await rig.leave(memberId)).toEqual([{ memberId, groupInstanceId: null, error: 'NONE' }])
    expect(rig.beat(first.memberId, 2)).toBe('REBALANCE_IN_PROGRESS')
    expect(rig.join({ memberId }).now().error).toBe('UNKNOWN_MEMBER_ID')
    expect(rig.join({ memberId: first.memberId }).now()).toMatchObject({ generation: 3 })
  })

  it('is told so if it waits, and lets the others go on', async () => {
    const rig = new GroupRig()
    const first = await rig.stable()
    const waiting = rig.join({ mustKnowItsId: false })
    const ids = rig.coordinator.describe('g')?.members.map(({ memberId }) => memberId)
    await rig.leave(ids?.find((id) => id !== first.memberId) ?? '')
    expect(waiting.now()).toMatchObject({ error: 'UNKNOWN_MEMBER_ID', memberId: '' })
    expect(rig.join({ memberId: first.memberId }).now()).toMatchObject({ generation: 2 })
  })

  it('before it ever joined is not waited for', async () => {
    const rig = new GroupRig()
    const { memberId } = rig.join().now()
    expect(await rig.leave(memberId)).toMatchObject([{ error: 'NONE' }])
    expect(rig.join({ memberId }).now().error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('is unknown in a group that is not there, and by an id that nobody has', async () => {
    const rig = new GroupRig()
    expect(await rig.leave('x')).toMatchObject([{ memberId: 'x', error: 'UNKNOWN_MEMBER_ID' }])
    await rig.stable()
    expect(await rig.leave('x')).toMatchObject([{ memberId: 'x', error: 'UNKNOWN_MEMBER_ID' }])
  })

  it('is named by its instance alone where an administrator removes it', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable({ groupInstanceId: 'one' })
    const both = [
      { memberId: '', groupInstanceId: 'one' },
      { memberId: '', groupInstanceId: 'two' },
    ]
    const left = await rig.coordinator.leave('g', both)
    expect(left.map(({ error }) => error)).toEqual(['NONE', 'UNKNOWN_MEMBER_ID'])
    expect(rig.beat(memberId, 1, 'one')).toBe('UNKNOWN_MEMBER_ID')
  })

  it('can not leave as an instance that another has taken the name of', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable({ groupInstanceId: 'one' })
    rig.join({ groupInstanceId: 'one' })
    expect(await rig.leave(memberId, 'one')).toMatchObject([{ error: 'FENCED_INSTANCE_ID' }])
  })

  it('must name its group', async () => {
    const leaving = new GroupRig().coordinator.leave('', [])
    await expect(leaving).rejects.toThrow(new ApiError('INVALID_GROUP_ID'))
  })
})
