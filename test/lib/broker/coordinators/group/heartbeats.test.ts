import { describe, expect, it } from 'vitest'
import { GroupRig } from './group-rig.ts'

describe('a heartbeat', () => {
  it('tells who is unknown, who is late, and who shall join again', async () => {
    const rig = new GroupRig()
    expect(rig.beat('x', 1)).toBe('UNKNOWN_MEMBER_ID')
    const { memberId } = await rig.stable()
    expect(rig.beat('x', 1)).toBe('UNKNOWN_MEMBER_ID')
    expect(rig.beat(memberId, 2)).toBe('ILLEGAL_GENERATION')
    expect(rig.beat(memberId, 1, 'one')).toBe('UNKNOWN_MEMBER_ID')
    expect(rig.beat(memberId, 1)).toBe('NONE')
    rig.join({ mustKnowItsId: false })
    expect(rig.beat(memberId, 1)).toBe('REBALANCE_IN_PROGRESS')
    expect(
      rig.coordinator.heartbeat({ ...{ groupId: '', memberId, generation: 1 }, groupInstanceId: null }),
    ).toBe('INVALID_GROUP_ID')
  })

  it('is welcome before the assignment is asked for', () => {
    const rig = new GroupRig()
    const { memberId } = rig.join({ mustKnowItsId: false }).now()
    expect(rig.beat(memberId, 1)).toBe('NONE')
  })
})
