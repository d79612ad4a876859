import { beforeAll, describe, expect, inject, it } from 'vitest'
import { consumerGroupDescribe } from '../../src/lib/protocol/apis/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../src/lib/protocol/apis/consumer-group-heartbeat.ts'
import { describeGroups } from '../../src/lib/protocol/apis/describe-groups.ts'
import { heartbeat } from '../../src/lib/protocol/apis/heartbeat.ts'
import { joinGroup } from '../../src/lib/protocol/apis/join-group.ts'
import { leaveGroup } from '../../src/lib/protocol/apis/leave-group.ts'
import { listGroups } from '../../src/lib/protocol/apis/list-groups.ts'
import { offsetCommit } from '../../src/lib/protocol/apis/offset-commit.ts'
import { offsetFetch } from '../../src/lib/protocol/apis/offset-fetch.ts'
import { syncGroup } from '../../src/lib/protocol/apis/sync-group.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../src/lib/protocol/records/consumer-protocol-records.ts'
import { Connection, connected } from './wire/connection.ts'
import { eventually, GROUP, untilCoordinated } from './wire/coordinators.ts'
import { createTopic } from './wire/topics.ts'
import { versionAt } from './wire/versions.ts'

const { ports } = inject('kafka')
const topic = 'groups'
const MEMBER_ID_REQUIRED = 79
const partitions = [{ partitionIndex: 0, committedOffset: 7n, committedMetadata: 'seven' }]
let topicId: string

beforeAll(async () => {
  topicId = await connected(ports.plain, (connection) => createTopic(connection, topic))
  await connected(ports.plain, untilLoaded)
})

describe('a classic group', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'lives from join to leave, %i versions above the lowest',
    async (level) => {
      const connection = await Connection.open(ports.plain)
      const at = (api: Parameters<typeof versionAt>[0]) => versionAt(api, level)
      const groupId = `classic-${level}`

      const joined = await join(connection, groupId, at(joinGroup))
      expect(joined).toMatchObject({
        errorCode: 0,
        leader: joined.memberId,
        members: [{ metadata: subscription }],
      })
      const { memberId, generationId } = joined
      const assignments = [{ memberId, assignment }]
      const protocol = { protocolType: 'consumer', protocolName: 'range' }
      const sync = { groupId, memberId, generationId, assignments, ...protocol }
      expect(await connection.ask(syncGroup, at(syncGroup), sync)).toMatchObject({
        errorCode: 0,
        assignment,
      })
      const beat = await connection.ask(heartbeat, at(heartbeat), { groupId, memberId, generationId })
      expect(beat.errorCode).toBe(0)

      const commits = [{ name: topic, topicId, partitions }]
      const commit = { groupId, memberId, generationIdOrMemberEpoch: generationId, topics: commits }
      const committed = await connection.ask(offsetCommit, at(offsetCommit), commit)
      expect(committed.topics).toMatchObject([{ partitions: [{ partitionIndex: 0, errorCode: 0 }] }])
      expect(await fetchOffsets(connection, groupId, at(offsetFetch))).toMatchObject([
        { partitionIndex: 0, committedOffset: 7n, metadata: 'seven', errorCode: 0 },
      ])

      const described = await connection.ask(describeGroups, at(describeGroups), { groups: [groupId] })
      expect(described.groups).toMatchObject([
        {
          groupState: 'Stable',
          protocolData: 'range',
          members: [{ memberMetadata: subscription, memberAssignment: assignment }],
        },
      ])
      const listed = await connection.ask(listGroups, at(listGroups), {})
      expect(listed.groups).toContainEqual(expect.objectContaining({ groupId, protocolType: 'consumer' }))
      const version = at(leaveGroup)
      const leave = version < 3 ? { groupId, memberId } : { groupId, members: [{ memberId }] }
      expect((await connection.ask(leaveGroup, version, leave)).errorCode).toBe(0)
      connection.close()
    },
  )
})

describe('a consumer group', () => {
  it('is joined and described', async () => {
    const connection = await Connection.open(ports.plain)
    const [groupId, memberId] = ['modern', '2Zk4mPHjRUiJ1YpvtV0sXA']
    const join = {
      groupId,
      memberId,
      memberEpoch: 0,
      rebalanceTimeoutMs: 5000,
      subscribedTopicNames: [topic],
      topicPartitions: [],
    }
    const answer = await connection.ask(consumerGroupHeartbeat, 1, join)
    expect(answer).toMatchObject({ errorCode: 0, memberId })
    expect(answer.assignment?.topicPartitions).toEqual([{ topicId, partitions: [0] }])
    const described = await connection.ask(consumerGroupDescribe, 1, { groupIds: [groupId] })
    expect(described.groups).toMatchObject([
      {
        errorCode: 0,
        members: [{ memberId, memberEpoch: answer.memberEpoch, subscribedTopicNames: [topic] }],
      },
    ])
    connection.close()
  })
})

const subscription = consumerProtocolSubscription.encodeFramed({ topics: [topic], userData: null }, 1)
const assignment = consumerProtocolAssignment.encodeFramed(
  { assignedPartitions: [{ topic, partitions: [0] }], userData: null },
  1,
)

async function join(connection: Connection, groupId: string, version: number) {
  const protocols = [{ name: 'range', metadata: subscription }]
  const request = {
    groupId,
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    protocolType: 'consumer',
    protocols,
  }
  const first = await connection.ask(joinGroup, version, request)
  if (version < 4) return first
  expect(first.errorCode).toBe(MEMBER_ID_REQUIRED)
  return connection.ask(joinGroup, version, { ...request, memberId: first.memberId })
}

async function fetchOffsets(connection: Connection, groupId: string, version: number) {
  const topics = [{ name: topic, topicId, partitionIndexes: [0] }]
  const old = { groupId, topics: [{ name: topic, partitionIndexes: [0] }] }
  const answer = await connection.ask(
    offsetFetch,
    version,
    version < 8 ? old : { groups: [{ groupId, topics }] },
  )
  return (version < 8 ? answer.topics : answer.groups[0]?.topics)?.[0]?.partitions
}

async function untilLoaded(connection: Connection): Promise<void> {
  const groups = [...Array.from({ length: 10 }, (_, level) => `classic-${level}`), 'modern']
  await untilCoordinated(connection, GROUP, groups)
  await eventually(async () => {
    const described = await connection.ask(describeGroups, 5, { groups })
    expect(described.groups.map(({ errorCode }) => errorCode)).toEqual(groups.map(() => 0))
  })
}
