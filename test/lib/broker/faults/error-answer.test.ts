import { describe, expect, it } from 'vitest'
import { handlers } from '../../../../src/lib/broker/apis/handlers.ts'
import { errorAnswer } from '../../../../src/lib/broker/faults/error-answer.ts'
import type { StructValue } from '../../../../src/lib/broker/faults/message-roles.ts'
import type { Item } from '../../../../src/lib/broker/faults/request-items.ts'
import type { ErrorName } from '../../../../src/lib/protocol/error-codes.ts'
import { findApi } from '../../../../src/lib/protocol/registry.ts'
import type { Json } from '../../../../src/lib/schema/kind.ts'
import { randomDraw, seedOfRun } from '../../../random.ts'

const all = () => true

function answerTo(
  name: string,
  version: number,
  request: Json,
  error: ErrorName,
  chosen: (item: Item) => boolean = all,
) {
  const api = findApi(name)
  if (api === undefined) throw new Error(name)
  const facts = { api, version, error, chosen, isOfItems: chosen !== all, topicName: () => 'orders' }
  const decoded = api.request.fromJson(request, version) as StructValue
  const refused = errorAnswer({ ...facts, request: decoded })
  if (refused === undefined) return undefined
  const bytes = api.response.encode(refused.answer as never, version)
  return api.response.toJson(api.response.decode(bytes, version), version)
}

describe('an error in an answer', () => {
  it('is that of the partition, where Kafka says it of partitions', () => {
    const partitions = [0, 1].map((index) => ({ index, records: null }))
    const request = {
      ...{ transactionalId: null, acks: -1, timeoutMs: 1000 },
      topicData: [{ name: 'orders', partitionData: partitions }],
    }
    const second = ({ partition }: Item) => partition === 1
    expect(answerTo('Produce', 9, request, 'NOT_LEADER_OR_FOLLOWER', second)).toMatchObject({
      responses: [
        {
          name: 'orders',
          partitionResponses: [{ index: 1, errorCode: 6, baseOffset: -1, logStartOffset: -1 }],
        },
      ],
    })
  })

  it('is that of the group, of the whole answer or of each partition, as the version has it', () => {
    const topics = [{ name: 'orders', partitionIndexes: [2] }]
    const ofGroup = {
      groups: [{ groupId: 'g', topics }],
      requireStable: false,
    }
    expect(answerTo('OffsetFetch', 8, ofGroup, 'NOT_COORDINATOR')).toMatchObject({
      groups: [{ groupId: 'g', topics: [], errorCode: 16 }],
    })
    const older = { groupId: 'g', topics }
    expect(answerTo('OffsetFetch', 5, older, 'NOT_COORDINATOR')).toMatchObject({ topics: [], errorCode: 16 })
    expect(answerTo('OffsetFetch', 1, older, 'NOT_COORDINATOR')).toMatchObject({
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 2, committedOffset: -1, errorCode: 16 }] }],
    })
    const partition = { partitionIndex: 2, committedOffset: 1, committedMetadata: null }
    const commit = {
      ...{ groupId: 'g', generationIdOrMemberEpoch: -1, memberId: '', retentionTimeMs: -1 },
      topics: [{ name: 'orders', partitions: [partition] }],
    }
    expect(answerTo('OffsetCommit', 2, commit, 'NOT_COORDINATOR')).toMatchObject({
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 2, errorCode: 16 }] }],
    })
  })

  it.each<[string, number, Json, Json]>([
    [
      'Metadata',
      9,
      {
        topics: [{ name: 'orders' }],
        allowAutoTopicCreation: true,
        includeClusterAuthorizedOperations: false,
        includeTopicAuthorizedOperations: false,
      },
      { topics: [{ errorCode: 7, name: 'orders', partitions: [] }] },
    ],
    ['DescribeGroups', 0, { groups: ['g'] }, { groups: [{ errorCode: 7, groupId: 'g' }] }],
    ['DeleteGroups', 0, { groupsNames: ['g'] }, { results: [{ groupId: 'g', errorCode: 7 }] }],
    [
      'FindCoordinator',
      4,
      { keyType: 0, coordinatorKeys: ['g'] },
      { coordinators: [{ key: 'g', nodeId: -1, host: '', port: -1, errorCode: 7 }] },
    ],
    [
      'ElectLeaders',
      1,
      { electionType: 0, topicPartitions: [{ topic: 'orders', partitions: [4] }], timeoutMs: 1 },
      {
        replicaElectionResults: [{ topic: 'orders', partitionResult: [{ partitionId: 4, errorCode: 7 }] }],
      },
    ],
    [
      'AddPartitionsToTxn',
      3,
      {
        v3AndBelowTransactionalId: 't',
        v3AndBelowProducerId: 1,
        v3AndBelowProducerEpoch: 0,
        v3AndBelowTopics: [{ name: 'orders', partitions: [4] }],
      },
      {
        resultsByTopicV3AndBelow: [
          { name: 'orders', resultsByPartition: [{ partitionIndex: 4, partitionErrorCode: 7 }] },
        ],
      },
    ],
    [
      'AlterReplicaLogDirs',
      1,
      { dirs: [{ path: '/a', topics: [{ name: 'orders', partitions: [4] }] }] },
      { results: [{ topicName: 'orders', partitions: [{ partitionIndex: 4, errorCode: 7 }] }] },
    ],
    ['Heartbeat', 0, { groupId: 'g', generationId: 1, memberId: 'm' }, { errorCode: 7 }],
  ])('stands where %s has it', (name, version, request, answer) => {
    expect(answerTo(name, version, request, 'REQUEST_TIMED_OUT')).toMatchObject(answer as object)
  })

  it('can be written for every API and version, whatever was asked', () => {
    const draw = randomDraw(seedOfRun())
    for (const { api } of handlers) {
      const served = api.served() ?? { min: 1, max: 0 }
      for (let version = served.min; version <= served.max; version++) {
        const request = api.request.random(draw, version) as StructValue
        const facts = { api, version, request, chosen: all, isOfItems: false, topicName: () => 'orders' }
        const refused = errorAnswer({ ...facts, error: 'UNKNOWN_SERVER_ERROR' })
        expect(() => api.response.encode((refused?.answer ?? {}) as never, version)).not.toThrow()
      }
    }
  })
})
