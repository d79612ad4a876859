import { NO_LEADER, type PartitionImage } from '../../log/cluster/metadata-image.ts'
import { errorCodes } from '../../protocol/error-codes.ts'

export const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** What all answers say of a partition in the same way. */
export function partitionParts({ partition, leader, leaderEpoch, replicas, isr }: PartitionImage) {
  return {
    errorCode: leader === NO_LEADER ? errorCodes.LEADER_NOT_AVAILABLE : errorCodes.NONE,
    partitionIndex: partition,
    leaderId: leader,
    leaderEpoch,
    replicaNodes: [...replicas],
    isrNodes: [...isr],
    offlineReplicas: [],
  }
}

/** By their numbers. */
export function sortedPartitions(partitions: ReadonlyMap<number, PartitionImage>): PartitionImage[] {
  return [...partitions.values()].sort((a, b) => a.partition - b.partition)
}
