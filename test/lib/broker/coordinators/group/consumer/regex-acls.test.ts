import { beforeEach, expect, it } from 'vitest'
import { consumerGroupHeartbeat } from '../../../../../../src/lib/protocol/apis/consumer-group-heartbeat.ts'
import { findCoordinator } from '../../../../../../src/lib/protocol/apis/find-coordinator.ts'
import { joinGroup } from '../../../../../../src/lib/protocol/apis/join-group.ts'
import { consumerProtocolSubscription } from '../../../../../../src/lib/protocol/records/consumer-protocol-records.ts'
import { NodeRig } from '../../../apis/node-rig.ts'

type Said = Parameters<typeof consumerGroupHeartbeat.request.encode>[0]

/** Kafka looks for new matches so long after the last time at the soonest. */
const REFRESH_MS = 10_001
const joining = {
  memberEpoch: 0,
  rebalanceTimeoutMs: 60_000,
  subscribedTopicNames: [],
  subscribedTopicRegex: '.*',
  topicPartitions: [],
}

let rig: NodeRig

beforeEach(async () => {
  rig = await NodeRig.open({
    topics: [
      { name: 'open', partitions: 1 },
      { name: 'secret', partitions: 1 },
    ],
    settings: { 'offsets.topic.num.partitions': '1', 'group.consumer.assignment.interval.ms': '0' },
  })
  await rig.clock.until(rig.ask(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] }))
})

/** Whoever asks from now on may describe these topics alone. */
function mayDescribe(...topics: string[]): void {
  const allows = (_asker: unknown, operation: string, type: string, name: string) =>
    operation !== 'DESCRIBE' || type !== 'TOPIC' || topics.includes(name)
  Object.assign(rig.node, { authorizer: { allows, allowsWithAny: () => true } })
}

async function beat(said: Partial<Said>) {
  const asked = rig.ask(consumerGroupHeartbeat, 1, { groupId: 'g', memberId: 'a', ...said } as Said)
  const { errorCode, memberEpoch, assignment } = await rig.clock.until(asked)
  if (errorCode !== 0) return { errorCode }
  const topics = assignment?.topicPartitions.map(
    ({ topicId }) => rig.node.controller.topicById(topicId)?.name,
  )
  return { memberEpoch, topics: topics?.sort() ?? null }
}

function makeTopic(name: string): void {
  const wish = { name, partitions: 1, replicationFactor: 1, assignments: null, configs: new Map() }
  rig.node.controller.createTopic(wish)
}

async function subscribed(): Promise<void> {
  expect(await beat(joining)).toEqual({ memberEpoch: 1, topics: [] })
  await rig.clock.pass(0)
}

it('a pattern matches what its member may describe', async () => {
  mayDescribe('open')
  await subscribed()
  expect(await beat({ memberEpoch: 1 })).toEqual({ memberEpoch: 2, topics: ['open'] })
})

it('a topic that is named must be one that the member may describe, whatever a pattern matches', async () => {
  mayDescribe('open')
  expect(await beat({ ...joining, subscribedTopicNames: ['open', 'secret'] })).toEqual({ errorCode: 29 })
})

it('a pattern matches what whoever has it looked up next may describe, also by the classic protocol', async () => {
  mayDescribe('open', 'secret')
  await subscribed()
  expect(await beat({ memberEpoch: 1 })).toEqual({ memberEpoch: 2, topics: ['open', 'secret'] })
  makeTopic('opener')
  await rig.clock.pass(REFRESH_MS)
  mayDescribe('open', 'opener')
  const metadata = consumerProtocolSubscription.encodeFramed({ topics: ['open'], ownedPartitions: [] }, 1)
  const wish = { groupId: 'g', memberId: 'b', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 60_000 }
  const protocols = [{ name: 'range', metadata }]
  const asked = rig.ask(joinGroup, 9, { ...wish, protocolType: 'consumer', protocols })
  expect(await rig.clock.until(asked)).toMatchObject({ errorCode: 0 })
  await rig.clock.pass(0)
  mayDescribe('open', 'secret', 'opener')
  // The other member has the topic that both could have.
  expect(await beat({ ...joining, memberEpoch: 2 })).toEqual({ memberEpoch: 4, topics: ['opener'] })
})
