import type { CoordinatorRecord, LogRecord } from './log-record.ts'
import { groupMetadata, legacyOffsetCommit, offsetCommit } from './records/classic-group-records.ts'
import {
  brokerRegistrationChangeRecord,
  fenceBrokerRecord,
  registerBrokerRecord,
  registerControllerRecord,
  unregisterBrokerRecord,
} from './records/cluster-metadata-broker-records.ts'
import {
  abortTransactionRecord,
  beginTransactionRecord,
  clientQuotaRecord,
  configRecord,
  endTransactionRecord,
  featureLevelRecord,
  noOpRecord,
  producerIdsRecord,
  unfenceBrokerRecord,
  zkMigrationStateRecord,
} from './records/cluster-metadata-records.ts'
import {
  accessControlEntryRecord,
  delegationTokenRecord,
  removeAccessControlEntryRecord,
  removeDelegationTokenRecord,
  removeUserScramCredentialRecord,
  userScramCredentialRecord,
} from './records/cluster-metadata-security-records.ts'
import {
  clearElrRecord,
  partitionChangeRecord,
  partitionRecord,
  removeTopicRecord,
  topicRecord,
} from './records/cluster-metadata-topic-records.ts'
import {
  consumerGroupCurrentMemberAssignment,
  consumerGroupMemberMetadata,
  consumerGroupMetadata,
  consumerGroupPartitionMetadata,
  consumerGroupRegularExpression,
  consumerGroupTargetAssignmentMember,
  consumerGroupTargetAssignmentMetadata,
} from './records/consumer-group-records.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from './records/consumer-protocol-records.ts'
import {
  controlRecordTypeSchema,
  endTxnMarker,
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  votersRecord,
} from './records/control-records.ts'
import { defaultPrincipalData, producerSnapshot, quorumStateData } from './records/file-records.ts'
import {
  remoteLogSegmentMetadataRecord,
  remoteLogSegmentMetadataSnapshotRecord,
  remoteLogSegmentMetadataUpdateRecord,
  remotePartitionDeleteMetadataRecord,
} from './records/remote-log-metadata-records.ts'
import {
  shareGroupCurrentMemberAssignment,
  shareGroupMemberMetadata,
  shareGroupMetadata,
  shareGroupPartitionMetadata,
  shareGroupStatePartitionMetadata,
  shareGroupTargetAssignmentMember,
  shareGroupTargetAssignmentMetadata,
} from './records/share-group-records.ts'
import { shareSnapshot, shareUpdate } from './records/share-state-records.ts'
import {
  streamsGroupCurrentMemberAssignment,
  streamsGroupMemberMetadata,
  streamsGroupMetadata,
  streamsGroupTargetAssignmentMember,
  streamsGroupTargetAssignmentMetadata,
  streamsGroupTopology,
} from './records/streams-group-records.ts'
import { transactionLog } from './records/transaction-state-records.ts'

/** Every kind of entry in `__consumer_offsets`. */
export const consumerOffsetsRecords: readonly CoordinatorRecord[] = [
  legacyOffsetCommit,
  offsetCommit,
  groupMetadata,
  consumerGroupMetadata,
  consumerGroupPartitionMetadata,
  consumerGroupMemberMetadata,
  consumerGroupTargetAssignmentMetadata,
  consumerGroupTargetAssignmentMember,
  consumerGroupCurrentMemberAssignment,
  consumerGroupRegularExpression,
  shareGroupPartitionMetadata,
  shareGroupMemberMetadata,
  shareGroupMetadata,
  shareGroupTargetAssignmentMetadata,
  shareGroupTargetAssignmentMember,
  shareGroupCurrentMemberAssignment,
  shareGroupStatePartitionMetadata,
  streamsGroupMetadata,
  streamsGroupMemberMetadata,
  streamsGroupTargetAssignmentMetadata,
  streamsGroupTargetAssignmentMember,
  streamsGroupCurrentMemberAssignment,
  streamsGroupTopology,
]

/** Every kind of entry in `__transaction_state`. */
export const transactionStateRecords: readonly CoordinatorRecord[] = [transactionLog]

/** Every kind of entry in `__share_group_state`. */
export const shareStateRecords: readonly CoordinatorRecord[] = [shareSnapshot, shareUpdate]

/** Every record of `__cluster_metadata` but its control records. */
export const clusterMetadataRecords: readonly LogRecord[] = [
  registerBrokerRecord,
  unregisterBrokerRecord,
  fenceBrokerRecord,
  brokerRegistrationChangeRecord,
  registerControllerRecord,
  topicRecord,
  partitionRecord,
  partitionChangeRecord,
  removeTopicRecord,
  clearElrRecord,
  delegationTokenRecord,
  userScramCredentialRecord,
  accessControlEntryRecord,
  removeAccessControlEntryRecord,
  removeUserScramCredentialRecord,
  removeDelegationTokenRecord,
  configRecord,
  unfenceBrokerRecord,
  featureLevelRecord,
  clientQuotaRecord,
  producerIdsRecord,
  noOpRecord,
  zkMigrationStateRecord,
  beginTransactionRecord,
  endTransactionRecord,
  abortTransactionRecord,
]

/** Every record of `__remote_log_metadata`. */
export const remoteLogMetadataRecords: readonly LogRecord[] = [
  remoteLogSegmentMetadataRecord,
  remoteLogSegmentMetadataUpdateRecord,
  remotePartitionDeleteMetadataRecord,
  remoteLogSegmentMetadataSnapshotRecord,
]

/** Records that are told apart by where they are found, not by a number. */
export const dataRecords: readonly LogRecord[] = [
  controlRecordTypeSchema,
  endTxnMarker,
  leaderChangeMessage,
  snapshotHeaderRecord,
  snapshotFooterRecord,
  kRaftVersionRecord,
  votersRecord,
  consumerProtocolSubscription,
  consumerProtocolAssignment,
  producerSnapshot,
  quorumStateData,
  defaultPrincipalData,
]

/** Finds a record by Kafka's name of it. */
export function findLogRecord(name: string): LogRecord | undefined {
  return everyLogRecord().find((candidate) => candidate.name === name)
}

function everyLogRecord(): LogRecord[] {
  const coordinators = [...consumerOffsetsRecords, ...transactionStateRecords, ...shareStateRecords]
  return [
    ...coordinators.flatMap(({ key, value }) => [key, value]),
    ...clusterMetadataRecords,
    ...remoteLogMetadataRecords,
    ...dataRecords,
  ]
}
