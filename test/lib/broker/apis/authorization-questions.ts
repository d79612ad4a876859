/** Of whoever asks, in the order in which it is asked, as `OPERATION TYPE:name`. */
export interface ApiQuestions {
  readonly version: number
  readonly request: object
  readonly asks: readonly string[]
  /** The errors in the answer to somebody who may do nothing; none where things are left out of it. */
  readonly refusals: readonly string[]
}

const TOPIC = 'TOPIC_AUTHORIZATION_FAILED'
const GROUP = 'GROUP_AUTHORIZATION_FAILED'
const CLUSTER = 'CLUSTER_AUTHORIZATION_FAILED'
const TRANSACTION = 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'

const onCluster = (operation: string) => `${operation} CLUSTER:kafka-cluster`
const orders = { name: 'orders', partitions: [{ partitionIndex: 0 }] }
const producer = { producerId: 1n, producerEpoch: 0 }
const acl = { resourceType: 2, resourceName: 'x', resourcePatternType: 3, principal: 'User:a', host: '*' }

/** Brokers alone ask for it. */
const shareState = {
  request: { groupId: 'g', topics: [{ topicId: 'zzzzzzzzzzzzzzzzzzzzzw', partitions: [{ partition: 0 }] }] },
  asks: [onCluster('CLUSTER_ACTION')],
  refusals: [CLUSTER],
}

/** What anybody may ask. */
export const askedOfNobody: readonly string[] = [
  ...['ApiVersions', 'SaslHandshake', 'SaslAuthenticate'],
  // Without tokens there is nothing to be allowed.
  ...['CreateDelegationToken', 'RenewDelegationToken', 'ExpireDelegationToken', 'DescribeDelegationToken'],
]

/** For every other API that is served, what must be allowed to whoever asks it. */
export const questions: Readonly<Record<string, ApiQuestions>> = {
  AddOffsetsToTxn: {
    version: 3,
    request: { transactionalId: 't', groupId: 'g', ...producer },
    asks: ['WRITE TRANSACTIONAL_ID:t', 'READ GROUP:g'],
    refusals: [TRANSACTION],
  },
  AddPartitionsToTxn: {
    version: 3,
    request: {
      v3AndBelowTransactionalId: 't',
      v3AndBelowProducerId: 1n,
      v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
    },
    asks: ['WRITE TRANSACTIONAL_ID:t', 'WRITE TOPIC:orders'],
    refusals: [TRANSACTION],
  },
  AddRaftVoter: {
    version: 0,
    request: { clusterId: null, voterId: 2, listeners: [] },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
  AlterClientQuotas: {
    version: 1,
    request: {
      entries: [{ entity: [{ entityType: 'user', entityName: 'a' }], ops: [] }],
      validateOnly: true,
    },
    asks: [onCluster('ALTER_CONFIGS')],
    refusals: [CLUSTER],
  },
  AlterConfigs: {
    version: 2,
    request: {
      resources: [
        { resourceType: 2, resourceName: 'orders', configs: [] },
        { resourceType: 4, resourceName: '1', configs: [] },
        { resourceType: 32, resourceName: 'g', configs: [] },
      ],
      validateOnly: true,
    },
    asks: ['ALTER_CONFIGS TOPIC:orders', onCluster('ALTER_CONFIGS'), 'ALTER_CONFIGS GROUP:g'],
    refusals: [TOPIC, CLUSTER, GROUP],
  },
  AlterPartitionReassignments: {
    version: 0,
    request: {
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas: [1] }] }],
      timeoutMs: 9,
    },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER, CLUSTER],
  },
  AlterReplicaLogDirs: {
    version: 2,
    request: { dirs: [{ path: '/data', topics: [{ name: 'orders', partitions: [0] }] }] },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
  AlterShareGroupOffsets: {
    version: 0,
    request: { groupId: 'g', topics: [{ topicName: 'orders', partitions: [{ partitionIndex: 0 }] }] },
    asks: ['READ GROUP:g', 'READ TOPIC:orders'],
    refusals: [GROUP],
  },
  AlterUserScramCredentials: {
    version: 0,
    request: { deletions: [{ name: 'a', mechanism: 1 }] },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
  ConsumerGroupDescribe: {
    version: 1,
    request: { groupIds: ['g'] },
    asks: ['DESCRIBE GROUP:g'],
    refusals: [GROUP],
  },
  ConsumerGroupHeartbeat: {
    version: 1,
    request: { groupId: 'g', memberId: 'm', memberEpoch: -5, subscribedTopicNames: ['orders'] },
    asks: ['READ GROUP:g', 'DESCRIBE TOPIC:orders'],
    refusals: [GROUP],
  },
  CreateAcls: {
    version: 3,
    request: { creations: [{ ...acl, operation: 3, permissionType: 3 }] },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
  CreatePartitions: {
    version: 3,
    request: { topics: [{ name: 'orders', count: 2, assignments: null }], timeoutMs: 9, validateOnly: true },
    asks: ['ALTER TOPIC:orders'],
    refusals: [TOPIC],
  },
  CreateTopics: {
    version: 7,
    request: { topics: [{ name: 'new', numPartitions: 1, replicationFactor: 1 }], timeoutMs: 9 },
    asks: [onCluster('CREATE'), 'DESCRIBE_CONFIGS TOPIC:new'],
    refusals: [TOPIC],
  },
  DeleteAcls: {
    version: 3,
    request: { filters: [{ ...anyAcl() }] },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
  DeleteGroups: {
    version: 2,
    request: { groupsNames: ['g'] },
    asks: ['DELETE GROUP:g'],
    refusals: [GROUP],
  },
  DeleteRecords: {
    version: 2,
    request: { topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 0n }] }] },
    asks: ['DELETE TOPIC:orders'],
    refusals: [TOPIC],
  },
  DeleteShareGroupOffsets: {
    version: 0,
    request: { groupId: 'g', topics: [{ topicName: 'orders' }] },
    asks: ['DELETE GROUP:g', 'READ TOPIC:orders'],
    refusals: [GROUP],
  },
  DeleteShareGroupState: { version: 0, ...shareState },
  DeleteTopics: {
    version: 6,
    request: { topics: [{ name: 'gone' }], timeoutMs: 9 },
    asks: [onCluster('DELETE')],
    refusals: [TOPIC],
  },
  DescribeAcls: { version: 3, request: anyAcl(), asks: [onCluster('DESCRIBE')], refusals: [CLUSTER] },
  DescribeClientQuotas: {
    version: 1,
    request: { components: [] },
    asks: [onCluster('DESCRIBE_CONFIGS')],
    refusals: [CLUSTER],
  },
  DescribeCluster: {
    version: 1,
    request: { includeClusterAuthorizedOperations: true },
    asks: [
      onCluster('DESCRIBE'),
      ...['CREATE', 'ALTER', 'DESCRIBE', 'CLUSTER_ACTION', 'DESCRIBE_CONFIGS'].map(onCluster),
      ...['ALTER_CONFIGS', 'IDEMPOTENT_WRITE'].map(onCluster),
    ],
    refusals: [],
  },
  DescribeConfigs: {
    version: 4,
    request: {
      resources: [
        { resourceType: 2, resourceName: 'orders' },
        { resourceType: 4, resourceName: '1' },
        { resourceType: 8, resourceName: '1' },
        { resourceType: 16, resourceName: 'm' },
        { resourceType: 32, resourceName: 'g' },
      ],
    },
    asks: [
      'DESCRIBE_CONFIGS TOPIC:orders',
      onCluster('DESCRIBE_CONFIGS'),
      onCluster('DESCRIBE_CONFIGS'),
      onCluster('DESCRIBE_CONFIGS'),
      'DESCRIBE_CONFIGS GROUP:g',
    ],
    refusals: [TOPIC, CLUSTER, CLUSTER, CLUSTER, GROUP],
  },
  DescribeGroups: { version: 5, request: { groups: ['g'] }, asks: ['DESCRIBE GROUP:g'], refusals: [GROUP] },
  DescribeLogDirs: {
    version: 4,
    request: { topics: null },
    asks: [onCluster('DESCRIBE')],
    refusals: [CLUSTER],
  },
  DescribeProducers: {
    version: 0,
    request: { topics: [{ name: 'orders', partitionIndexes: [0] }] },
    asks: ['READ TOPIC:orders'],
    refusals: [TOPIC],
  },
  DescribeQuorum: {
    version: 2,
    request: { topics: [] },
    asks: [onCluster('DESCRIBE')],
    refusals: [CLUSTER],
  },
  DescribeShareGroupOffsets: {
    version: 0,
    request: { groups: [{ groupId: 'g', topics: [{ topicName: 'none', partitions: [0] }] }] },
    asks: ['DESCRIBE GROUP:g', 'DESCRIBE TOPIC:none'],
    refusals: [GROUP],
  },
  DescribeTopicPartitions: {
    version: 0,
    request: { topics: [{ name: 'none' }] },
    asks: [
      'DESCRIBE TOPIC:none',
      ...['READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'].map(
        (operation) => `${operation} TOPIC:none`,
      ),
    ],
    refusals: [TOPIC],
  },
  DescribeTransactions: {
    version: 0,
    request: { transactionalIds: ['t'] },
    asks: ['DESCRIBE TRANSACTIONAL_ID:t'],
    refusals: [TRANSACTION],
  },
  DescribeUserScramCredentials: {
    version: 0,
    request: { users: [{ name: 'a' }] },
    asks: [onCluster('DESCRIBE')],
    refusals: [CLUSTER, CLUSTER],
  },
  ElectLeaders: {
    version: 2,
    request: { topicPartitions: [{ topic: 'orders', partitions: [0] }], timeoutMs: 9 },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER, CLUSTER],
  },
  EndTxn: {
    version: 3,
    request: { transactionalId: 't', ...producer },
    asks: ['WRITE TRANSACTIONAL_ID:t'],
    refusals: [TRANSACTION],
  },
  Fetch: {
    version: 12,
    request: { topics: [{ topic: 'orders', partitions: [{ partition: 0 }] }], sessionEpoch: -1 },
    asks: ['READ TOPIC:orders'],
    refusals: [TOPIC],
  },
  FindCoordinator: {
    version: 4,
    request: { keyType: 0, coordinatorKeys: ['g'] },
    asks: ['DESCRIBE GROUP:g'],
    refusals: [GROUP],
  },
  Heartbeat: { version: 4, request: { groupId: 'g' }, asks: ['READ GROUP:g'], refusals: [GROUP] },
  IncrementalAlterConfigs: {
    version: 1,
    request: {
      resources: [
        { resourceType: 2, resourceName: 'orders', configs: [] },
        { resourceType: 8, resourceName: '1', configs: [] },
        { resourceType: 16, resourceName: 'm', configs: [] },
      ],
      validateOnly: true,
    },
    asks: ['ALTER_CONFIGS TOPIC:orders', onCluster('ALTER_CONFIGS'), onCluster('ALTER_CONFIGS')],
    refusals: [TOPIC, CLUSTER, CLUSTER],
  },
  InitProducerId: {
    version: 4,
    request: { transactionalId: null, transactionTimeoutMs: 9, producerId: 5n, producerEpoch: -1 },
    asks: [onCluster('IDEMPOTENT_WRITE')],
    refusals: [CLUSTER],
  },
  InitializeShareGroupState: { version: 0, ...shareState },
  JoinGroup: {
    version: 9,
    request: { groupId: 'g', sessionTimeoutMs: 1 },
    asks: ['READ GROUP:g'],
    refusals: [GROUP],
  },
  LeaveGroup: { version: 5, request: { groupId: 'g' }, asks: ['READ GROUP:g'], refusals: [GROUP] },
  ListConfigResources: {
    version: 1,
    request: {},
    asks: [onCluster('DESCRIBE_CONFIGS')],
    refusals: [CLUSTER],
  },
  ListGroups: { version: 5, request: {}, asks: [onCluster('DESCRIBE')], refusals: [] },
  ListOffsets: {
    version: 9,
    request: { replicaId: -1, topics: [{ ...orders, partitions: [{ partitionIndex: 0, timestamp: -1n }] }] },
    asks: ['DESCRIBE TOPIC:orders'],
    refusals: [TOPIC],
  },
  ListPartitionReassignments: {
    version: 0,
    request: { topics: null },
    asks: [onCluster('DESCRIBE')],
    refusals: [CLUSTER],
  },
  ListTransactions: { version: 1, request: { durationFilter: -1n }, asks: [], refusals: [] },
  Metadata: {
    version: 12,
    request: { topics: [{ name: 'new' }], allowAutoTopicCreation: true },
    asks: ['DESCRIBE TOPIC:new', onCluster('CREATE')],
    refusals: [TOPIC],
  },
  OffsetCommit: {
    version: 9,
    request: { groupId: 'g', topics: [orders] },
    asks: ['READ GROUP:g', 'READ TOPIC:orders'],
    refusals: [GROUP],
  },
  OffsetDelete: {
    version: 0,
    request: { groupId: 'g', topics: [orders] },
    asks: ['DELETE GROUP:g', 'READ TOPIC:orders'],
    refusals: [GROUP],
  },
  OffsetFetch: {
    version: 9,
    request: { groups: [{ groupId: 'g', topics: [{ name: 'orders', partitionIndexes: [0] }] }] },
    asks: ['DESCRIBE GROUP:g', 'DESCRIBE TOPIC:orders'],
    refusals: [GROUP],
  },
  OffsetForLeaderEpoch: {
    version: 4,
    request: { replicaId: -1, topics: [{ topic: 'orders', partitions: [{ partition: 0 }] }] },
    asks: [onCluster('CLUSTER_ACTION')],
    refusals: [TOPIC],
  },
  Produce: {
    version: 12,
    request: {
      acks: 1,
      topicData: [{ name: 'orders', partitionData: [{ index: 0, records: Buffer.alloc(0) }] }],
    },
    asks: ['WRITE TOPIC:orders'],
    refusals: [TOPIC],
  },
  ReadShareGroupState: { version: 0, ...shareState },
  ReadShareGroupStateSummary: { version: 0, ...shareState },
  RemoveRaftVoter: {
    version: 0,
    request: { clusterId: null, voterId: 2 },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
  ShareAcknowledge: {
    version: 1,
    request: { groupId: 'g', memberId: 'm', shareSessionEpoch: 1 },
    asks: ['READ GROUP:g'],
    refusals: [GROUP],
  },
  ShareFetch: {
    version: 1,
    request: { groupId: 'g', memberId: 'm', shareSessionEpoch: 1 },
    asks: ['READ GROUP:g'],
    refusals: [GROUP],
  },
  ShareGroupDescribe: {
    version: 1,
    request: { groupIds: ['g'] },
    asks: ['DESCRIBE GROUP:g'],
    refusals: [GROUP],
  },
  ShareGroupHeartbeat: {
    version: 1,
    request: { groupId: 'g', memberId: 'm', memberEpoch: -5, subscribedTopicNames: ['orders'] },
    asks: ['READ GROUP:g', 'DESCRIBE TOPIC:orders'],
    refusals: [GROUP],
  },
  SyncGroup: {
    version: 5,
    request: { groupId: 'g', protocolType: 'consumer', protocolName: 'range' },
    asks: ['READ GROUP:g'],
    refusals: [GROUP],
  },
  TxnOffsetCommit: {
    version: 4,
    request: { transactionalId: 't', groupId: 'g', ...producer, topics: [orders] },
    asks: ['WRITE TRANSACTIONAL_ID:t', 'READ GROUP:g', 'READ TOPIC:orders'],
    refusals: [TRANSACTION],
  },
  UnregisterBroker: {
    version: 0,
    request: { brokerId: 99 },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
  UpdateFeatures: {
    version: 1,
    request: { featureUpdates: [], validateOnly: true },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
  WriteShareGroupState: { version: 0, ...shareState },
  WriteTxnMarkers: {
    version: 1,
    request: { markers: [{ ...producer, topics: [{ name: 'none', partitionIndexes: [0] }] }] },
    asks: [onCluster('ALTER')],
    refusals: [CLUSTER],
  },
}

function anyAcl() {
  return { resourceTypeFilter: 1, patternTypeFilter: 1, operation: 1, permissionType: 1 }
}
