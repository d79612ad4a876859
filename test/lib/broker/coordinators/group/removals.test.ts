import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import { GroupRig } from './group-rig.ts'

const DAY_MS = 86_400_000

const place = (topic: string, partition = 0) => ({ group: 'g', topic, partition })

describe('a group that is deleted', () => {
  it('goes with all its commits, and with what transactions were about to commit', async () => {
    const rig = new GroupRig()
    await rig.commit()
    await rig.commitInTransaction(7, { partition: 1 })
    expect(await rig.coordinator.deleteGroup('g')).toBe('NONE')
    rig.store.mark(7, true)
    expect(rig.coordinator.list()).toEqual([])
    expect([await rig.committed('t', 0), await rig.committed('t', 1)]).toEqual([null, null])
    expect(rig.store.records().slice(2)).toEqual([
      { kind: 'commit', ...place('t', 0), commit: null },
      { kind: 'commit', ...place('t', 1), commit: null },
      { kind: 'classicGroup', group: 'g', stored: null },
    ])
    await rig.crash()
    expect(rig.coordinator.list()).toEqual([])
  })

  it('must be there, and empty', async () => {
    const rig = new GroupRig()
    expect(await rig.coordinator.deleteGroup('g')).toBe('GROUP_ID_NOT_FOUND')
    await rig.stable()
    expect(await rig.coordinator.deleteGroup('g')).toBe('NON_EMPTY_GROUP')
  })

  it('stays where the log refuses it', async () => {
    const rig = new GroupRig()
    await rig.commit()
    rig.store.refusal = new ApiError('KAFKA_STORAGE_ERROR')
    expect(await rig.coordinator.deleteGroup('g')).toBe('NOT_COORDINATOR')
    expect(await rig.committed()).toBe(1n)
  })
})

describe('commits that are deleted', () => {
  it('are gone, except of topics that the members read', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable()
    await rig.commit({ memberId, generation: 1 })
    await rig.commit({ memberId, generation: 1 }, { topic: 'u' })
    expect(await rig.coordinator.deleteOffsets('g', [place('t'), place('u'), place('v')])).toEqual([
      'GROUP_SUBSCRIBED_TO_TOPIC',
      'NONE',
      'NONE',
    ])
    expect([await rig.committed('t'), await rig.committed('u')]).toEqual([1n, null])
    expect(
      rig.store.records().filter((record) => record?.kind === 'commit' && record.commit === null),
    ).toHaveLength(1)
  })

  it('are of a group that is there', async () => {
    const deleting = new GroupRig().coordinator.deleteOffsets('g', [place('t')])
    await expect(deleting).rejects.toThrow(new ApiError('GROUP_ID_NOT_FOUND'))
  })

  it('are not those of members that nobody can know the topics of', async () => {
    const rig = new GroupRig()
    await rig.stable({ protocolType: 'connect' })
    const deleting = rig.coordinator.deleteOffsets('g', [place('t')])
    await expect(deleting).rejects.toThrow(new ApiError('NON_EMPTY_GROUP'))
  })

  it('go when their topic is deleted, and no transaction brings them back', async () => {
    const rig = new GroupRig()
    await rig.commit()
    await rig.commit({}, { topic: 'u' })
    await rig.commitInTransaction(7, { partition: 1 })
    rig.deleteTopic('t')
    rig.store.mark(7, true)
    await rig.crash()
    expect([await rig.committed('t'), await rig.committed('t', 1), await rig.committed('u')]).toEqual([
      null,
      null,
      1n,
    ])
  })
})

describe('time', () => {
  it('takes a commit from outside away a week after it was made, and then the group', async () => {
    const rig = new GroupRig()
    await rig.commit()
    await rig.clock.pass(6 * DAY_MS)
    await rig.commit({}, { topic: 'u' })
    await rig.clock.pass(DAY_MS + 600_000)
    expect([await rig.committed('t'), await rig.committed('u')]).toEqual([null, 1n])
    expect(rig.coordinator.list()).toHaveLength(1)
    await rig.clock.pass(7 * DAY_MS)
    expect(rig.coordinator.list()).toEqual([])
    expect(rig.store.records().slice(-2)).toEqual([
      { kind: 'commit', ...place('u'), commit: null },
      { kind: 'classicGroup', group: 'g', stored: null },
    ])
  })

  it('counts from when the group became empty, not from the commit', async () => {
    const rig = new GroupRig()
    const { memberId } = await rig.stable({ sessionTimeoutMs: 1_800_000 })
    await rig.commit({ memberId, generation: 1 }, { topic: 'u' })
    await rig.commit({ memberId, generation: 1 })
    for (let halfHour = 0; halfHour < 5 * 48; halfHour++) {
      await rig.clock.pass(1_700_000)
      rig.beat(memberId, 1)
    }
    await rig.leave(memberId)
    await rig.clock.pass(6 * DAY_MS)
    expect(await rig.committed()).toBe(1n)
    await rig.clock.pass(DAY_MS + 600_000)
    expect([await rig.committed(), rig.coordinator.list()]).toEqual([null, []])
  })

  it('takes from a group that lives what its members do not read any more', async () => {
    const rig = new GroupRig({
      'offsets.retention.minutes': 30,
      'offsets.retention.check.interval.ms': 60_000,
    })
    const { memberId } = await rig.stable({ sessionTimeoutMs: 1_800_000 })
    await rig.commit({ memberId, generation: 1 })
    await rig.commit({ memberId, generation: 1 }, { topic: 'u' })
    await rig.clock.pass(1_500_000)
    rig.beat(memberId, 1)
    await rig.clock.pass(500_000)
    expect([await rig.committed('t'), await rig.committed('u')]).toEqual([1n, null])
  })

  it('leaves alone what a transaction is about to change', async () => {
    const rig = new GroupRig()
    await rig.commit()
    await rig.commitInTransaction(7)
    await rig.clock.pass(8 * DAY_MS)
    expect(await rig.committed()).toBe(1n)
    rig.store.mark(7, false)
    await rig.clock.pass(600_000)
    expect(await rig.committed()).toBeNull()
  })

  it('keeps to the retention that an old client asked for', async () => {
    const rig = new GroupRig()
    await rig.commit({ retentionMs: DAY_MS })
    await rig.crash()
    await rig.clock.pass(DAY_MS - 1)
    expect(await rig.committed()).toBe(1n)
    await rig.clock.pass(600_000)
    expect(await rig.committed()).toBeNull()
  })

  it('takes a group away that nobody ever joined', async () => {
    const rig = new GroupRig()
    rig.join()
    expect(rig.coordinator.list()).toHaveLength(1)
    await rig.clock.pass(600_000)
    expect(rig.coordinator.list()).toEqual([])
  })

  it('goes on after a log that refused', async () => {
    const rig = new GroupRig()
    await rig.commit({ retentionMs: 1 })
    rig.store.refusal = new ApiError('KAFKA_STORAGE_ERROR')
    await rig.clock.pass(600_000)
    expect(rig.warnings).toEqual(['expired commits cannot be removed'])
    rig.store.refusal = null
    await rig.clock.pass(600_000)
    expect(await rig.committed()).toBeNull()
  })
})
