import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import { GroupRig } from './group-rig.ts'

describe('a commit', () => {
  it('from outside makes a group of its own, which has no record', async () => {
    const rig = new GroupRig()
    expect(await rig.commit({}, { offset: 7n, metadata: 'note' })).toEqual(['NONE'])
    expect(await rig.committed()).toBe(7n)
    expect(rig.coordinator.list()).toEqual([
      { groupId: 'g', protocolType: '', state: 'Empty', type: 'classic' },
    ])
    expect(rig.store.records()).toMatchObject([
      { kind: 'commit', group: 'g', topic: 't', partition: 0, commit: { offset: 7n, metadata: 'note' } },
    ])
  })

  it('keeps any number exactly, those below zero and beyond what a double holds too', async () => {
    const rig = new GroupRig()
    for (const offset of [-5n, 2n ** 63n - 1n]) {
      await rig.commit({}, { offset })
      await rig.crash()
      expect(await rig.committed()).toBe(offset)
    }
  })

  it('is taken from a member in its generation, and while the group prepares the next one', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    const member = { memberId, generation: 1 }
    expect(await rig.commit(member)).toEqual(['NONE'])
    rig.join({ mustKnowItsId: false })
    expect(await rig.commit(member)).toEqual(['NONE'])
    rig.join({ memberId })
    await expect(rig.commit({ memberId, generation: 2 })).rejects.toThrow(
      new ApiError('REBALANCE_IN_PROGRESS'),
    )
  })

  it('is refused from outsiders while there are members, by other ids and of other generations', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    const refused = async (wish: object) => rig.commit(wish).catch((cause) => (cause as ApiError).error)
    expect(await refused({})).toBe('UNKNOWN_MEMBER_ID')
    expect(await refused({ memberId: 'x', generation: 1 })).toBe('UNKNOWN_MEMBER_ID')
    expect(await refused({ memberId, generation: 0 })).toBe('ILLEGAL_GENERATION')
    expect(await refused({ memberId, generation: 1, groupInstanceId: 'one' })).toBe('UNKNOWN_MEMBER_ID')
  })

  it('of a generation is refused where there is no group, in words that the client knows', async () => {
    const rig = new GroupRig()
    await expect(rig.commit({ generation: 3 })).rejects.toThrow(new ApiError('GROUP_ID_NOT_FOUND'))
  })

  it('with more metadata than allowed is refused alone', async () => {
    const rig = new GroupRig({ 'offset.metadata.max.bytes': 3 })
    const place = { topic: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAA', offset: 1n, leaderEpoch: -1 }
    const offsets = [
      { ...place, partition: 0, metadata: 'long' },
      { ...place, partition: 1, metadata: 'ok' },
    ]
    expect(await rig.commit({ offsets })).toEqual(['OFFSET_METADATA_TOO_LARGE', 'NONE'])
    expect([await rig.committed('t', 0), await rig.committed('t', 1)]).toEqual([null, 1n])
  })

  it('that the log refuses changes nothing', async () => {
    const rig = new GroupRig()
    await rig.commit({}, { offset: 1n })
    rig.store.refusal = new ApiError('KAFKA_STORAGE_ERROR')
    await expect(rig.commit({}, { offset: 2n })).rejects.toThrow(new ApiError('NOT_COORDINATOR'))
    expect(await rig.committed()).toBe(1n)
  })

  it('is neither answered nor shown before it is safe', async () => {
    const rig = new GroupRig()
    let flushed = () => {}
    rig.store.flushing = new Promise((resolve) => {
      flushed = resolve
    })
    const order: string[] = []
    const committing = rig.commit({}, { offset: 4n }).then(() => order.push('committed'))
    const fetching = rig.committed().then((offset) => order.push(`fetched ${offset}`))
    await rig.clock.pass(0)
    expect(order).toEqual([])
    flushed()
    await Promise.all([committing, fetching])
    expect(order.toSorted()).toEqual(['committed', 'fetched 4'])
  })
})

describe('a commit in a transaction', () => {
  it('counts once the transaction is committed, and is unstable until then (KIP-447)', async () => {
    const rig = new GroupRig()
    await rig.commit({}, { offset: 1n })
    expect(await rig.commitInTransaction(7, { offset: 2n })).toEqual(['NONE'])
    expect(await rig.committed()).toBe(1n)
    expect(await rig.committed('t', 0, true)).toBe('unstable')
    rig.store.mark(7, true)
    expect(await rig.committed('t', 0, true)).toBe(2n)
  })

  it('never was if the transaction is aborted', async () => {
    const rig = new GroupRig()
    await rig.commitInTransaction(7, { offset: 2n })
    rig.store.mark(7, false)
    expect(await rig.committed('t', 0, true)).toBeNull()
  })

  it('does not count against a plain one that came after it', async () => {
    const rig = new GroupRig()
    await rig.commitInTransaction(7, { offset: 2n })
    await rig.commit({}, { offset: 3n })
    rig.store.mark(7, true)
    expect(await rig.committed()).toBe(3n)
    await rig.crash()
    expect(await rig.committed()).toBe(3n)
  })

  it('of several producers is unstable until the last of them has ended', async () => {
    const rig = new GroupRig()
    await rig.commitInTransaction(7, { offset: 2n })
    await rig.commitInTransaction(8, { offset: 3n })
    rig.store.mark(8, false)
    expect(await rig.committed('t', 0, true)).toBe('unstable')
    rig.store.mark(7, true)
    expect(await rig.committed('t', 0, true)).toBe(2n)
  })

  it('may come from outside while the group has members, and in the midst of a rebalance', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    expect(await rig.commitInTransaction(7)).toEqual(['NONE'])
    rig.join({ memberId })
    expect(await rig.commitInTransaction(7, {}, { memberId, generation: 2 })).toEqual(['NONE'])
    const late = rig.commitInTransaction(7, {}, { memberId, generation: 1 })
    await expect(late).rejects.toThrow(new ApiError('ILLEGAL_GENERATION'))
    const nobody = rig.commitInTransaction(7, {}, { groupId: 'none', memberId, generation: 1 })
    await expect(nobody).rejects.toThrow(new ApiError('ILLEGAL_GENERATION'))
  })
})
