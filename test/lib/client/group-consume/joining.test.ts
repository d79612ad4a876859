import type { PartitionAssigner } from 'kafkajs'
import { expect, it } from 'vitest'
import { Joining } from '../../../../src/lib/client/group-consume/joining.ts'
import { joinGroup } from '../../../../src/lib/protocol/apis/join-group.ts'

type Config = Parameters<PartitionAssigner>[0]

it('learns the id of a member once, however often its coordinator is looked for', async () => {
  let calls = 0
  const broker = {
    lookupRequest: (_key: number, _versions: unknown) => (fields: { memberId?: string }) => {
      calls += 1
      return fields
    },
  }
  const cluster = { findGroupCoordinator: async () => broker }
  const joining = new Joining()
  joining.watch(() => ({}) as ReturnType<PartitionAssigner>)({ cluster } as unknown as Config)
  await cluster.findGroupCoordinator()
  const watched = broker.lookupRequest
  // Each time that the group is joined it is looked for.
  for (let i = 0; i < 100; i++) await cluster.findGroupCoordinator()
  expect(broker.lookupRequest).toBe(watched)
  broker.lookupRequest(joinGroup.key, {})({ memberId: '' })
  expect(broker.lookupRequest(joinGroup.key, {})({ memberId: 'm-1' })).toEqual({ memberId: 'm-1' })
  expect(await joining.memberId()).toBe('m-1')
  expect(calls).toBe(2)
  // The coordinator has forgotten it, and given another.
  broker.lookupRequest(joinGroup.key, {})({ memberId: 'm-2' })
  expect(await joining.memberId()).toBe('m-2')
})
