import type { ConfigResourceType } from '../../log/cluster/metadata-image.ts'
import { tagKeys, UnknownTags } from '../../log/cluster/unknown-tags.ts'
import { configRecord } from '../../protocol/records/cluster-metadata-records.ts'
import { partitionRecord, topicRecord } from '../../protocol/records/cluster-metadata-topic-records.ts'
import type { RecordVersions } from './record-versions.ts'

export function newTopic(name: string, topicId: string): Buffer {
  return topicRecord.encodeFramed({ name, topicId }, 0)
}

interface NewPartitions {
  readonly topicId: string
  /** Of the first of them. */
  readonly from: number
  readonly replicas: readonly (readonly number[])[]
  readonly directoryId: string
}

/** All replicas are in sync, the first one leads. */
export function newPartitions(given: NewPartitions, versions: RecordVersions): Buffer[] {
  const { topicId, from, replicas, directoryId } = given
  return replicas.map((ids, i) =>
    partitionRecord.encodeFramed(
      {
        partitionId: from + i,
        topicId,
        replicas: [...ids],
        isr: [...ids],
        leader: ids[0] ?? -1,
        leaderEpoch: 0,
        partitionEpoch: 0,
        ...(versions.partition >= 1 ? { directories: ids.map(() => directoryId) } : {}),
      },
      versions.partition,
    ),
  )
}

const resourceTypes: Readonly<Record<ConfigResourceType, number>> = {
  topic: 2,
  broker: 4,
  'client-metrics': 16,
  group: 32,
}

export function configChanges(
  type: ConfigResourceType,
  resourceName: string,
  changes: ReadonlyMap<string, string | null>,
  /** Of the records that were there before. */
  tags = new UnknownTags(),
): Buffer[] {
  return [...changes].map(([name, value]) => {
    const kept = tags.of(tagKeys.config(type, resourceName, name))
    return configRecord.encodeFramed(
      { resourceType: resourceTypes[type], resourceName, name, value, ...kept },
      0,
    )
  })
}
