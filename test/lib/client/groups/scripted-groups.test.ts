import { describe, expect, it } from 'vitest'
import { liveGroups } from '../../../../src/lib/client/views/group-views.ts'
import { KtoolError } from '../../../../src/lib/errors.ts'
import type { Outcome } from '../../../../src/lib/model/outcome.ts'
import type { ResponseOf } from '../../../../src/lib/protocol/api.ts'
import { consumerGroupDescribe } from '../../../../src/lib/protocol/apis/consumer-group-describe.ts'
import { describeGroups } from '../../../../src/lib/protocol/apis/describe-groups.ts'
import { describeShareGroupOffsets } from '../../../../src/lib/protocol/apis/describe-share-group-offsets.ts'
import { findCoordinator } from '../../../../src/lib/protocol/apis/find-coordinator.ts'
import { listGroups } from '../../../../src/lib/protocol/apis/list-groups.ts'
import { offsetFetch } from '../../../../src/lib/protocol/apis/offset-fetch.ts'
import { shareGroupDescribe } from '../../../../src/lib/protocol/apis/share-group-describe.ts'
import { streamsGroupDescribe } from '../../../../src/lib/protocol/apis/streams-group-describe.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../../src/lib/protocol/records/consumer-protocol-records.ts'
import { clusterAt } from '../../../support/live-writer.ts'
import {
  answers,
  type ScriptedAnswer,
  type ScriptedPeer,
  scriptedPeer,
} from '../../../support/scripted-peer.ts'

const NOT_FOUND = 69
const UNSTABLE = 88
const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ'

const coordinator = answers(findCoordinator, ({ coordinatorKeys }, version) => {
  const node = { nodeId: 1, host: '127.0.0.1', port: 1, errorCode: 0 }
  return version < 4 ? node : { coordinators: coordinatorKeys.map((key) => ({ key, ...node })) }
})

/** What a coordinator says of a group that is of another type. */
const notHere = (groupId: string) => ({
  ...{ errorCode: NOT_FOUND, groupId, groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '' },
  members: [],
})

const classic = (isOld: boolean) =>
  answers(
    describeGroups,
    ({ groups }) => ({
      groups: groups.map((groupId): NonNullable<ResponseOf<typeof describeGroups>['groups']>[number] =>
        groupId === 'classic'
          ? {
              errorCode: 0,
              groupId,
              groupState: 'Stable',
              protocolType: 'consumer',
              protocolData: 'range',
              members,
            }
          : {
              ...{ errorCode: isOld ? 0 : NOT_FOUND, groupId, groupState: 'Dead' },
              ...{ protocolType: '', protocolData: '', members: [] },
            },
      ),
    }),
    isOld ? { max: 1 } : {},
  )

const members = [
  {
    ...{ memberId: 'm-1', clientId: 'app', clientHost: '/10.0.0.1', groupInstanceId: 'i-1' },
    memberMetadata: consumerProtocolSubscription.encodeFramed({ topics: ['orders'], rackId: 'r-1' }, 3),
    memberAssignment: consumerProtocolAssignment.encodeFramed(
      { assignedPartitions: [{ topic: 'orders', partitions: [1, 0] }] },
      3,
    ),
  },
  {
    ...{ memberId: 'm-2', clientId: 'hostile', clientHost: '/10.0.0.2', groupInstanceId: null },
    memberMetadata: Buffer.from('0003ffffffff', 'hex'),
    memberAssignment: Buffer.from('00037fffffff0001', 'hex'),
  },
]

const assignment = { topicPartitions: [{ topicId, topicName: 'orders', partitions: [2, 1] }] }

const modern = answers(consumerGroupDescribe, ({ groupIds }) => ({
  groups: groupIds.map((groupId) =>
    groupId !== 'modern'
      ? notHere(groupId)
      : {
          ...{ errorCode: 0, groupId, groupState: 'Reconciling', groupEpoch: 5, assignmentEpoch: 4 },
          assignorName: 'uniform',
          members: [
            {
              ...{ memberId: 'm', memberEpoch: 3, clientId: 'app', clientHost: '/10.0.0.1' },
              ...{ subscribedTopicNames: ['orders'], subscribedTopicRegex: '', assignment },
              targetAssignment: { topicPartitions: [] },
            },
          ],
        },
  ),
}))

const share = answers(shareGroupDescribe, ({ groupIds }) => ({
  groups: groupIds.map((groupId) =>
    groupId !== 'share'
      ? notHere(groupId)
      : {
          ...{ errorCode: 0, groupId, groupState: 'Stable', groupEpoch: 2, assignmentEpoch: 2 },
          assignorName: 'simple',
          members: [
            {
              ...{ memberId: 's', memberEpoch: 2, clientId: 'app', clientHost: '/10.0.0.1' },
              ...{ subscribedTopicNames: ['orders'], assignment },
            },
          ],
        },
  ),
}))

const shareOffsets = answers(describeShareGroupOffsets, ({ groups }) => ({
  groups: groups.map(({ groupId }) => ({
    ...{ groupId, errorCode: 0 },
    topics: [
      {
        ...{ topicName: 'orders', topicId },
        partitions: [
          { partitionIndex: 1, startOffset: -1n, leaderEpoch: 0, lag: -1n, errorCode: 0 },
          { partitionIndex: 0, startOffset: 12n, leaderEpoch: 0, lag: 3n, errorCode: 0 },
        ],
      },
    ],
  })),
}))

const streams = answers(streamsGroupDescribe, ({ groupIds }) => ({
  groups: groupIds.map((groupId) => {
    if (groupId !== 'streams') return notHere(groupId)
    const tasks = {
      activeTasks: [{ subtopologyId: '0', partitions: [1] }],
      standbyTasks: [],
      warmupTasks: [],
    }
    const topology = {
      ...{ subtopologyId: '0', sourceTopics: ['orders'], repartitionSinkTopics: [] },
      ...{ stateChangelogTopics: [], repartitionSourceTopics: [] },
    }
    return {
      ...{ errorCode: 0, groupId, groupState: 'Stable', groupEpoch: 1, assignmentEpoch: 1 },
      topology: { epoch: 0, subtopologies: [topology] },
      members: [
        {
          ...{ memberId: 't', memberEpoch: 1, clientId: 'app', clientHost: '/10.0.0.1', topologyEpoch: 0 },
          ...{ processId: 'p', clientTags: [], taskOffsets: [], taskEndOffsets: [], isClassic: false },
          ...{ assignment: tasks, targetAssignment: tasks },
        },
      ],
    }
  }),
}))

const committed = (partitionIndex: number, offset: bigint, errorCode = 0) => ({
  ...{ partitionIndex, committedOffset: offset, committedLeaderEpoch: 4, metadata: 'note', errorCode },
})

const offsets = answers(offsetFetch, ({ groups, requireStable }) => ({
  groups: groups.map(({ groupId }) => ({
    ...{ groupId, errorCode: 0 },
    topics: [
      {
        name: 'orders',
        partitions: [
          requireStable ? committed(1, -1n, UNSTABLE) : committed(1, 9n),
          committed(0, 7n),
          committed(2, -1n),
        ],
      },
    ],
  })),
}))

async function told<T>(
  table: readonly ScriptedAnswer[],
  ask: (groups: ReturnType<typeof liveGroups>, peer: ScriptedPeer) => Promise<T>,
  timeoutMs?: number,
): Promise<T> {
  await using peer = await scriptedPeer(table)
  const cluster = clusterAt(peer.bootstrap, timeoutMs)
  try {
    return await ask(liveGroups(cluster), peer)
  } finally {
    await cluster.close()
  }
}

function outcomeOf<T>(outcomes: readonly Outcome<T>[], i = 0): T {
  const outcome = outcomes[i]?.outcome
  if (outcome === undefined || outcome instanceof KtoolError) throw outcome ?? new Error('no outcome')
  return outcome
}

const everything = [coordinator, classic(false), modern, share, streams, shareOffsets, offsets]

describe('groups of every type', () => {
  it('are each described by the question that is theirs', async () => {
    const found = await told(everything, (groups) =>
      groups.describe(['classic', 'modern', 'share', 'streams']),
    )
    expect(found.map((_, i) => outcomeOf(found, i))).toMatchObject([
      { type: 'Classic', coordinator: 1, assignor: 'range', epoch: null, memberCount: { value: 2 } },
      {
        type: 'Consumer',
        coordinator: 1,
        state: 'Reconciling',
        assignor: 'uniform',
        epoch: 5,
        targetEpoch: 4,
      },
      { type: 'Share', state: 'Stable', assignor: 'simple', epoch: 2 },
      { type: 'Streams', state: 'Stable', assignor: null, epoch: 1 },
    ])
  })

  it('have members with what they read and what they have', async () => {
    const found = await told(everything, (groups) => groups.describe(['classic', 'modern', 'streams']))
    const [first, hostile] = outcomeOf(found).members
    expect(first).toMatchObject({
      ...{ instanceId: 'i-1', rackId: 'r-1', subscribedTopics: ['orders'], target: null },
      assignment: [
        { topic: 'orders', partition: 0 },
        { topic: 'orders', partition: 1 },
      ],
    })
    expect(hostile).toMatchObject({ memberId: 'm-2', subscribedTopics: [], assignment: [] })
    expect(outcomeOf(found, 1).members).toMatchObject([
      { epoch: 3, subscribedRegex: null, assignment: [{ partition: 1 }, { partition: 2 }], target: [] },
    ])
    expect(outcomeOf(found, 2).members).toMatchObject([{ assignment: [{ topic: 'orders', partition: 1 }] }])
  })

  it('say which commits an open transaction is about to change', async () => {
    const found = await told(everything, (groups) => groups.positions(['classic']))
    expect(outcomeOf(found)).toMatchObject({
      commits: [
        {
          partition: 0,
          offset: 7,
          isPending: false,
          leaderEpoch: 4,
          metadata: 'note',
          commitTimestampMs: null,
        },
        { partition: 1, offset: 9, isPending: true },
      ],
      pending: [{ topic: 'orders', partition: 1, offset: null }],
    })
  })

  it('stand at their start offsets where they share', async () => {
    const found = await told(everything, (groups) => groups.positions(['share']))
    expect(outcomeOf(found)).toMatchObject({
      commits: [],
      shares: [
        { partition: 0, startOffset: 12, lag: 3 },
        { partition: 1, startOffset: null, lag: null },
      ],
    })
  })
})

describe('a coordinator of Kafka 2.0', () => {
  const single = answers(
    offsetFetch,
    ({ groupId, topics }) => ({
      errorCode: 0,
      topics: topics === null ? [{ name: groupId, partitions: [committed(0, 3n)] }] : [],
    }),
    { max: 4 },
  )
  const finding = { ...coordinator, versions: { min: 0, max: 2 } }
  const listing = answers(
    listGroups,
    () => ({ errorCode: 0, groups: [{ groupId: 'classic', protocolType: 'consumer' }] }),
    { max: 2 },
  )

  it('is asked for one group after the other, and of each type only for the old one', async () => {
    await told([finding, classic(true), single], async (groups, peer) => {
      const found = await groups.positions(['classic'])
      expect(outcomeOf(found).commits).toMatchObject([{ topic: 'classic', partition: 0, offset: 3 }])
      expect(peer.asked.map(({ api }) => api)).not.toContain('ConsumerGroupDescribe')
      expect(peer.of(offsetFetch)).toMatchObject([{ version: 4, question: { groupId: 'classic' } }])
    })
  })

  it('lists groups with a state all the same, since they are described', async () => {
    const found = await told([finding, classic(true), listing], (groups) => groups.list())
    expect(outcomeOf(found)).toMatchObject({
      ...{ group: 'classic', type: 'Classic', state: 'Stable', memberCount: { value: 2 } },
    })
  })

  it('says of a group that is not there that it is dead', async () => {
    const found = await told([finding, classic(true), single, listing], (groups) =>
      groups.positions(['clasic']),
    )
    expect(found).toMatchObject([
      { outcome: { code: 'group-not-found', hint: expect.stringContaining('did you mean "classic"?') } },
    ])
  })
})
