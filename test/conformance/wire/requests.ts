import type { Api } from '../../../src/lib/protocol/api.ts'
import { addPartitionsToTxn } from '../../../src/lib/protocol/apis/add-partitions-to-txn.ts'
import { createPartitions } from '../../../src/lib/protocol/apis/create-partitions.ts'
import { deleteRecords } from '../../../src/lib/protocol/apis/delete-records.ts'
import { describeAcls } from '../../../src/lib/protocol/apis/describe-acls.ts'
import { describeConfigs } from '../../../src/lib/protocol/apis/describe-configs.ts'
import { describeGroups } from '../../../src/lib/protocol/apis/describe-groups.ts'
import { describeProducers } from '../../../src/lib/protocol/apis/describe-producers.ts'
import { describeTopicPartitions } from '../../../src/lib/protocol/apis/describe-topic-partitions.ts'
import { electLeaders } from '../../../src/lib/protocol/apis/elect-leaders.ts'
import { findCoordinator } from '../../../src/lib/protocol/apis/find-coordinator.ts'
import { incrementalAlterConfigs } from '../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { listOffsets } from '../../../src/lib/protocol/apis/list-offsets.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { offsetForLeaderEpoch } from '../../../src/lib/protocol/apis/offset-for-leader-epoch.ts'
import { produce } from '../../../src/lib/protocol/apis/produce.ts'
import { apis } from '../../../src/lib/protocol/registry.ts'
import type { Fields } from '../../../src/lib/schema/field.ts'
import type { Request } from './connection.ts'

/** A topic that is there, with one partition; and one that is not. */
export interface World {
  topic: string
  missing: string
}

type BodyOf = (version: number, world: World) => Buffer

const TOPIC_RESOURCE = 2
const BROKER_RESOURCE = 4

/** A request of any API: one that has something to ask where there is one here, else all fields at default. */
export function requestOf(api: Api, version: number, world: World): Buffer {
  const body = bodies.get(api.key)
  return body === undefined ? api.request.encode({}, version) : body(version, world)
}

const bodies = new Map<number, BodyOf>([
  from(produce, () => ({ acks: -1, timeoutMs: 1000 })),
  from(metadata, (version, { topic, missing }) =>
    version === 0
      ? { topics: [] }
      : { topics: [{ name: topic }, { name: missing }], allowAutoTopicCreation: version < 4 },
  ),
  from(listOffsets, (_version, { topic, missing }) => ({
    replicaId: -1,
    topics: [topic, missing].map((name) => ({
      name,
      partitions: [0, 7].map((partitionIndex) => ({ partitionIndex, timestamp: -1n })),
    })),
  })),
  from(findCoordinator, (version) =>
    version < 4 ? { key: 'some-group' } : { coordinatorKeys: ['some-group', 'other'] },
  ),
  from(describeGroups, () => ({ groups: ['none'] })),
  from(offsetForLeaderEpoch, (_version, { topic }) => ({
    topics: [
      {
        topic,
        partitions: [
          { partition: 0, leaderEpoch: 0 },
          { partition: 9, leaderEpoch: 0 },
        ],
      },
    ],
  })),
  from(describeConfigs, (version, { topic }) => ({
    resources: [
      { resourceType: TOPIC_RESOURCE, resourceName: topic, configurationKeys: null },
      { resourceType: BROKER_RESOURCE, resourceName: '1', configurationKeys: null },
      { resourceType: TOPIC_RESOURCE, resourceName: 'not a name', configurationKeys: ['retention.ms'] },
    ],
    includeSynonyms: true,
    includeDocumentation: version >= 3,
  })),
  from(incrementalAlterConfigs, (_version, { topic }) => ({
    resources: [
      {
        resourceType: TOPIC_RESOURCE,
        resourceName: topic,
        configs: [{ name: 'no.such.config', configOperation: 0, value: '1' }],
      },
    ],
    validateOnly: true,
  })),
  from(createPartitions, (_version, { topic }) => ({
    topics: [{ name: topic, count: 1, assignments: null }],
    timeoutMs: 1000,
    validateOnly: true,
  })),
  from(deleteRecords, (_version, { topic }) => ({
    topics: [
      {
        name: topic,
        partitions: [
          { partitionIndex: 0, offset: 0n },
          { partitionIndex: 5, offset: 0n },
        ],
      },
    ],
    timeoutMs: 1000,
  })),
  // Asked about no transaction at all, Kafka never answers.
  from(addPartitionsToTxn, (version, { topic }) => {
    const topics = [{ name: topic, partitions: [0] }]
    return version < 4
      ? { v3AndBelowTransactionalId: 'none', v3AndBelowTopics: topics }
      : { transactions: [{ transactionalId: 'none', topics }] }
  }),
  // 1 is ANY; the default 0, unknown, makes Kafka close the connection.
  from(describeAcls, () => ({
    resourceTypeFilter: 1,
    patternTypeFilter: 1,
    operation: 1,
    permissionType: 1,
  })),
  from(electLeaders, (_version, { topic }) => ({
    topicPartitions: [{ topic, partitions: [0] }],
    timeoutMs: 1000,
  })),
  from(describeProducers, (_version, { topic }) => ({ topics: [{ name: topic, partitionIndexes: [0, 4] }] })),
  from(describeTopicPartitions, (_version, { topic, missing }) => ({
    topics: [{ name: topic }, { name: missing }],
    responsePartitionLimit: 1,
  })),
])

function from<Q extends Fields, S extends Fields>(
  api: Api<Q, S>,
  bodyOf: (version: number, world: World) => Request<Q>,
): [number, BodyOf] {
  return [api.key, (version, world) => api.request.encode(bodyOf(version, world), version)]
}

export const everyApi: readonly Api[] = apis as readonly Api[]
