import type { Words } from './random-world.ts'

const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const booleans: Words = () => [true, false]
const resourceTypes: Words = () => [0, 1, 2, 3, 4, 5, 6, 7, 8, 99]
const patternTypes: Words = () => [0, 1, 2, 3, 4, 5]
const operations: Words = () => [0, 1, 2, 3, 8, 14, 15, 16, -1]
const permissions: Words = () => [0, 1, 2, 3, 4]
const principals: Words = () => ['User:d', 'User:*', 'd', '', 'Group:d']
const hosts: Words = () => ['*', '127.0.0.1', '']
const entityTypes: Words = () => ['user', 'user', 'client-id', 'client-id', 'ip', 'group', '']
const entityNames: Words = ({ groups }) => [groups[0] ?? '', groups[1] ?? '', '', '10.1.2.3', '1.2.3']
const topicNames: Words = ({ topics, missing }) => [...topics, ...topics, missing, 'no good!', '']
const partitions: Words = () => [0, 0, 1, 2, 7, -1]
const replicas: Words = () => [1, 1, 1, 2, -1]
const voters: Readonly<Record<string, Words>> = {
  clusterId: () => [null, null, 'another'],
  voterId: () => [1, 2, -1],
  voterDirectoryId: () => [ZERO_ID, 'q8iZvJ5TQZmJ3mJm0aYxXA'],
  currentLeaderEpoch: () => [0, 1, -1],
  name: () => ['CONTROLLER', 'OTHER'],
  host: () => ['127.0.0.1', ''],
  port: () => [1, 9093],
}
const acls: Readonly<Record<string, Words>> = {
  resourceType: resourceTypes,
  resourceTypeFilter: resourceTypes,
  resourceName: topicNames,
  resourceNameFilter: topicNames,
  resourcePatternType: patternTypes,
  patternTypeFilter: patternTypes,
  principal: principals,
  principalFilter: principals,
  host: hosts,
  hostFilter: hosts,
  operation: operations,
  permissionType: permissions,
}
const configs: Readonly<Record<string, Words>> = {
  // Those of brokers have tests of their own, and stay.
  resourceType: () => [2, 2, 2, 2, 16, 32, 0, 3, 64],
  resourceName: (world, draw) => [...topicNames(world, draw), ...world.groups],
  configOperation: () => [0, 0, 1, 2, 3, 4, -1],
  'configurationKeys[]': () => [
    ...['retention.ms', 'cleanup.policy', 'max.message.bytes', 'd-none', ''],
    ...['consumer.session.timeout.ms', 'share.auto.offset.reset', 'interval.ms'],
  ],
}

export const adminVocabulary: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  CreateAcls: acls,
  DescribeAcls: acls,
  DeleteAcls: acls,
  DescribeConfigs: configs,
  AlterConfigs: configs,
  IncrementalAlterConfigs: configs,
  ListConfigResources: { 'resourceTypes[]': () => [2, 4, 8, 16, 32, 0, 3, -1] },
  DescribeClientQuotas: {
    entityType: entityTypes,
    matchType: () => [0, 0, 0, 1, 2, 3, -1],
    match: (world, draw) => [null, ...entityNames(world, draw)],
    strict: booleans,
  },
  AlterClientQuotas: {
    entityType: entityTypes,
    entityName: (world, draw) => [null, ...entityNames(world, draw)],
    key: () => [
      ...['producer_byte_rate', 'producer_byte_rate', 'consumer_byte_rate', 'request_percentage'],
      ...['controller_mutation_rate', 'connection_creation_rate', 'none', ''],
    ],
    value: () => [1, 1e9, 1e9, 0, -1, 1.5, 0.1, 1e300],
    remove: () => [false, false, true],
  },
  DescribeUserScramCredentials: { name: ({ groups }) => [...groups, ''] },
  AlterUserScramCredentials: {
    name: ({ groups }) => [...groups, ...groups, ''],
    mechanism: () => [0, 1, 1, 2, 2, 3, -1],
    iterations: () => [4096, 4096, 8192, 4095, 16_385, 0, -1],
  },
  ElectLeaders: { electionType: () => [0, 0, 1, 2, -1], 'partitions[]': partitions },
  AlterPartitionReassignments: { 'replicas[]': replicas },
  ListPartitionReassignments: { 'partitionIndexes[]': partitions },
  AlterReplicaLogDirs: { path: () => ['/nowhere', '', 'relative'] },
  DescribeQuorum: {
    // Of the one partition that there is both speak of times and of offsets.
    topicName: (world, draw) => ['__cluster_metadata', ...topicNames(world, draw)],
    partitionIndex: () => [1, 1, 2, -1],
  },
  // Either cluster has this one broker, and keeps it.
  UnregisterBroker: { brokerId: () => [2, 99, -1, 2_147_483_647] },
  UpdateFeatures: {
    feature: () => [
      ...['metadata.version', 'kraft.version', 'transaction.version', 'group.version', 'share.version'],
      ...['eligible.leader.replicas.version', 'streams.version', 'none', ''],
    ],
    maxVersionLevel: () => [-1, 0, 0, 1, 1, 2, 3, 7, 25, 29, 30, 31, 32_767],
    upgradeType: () => [0, 1, 1, 2, 3, 4, -1],
    allowDowngrade: booleans,
    validateOnly: () => [true],
  },
  AddRaftVoter: voters,
  RemoveRaftVoter: voters,
  UpdateRaftVoter: voters,
  ConsumerGroupHeartbeat: {
    memberId: () => ['', 'q8iZvJ5TQZmJ3mJm0aYxXA', 'q8iZvJ5TQZmJ3mJm0aYxXA', 'nobody'],
    memberEpoch: () => [-2, -1, 0, 0, 0, 1, 2, 7],
    instanceId: () => [null, null, 'd-instance', ''],
    rackId: () => [null, 'r', ''],
    rebalanceTimeoutMs: () => [-1, 1000, 60_000, 0],
    'subscribedTopicNames[]': topicNames,
    subscribedTopicRegex: () => [null, null, '', 'd.*-a', '(', '.*'],
    serverAssignor: () => [null, null, 'uniform', 'range', 'none', ''],
    'partitions[]': partitions,
  },
  CreateDelegationToken: {
    principalType: () => ['User', 'Group', ''],
    principalName: () => ['d', ''],
    ownerPrincipalType: () => [null, 'User', 'Group'],
    ownerPrincipalName: () => [null, 'd', ''],
    maxLifetimeMs: () => [-1, 0, 1000, 1e12],
  },
  ApiVersions: {
    clientSoftwareName: () => ['differential', 'd-1.2', '', '-bad', 'bad-', 'no good', 'ü'],
    clientSoftwareVersion: () => ['1', '1.0', '', 'no good', '_'],
  },
  SaslHandshake: { mechanism: () => ['PLAIN', 'SCRAM-SHA-256', 'none', ''] },
}
