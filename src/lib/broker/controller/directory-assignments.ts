import { partitionChangeRecord } from '../../protocol/records/cluster-metadata-topic-records.ts'
import type { LiveTopic } from './controller.ts'
import { MIGRATING } from './directory-ids.ts'
import type { RecordVersions } from './record-versions.ts'

/** What Kafka's controller writes of AssignReplicasToDirs: a record for each partition that is somewhere else than it was. */
export function assignments(
  { topicId, partitions }: LiveTopic,
  directoryOf: ReadonlyMap<number, string>,
  nodeId: number,
  { partitionChange }: RecordVersions,
): Buffer[] {
  // Before there were any in the metadata, nobody is to be told.
  if (partitionChange === 0) return []
  const records: Buffer[] = []
  for (const [partitionId, directoryId] of directoryOf) {
    const image = partitions.get(partitionId)
    const index = image?.replicas.indexOf(nodeId) ?? -1
    if (image === undefined || index === -1 || image.directories[index] === directoryId) continue
    const directories = image.replicas.map((_, i) =>
      i === index ? directoryId : (image.directories[i] ?? MIGRATING),
    )
    records.push(partitionChangeRecord.encodeFramed({ partitionId, topicId, directories }, partitionChange))
  }
  return records
}
