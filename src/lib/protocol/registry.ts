import type { Api } from './api.ts'
import { addOffsetsToTxn } from './apis/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from './apis/add-partitions-to-txn.ts'
import { addRaftVoter } from './apis/add-raft-voter.ts'
import { allocateProducerIds } from './apis/allocate-producer-ids.ts'
import { alterClientQuotas } from './apis/alter-client-quotas.ts'
import { alterConfigs } from './apis/alter-configs.ts'
import { alterPartition } from './apis/alter-partition.ts'
import { alterPartitionReassignments } from './apis/alter-partition-reassignments.ts'
import { alterReplicaLogDirs } from './apis/alter-replica-log-dirs.ts'
import { alterShareGroupOffsets } from './apis/alter-share-group-offsets.ts'
import { alterUserScramCredentials } from './apis/alter-user-scram-credentials.ts'
import { apiVersions } from './apis/api-versions.ts'
import { assignReplicasToDirs } from './apis/assign-replicas-to-dirs.ts'
import { beginQuorumEpoch } from './apis/begin-quorum-epoch.ts'
import { brokerHeartbeat } from './apis/broker-heartbeat.ts'
import { brokerRegistration } from './apis/broker-registration.ts'
import { consumerGroupDescribe } from './apis/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from './apis/consumer-group-heartbeat.ts'
import { controlledShutdown } from './apis/controlled-shutdown.ts'
import { controllerRegistration } from './apis/controller-registration.ts'
import { createAcls } from './apis/create-acls.ts'
import { createDelegationToken } from './apis/create-delegation-token.ts'
import { createPartitions } from './apis/create-partitions.ts'
import { createTopics } from './apis/create-topics.ts'
import { deleteAcls } from './apis/delete-acls.ts'
import { deleteGroups } from './apis/delete-groups.ts'
import { deleteRecords } from './apis/delete-records.ts'
import { deleteShareGroupOffsets } from './apis/delete-share-group-offsets.ts'
import { deleteShareGroupState } from './apis/delete-share-group-state.ts'
import { deleteTopics } from './apis/delete-topics.ts'
import { describeAcls } from './apis/describe-acls.ts'
import { describeClientQuotas } from './apis/describe-client-quotas.ts'
import { describeCluster } from './apis/describe-cluster.ts'
import { describeConfigs } from './apis/describe-configs.ts'
import { describeDelegationToken } from './apis/describe-delegation-token.ts'
import { describeGroups } from './apis/describe-groups.ts'
import { describeLogDirs } from './apis/describe-log-dirs.ts'
import { describeProducers } from './apis/describe-producers.ts'
import { describeQuorum } from './apis/describe-quorum.ts'
import { describeShareGroupOffsets } from './apis/describe-share-group-offsets.ts'
import { describeTopicPartitions } from './apis/describe-topic-partitions.ts'
import { describeTransactions } from './apis/describe-transactions.ts'
import { describeUserScramCredentials } from './apis/describe-user-scram-credentials.ts'
import { electLeaders } from './apis/elect-leaders.ts'
import { endQuorumEpoch } from './apis/end-quorum-epoch.ts'
import { endTxn } from './apis/end-txn.ts'
import { envelope } from './apis/envelope.ts'
import { expireDelegationToken } from './apis/expire-delegation-token.ts'
import { fetch } from './apis/fetch.ts'
import { fetchSnapshot } from './apis/fetch-snapshot.ts'
import { findCoordinator } from './apis/find-coordinator.ts'
import { getTelemetrySubscriptions } from './apis/get-telemetry-subscriptions.ts'
import { heartbeat } from './apis/heartbeat.ts'
import { incrementalAlterConfigs } from './apis/incremental-alter-configs.ts'
import { initProducerId } from './apis/init-producer-id.ts'
import { initializeShareGroupState } from './apis/initialize-share-group-state.ts'
import { joinGroup } from './apis/join-group.ts'
import { leaderAndIsr } from './apis/leader-and-isr.ts'
import { leaveGroup } from './apis/leave-group.ts'
import { listClientMetricsResources, listConfigResources } from './apis/list-config-resources.ts'
import { listGroups } from './apis/list-groups.ts'
import { listOffsets } from './apis/list-offsets.ts'
import { listPartitionReassignments } from './apis/list-partition-reassignments.ts'
import { listTransactions } from './apis/list-transactions.ts'
import { metadata } from './apis/metadata.ts'
import { offsetCommit } from './apis/offset-commit.ts'
import { offsetDelete } from './apis/offset-delete.ts'
import { offsetFetch } from './apis/offset-fetch.ts'
import { offsetForLeaderEpoch } from './apis/offset-for-leader-epoch.ts'
import { produce } from './apis/produce.ts'
import { pushTelemetry } from './apis/push-telemetry.ts'
import { readShareGroupState } from './apis/read-share-group-state.ts'
import { readShareGroupStateSummary } from './apis/read-share-group-state-summary.ts'
import { removeRaftVoter } from './apis/remove-raft-voter.ts'
import { renewDelegationToken } from './apis/renew-delegation-token.ts'
import { saslAuthenticate } from './apis/sasl-authenticate.ts'
import { saslHandshake } from './apis/sasl-handshake.ts'
import { shareAcknowledge } from './apis/share-acknowledge.ts'
import { shareFetch } from './apis/share-fetch.ts'
import { shareGroupDescribe } from './apis/share-group-describe.ts'
import { shareGroupHeartbeat } from './apis/share-group-heartbeat.ts'
import { stopReplica } from './apis/stop-replica.ts'
import { streamsGroupDescribe } from './apis/streams-group-describe.ts'
import { streamsGroupHeartbeat } from './apis/streams-group-heartbeat.ts'
import { syncGroup } from './apis/sync-group.ts'
import { txnOffsetCommit } from './apis/txn-offset-commit.ts'
import { unregisterBroker } from './apis/unregister-broker.ts'
import { updateFeatures } from './apis/update-features.ts'
import { updateMetadata } from './apis/update-metadata.ts'
import { updateRaftVoter } from './apis/update-raft-voter.ts'
import { vote } from './apis/vote.ts'
import { writeShareGroupState } from './apis/write-share-group-state.ts'
import { writeTxnMarkers } from './apis/write-txn-markers.ts'

/** Every API that Kafka has or had, in the order of their keys. */
export const apis = [
  produce,
  fetch,
  listOffsets,
  metadata,
  leaderAndIsr,
  stopReplica,
  updateMetadata,
  controlledShutdown,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  writeTxnMarkers,
  txnOffsetCommit,
  describeAcls,
  createAcls,
  deleteAcls,
  describeConfigs,
  alterConfigs,
  alterReplicaLogDirs,
  describeLogDirs,
  saslAuthenticate,
  createPartitions,
  createDelegationToken,
  renewDelegationToken,
  expireDelegationToken,
  describeDelegationToken,
  deleteGroups,
  electLeaders,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeClientQuotas,
  alterClientQuotas,
  describeUserScramCredentials,
  alterUserScramCredentials,
  vote,
  beginQuorumEpoch,
  endQuorumEpoch,
  describeQuorum,
  alterPartition,
  updateFeatures,
  envelope,
  fetchSnapshot,
  describeCluster,
  describeProducers,
  brokerRegistration,
  brokerHeartbeat,
  unregisterBroker,
  describeTransactions,
  listTransactions,
  allocateProducerIds,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
  controllerRegistration,
  getTelemetrySubscriptions,
  pushTelemetry,
  assignReplicasToDirs,
  listConfigResources,
  describeTopicPartitions,
  shareGroupHeartbeat,
  shareGroupDescribe,
  shareFetch,
  shareAcknowledge,
  addRaftVoter,
  removeRaftVoter,
  updateRaftVoter,
  initializeShareGroupState,
  readShareGroupState,
  writeShareGroupState,
  deleteShareGroupState,
  readShareGroupStateSummary,
  streamsGroupHeartbeat,
  streamsGroupDescribe,
  describeShareGroupOffsets,
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
] as const

/** Former names of APIs; they share key and bytes with what they became. */
export const formerApis = [listClientMetricsResources] as const

/** By name, whatever its case, or by key. */
export function findApi(name: string): Api | undefined {
  if (/^\d+$/.test(name)) return apiOf(Number(name))
  return everyApi().find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
}

export function apiOf(key: number): Api | undefined {
  return (apis as readonly Api[]).find((candidate) => candidate.key === key)
}

function everyApi(): readonly Api[] {
  return [...apis, ...formerApis]
}

/** APIs whose names somebody may have meant. */
export function similarApis(name: string): string[] {
  const wanted = name.toLowerCase()
  if (wanted.length < 3) return []
  return everyApi()
    .map((candidate) => candidate.name)
    .filter(
      (candidate) => candidate.toLowerCase().includes(wanted) || wanted.includes(candidate.toLowerCase()),
    )
}
