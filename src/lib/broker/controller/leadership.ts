import { NO_LEADER, type PartitionImage } from '../../log/cluster/metadata-image.ts'
import { partitionChangeRecord } from '../../protocol/records/cluster-metadata-topic-records.ts'
import type { LiveTopic } from './controller.ts'
import type { RecordVersions } from './record-versions.ts'

type Change = Parameters<typeof partitionChangeRecord.encodeFramed>[0]

/** What becomes of each partition of the topics; null leaves it as it is. */
function changes(
  topics: readonly LiveTopic[],
  versions: RecordVersions,
  changeOf: (partition: PartitionImage) => Change | null,
): Buffer[] {
  const records: Buffer[] = []
  for (const { topicId, partitions } of topics) {
    for (const [partitionId, partition] of partitions) {
      const change = changeOf(partition)
      if (change === null) continue
      records.push(
        partitionChangeRecord.encodeFramed({ topicId, partitionId, ...change }, versions.partitionChange),
      )
    }
  }
  return records
}

/** A broker is there again: it leads what has no leader and what it was the last in sync of. */
export function takingLeadership(
  topics: readonly LiveTopic[],
  nodeId: number,
  versions: RecordVersions,
): Buffer[] {
  return changes(topics, versions, ({ leader, isr, elr, lastKnownElr }) => {
    if (leader !== NO_LEADER) return null
    if (isr.includes(nodeId)) return { leader: nodeId }
    if (!elr.includes(nodeId)) return null
    const left = elr.filter((id) => id !== nodeId)
    return {
      isr: [...isr, nodeId],
      leader: nodeId,
      eligibleLeaderReplicas: left,
      ...(lastKnownElr.length > 0 ? { lastKnownElr: [] } : {}),
    }
  })
}

/**
 * A broker goes, and with it the leader. The last one in sync stays that, unless the cluster keeps lists of
 * eligible leaders (KIP-966), where it goes over into that list.
 */
export function leavingLeadership(
  topics: readonly LiveTopic[],
  nodeId: number,
  versions: RecordVersions,
  keepsEligibleLeaders: boolean,
): Buffer[] {
  return changes(topics, versions, ({ leader, isr }) => {
    if (leader !== nodeId) return null
    if (!keepsEligibleLeaders || isr.some((id) => id !== nodeId)) return { leader: NO_LEADER }
    return { isr: [], leader: NO_LEADER, eligibleLeaderReplicas: [nodeId], lastKnownElr: [nodeId] }
  })
}
