import type { PartitionImage } from '../../log/cluster/metadata-image.ts'
import type { MetadataState } from '../../log/cluster/metadata-state.ts'
import { tagKeys } from '../../log/cluster/unknown-tags.ts'
import { registerBrokerRecord } from '../../protocol/records/cluster-metadata-broker-records.ts'
import { featureLevelRecord, producerIdsRecord } from '../../protocol/records/cluster-metadata-records.ts'
import { partitionRecord, topicRecord } from '../../protocol/records/cluster-metadata-topic-records.ts'
import type { KeptRecords } from './kept-records.ts'
import { type RecordVersions, recordVersionsOf } from './record-versions.ts'
import { configChanges } from './topic-records.ts'

/** The shortest records that make this state, in the order in which Kafka writes a snapshot. */
export function snapshotRecords(state: MetadataState, kept: KeptRecords): Buffer[] {
  const versions = recordVersionsOf(state.features.get('metadata.version') ?? 0)
  return [
    ...features(state),
    ...[...kept.brokers.values()].map((said) =>
      registerBrokerRecord.encodeFramed(said, versions.registerBroker),
    ),
    ...(versions.hasControllerRegistrations ? kept.controllers.values() : []),
    ...topics(state, versions),
    ...configs(state),
    ...kept.ofKind('quota'),
    ...producerIds(state),
    ...kept.ofKind('acl'),
    ...kept.ofKind('scram'),
    ...kept.ofKind('token'),
    ...kept.ofKind('migration'),
  ]
}

/** The metadata version first: it says how the others are to be read. That of KRaft is a record of the quorum. */
function features({ features, tags }: MetadataState): Buffer[] {
  const first = 'metadata.version'
  const names = [...features.keys()].filter((name) => name !== first && name !== 'kraft.version').sort()
  return [first, ...names].flatMap((name) => {
    const featureLevel = features.get(name)
    if (featureLevel === undefined) return []
    return [featureLevelRecord.encodeFramed({ name, featureLevel, ...tags.of(tagKeys.feature(name)) }, 0)]
  })
}

function topics(state: MetadataState, versions: RecordVersions): Buffer[] {
  return [...state.topicsByName().values()].flatMap(({ name, topicId, partitions }) => [
    topicRecord.encodeFramed({ name, topicId, ...state.tags.of(tagKeys.topic(topicId)) }, 0),
    ...[...partitions.values()].map((partition) => partitionAsItIs(state, topicId, partition, versions)),
  ])
}

function partitionAsItIs(
  { tags }: MetadataState,
  topicId: string,
  partition: PartitionImage,
  versions: RecordVersions,
): Buffer {
  const { replicas, isr, removingReplicas, addingReplicas, directories, elr, lastKnownElr } = partition
  const fields = {
    partitionId: partition.partition,
    topicId,
    replicas: [...replicas],
    isr: [...isr],
    removingReplicas: [...removingReplicas],
    addingReplicas: [...addingReplicas],
    leader: partition.leader,
    leaderRecoveryState: partition.isRecovering ? 1 : 0,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    ...(versions.partition >= 1 ? { directories: [...directories] } : {}),
    ...(elr.length > 0 ? { eligibleLeaderReplicas: [...elr] } : {}),
    ...(lastKnownElr.length > 0 ? { lastKnownElr: [...lastKnownElr] } : {}),
    ...tags.of(tagKeys.partition({ topicId, partitionId: partition.partition })),
  }
  return partitionRecord.encodeFramed(fields, versions.partition)
}

function configs(state: MetadataState): Buffer[] {
  return [...state.configs].flatMap(([type, resources]) =>
    [...resources].flatMap(([name, values]) => configChanges(type, name, values, state.tags)),
  )
}

function producerIds({ nextProducerId, tags }: MetadataState): Buffer[] {
  if (nextProducerId === null) return []
  const fields = { brokerId: -1, nextProducerId: BigInt(nextProducerId), ...tags.of(tagKeys.producerIds) }
  return [producerIdsRecord.encodeFramed(fields, 0)]
}
