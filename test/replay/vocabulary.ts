import { randomRecords } from './drawn-records.ts'
import type { JsonObject } from './messages.ts'
import type { Words } from './random-world.ts'
import { adminVocabulary } from './vocabulary-of-admins.ts'
import { shareVocabulary } from './vocabulary-of-share-groups.ts'

const NOBODY = 987_654_321
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

const topicNames: Words = ({ topics, missing, internalTopics }) => [
  ...topics,
  ...topics,
  ...internalTopics,
  missing,
  'no good!',
  '',
]
const topicIds: Words = ({ topicIds }) => [...topicIds, ...topicIds, ZERO_ID, 'zzzzzzzzzzzzzzzzzzzzzw']
const partitions: Words = () => [0, 0, 0, 1, 1, 2, 7, -1]
const offsets: Words = () => [0, 0, 1, 2, 5, 1000, -1, -2]
const epochs: Words = () => [-1, -1, -1, 0, 0, 1, 5]
const groups: Words = ({ groups }) => [...groups, ...groups, '']
const members: Words = ({ memberIds }) => ['', ...memberIds.slice(-4), 'd-nobody']
const ids: Words = ({ transactionalIds }) => [...transactionalIds, ...transactionalIds, '']
const booleans: Words = () => [true, false]
const generations: Words = () => [-1, 0, 1, 1, 2, 9]

export const topicConfigs: readonly JsonObject[] = [
  { name: 'retention.ms', value: '1000' },
  { name: 'retention.ms', value: 'long' },
  { name: 'cleanup.policy', value: 'compact,delete' },
  { name: 'compression.type', value: null },
  { name: 'max.message.bytes', value: '-1' },
  { name: 'd-none', value: 'x' },
]

const vocabulary: Readonly<Record<string, Words>> = {
  name: topicNames,
  topic: topicNames,
  topicName: topicNames,
  'topics[]': topicNames,
  'topicNames[]': topicNames,
  topicId: topicIds,
  partitionIndex: partitions,
  index: partitions,
  partition: partitions,
  'partitionIndexes[]': partitions,
  'partitions[]': partitions,
  fetchOffset: offsets,
  offset: offsets,
  committedOffset: offsets,
  logStartOffset: () => [-1],
  currentLeaderEpoch: epochs,
  leaderEpoch: epochs,
  lastFetchedEpoch: epochs,
  committedLeaderEpoch: epochs,
  // None that is too long: where nothing else is committed, Kafka knows the group in some answers and not in others.
  committedMetadata: () => ['', 'm', null],
  groupId: groups,
  'groups[]': groups,
  'groupsNames[]': groups,
  key: groups,
  'coordinatorKeys[]': groups,
  keyType: () => [0, 0, 1, 2, 9],
  memberId: members,
  groupInstanceId: () => [null, null, null, 'd-instance'],
  generationId: generations,
  generationIdOrMemberEpoch: generations,
  memberEpoch: () => [-1, -1, 0, 1],
  protocolType: () => ['consumer', 'consumer', 'other', ''],
  protocolName: () => ['range', 'range', 'other', null],
  sessionTimeoutMs: () => [6000, 10_000, 1],
  rebalanceTimeoutMs: () => [300, 300, 6000],
  reason: () => [null, 'because'],
  retentionTimeMs: () => [-1],
  transactionalId: ids,
  v3AndBelowTransactionalId: ids,
  'transactionalIds[]': ids,
  // Not so short that both brokers would abort a transaction, each in its own time.
  transactionTimeoutMs: () => [600_000, 60_000, 0, 2_000_000_000],
  // None that only one of the brokers has given out.
  producerId: () => [-1, 4_711_000],
  producerEpoch: () => [-1, 0, 1],
  v3AndBelowProducerId: () => [-1, 4_711_000],
  v3AndBelowProducerEpoch: () => [-1, 0, 1],
  committed: booleans,
  requireStable: booleans,
  verifyOnly: booleans,
  acks: () => [1, 1, -1, -1, 2],
  timeoutMs: () => [500, 500, 500, 500, 0],
  maxWaitMs: () => [0, 10],
  minBytes: () => [0, 1, 100_000],
  maxBytes: () => [0, 100, 1_000_000],
  partitionMaxBytes: () => [0, 100, 1_000_000],
  isolationLevel: () => [0, 1],
  replicaId: () => [-1, -1, -2],
  replicaState: () => [],
  clusterId: () => [null],
  rackId: () => [''],
  sessionId: ({ sessionIds }) => [0, 0, ...sessionIds.slice(-2), 12345],
  sessionEpoch: () => [-1, -1, 0, 0, 1, 2],
  timestamp: ({ nowMs }) => [-1, -2, -3, -4, -5, -6, -7, 0, 1000, nowMs, nowMs + 1e9],
  maxNumOffsets: () => [1],
  allowAutoTopicCreation: () => [false],
  statesFilter: () => [[]],
  'statesFilter[]': () => ['Empty', 'Stable', 'Dead', 'nope'],
  'stateFilters[]': () => ['Empty', 'Ongoing', 'CompleteCommit', 'nope'],
  'typesFilter[]': () => ['classic', 'consumer', 'nope'],
  'producerIdFilters[]': () => [NOBODY],
  durationFilter: () => [-1, 0, 10_000_000],
  transactionalIdPattern: () => [null, 'd-.*', '('],
  clientSoftwareName: () => ['differential'],
  clientSoftwareVersion: () => ['1'],
  records: (world, draw) => [randomRecords(world, draw)],
  metadata: () => ['AAEAAAABAANkLWEAAAAA'],
  assignment: () => ['AAEAAAABAANkLWEAAAABAAAAAAAAAAA='],
  coordinatorEpoch: () => [0, 1],
  transactionVersion: () => [0, 1, 2],
  'brokerIds[]': () => [1, 1, 1, 2],
  transactionResult: booleans,
  validateOnly: booleans,
  numPartitions: () => [-1, 1, 2, 0],
  replicationFactor: () => [-1, 1, 1, 2, 0],
  count: () => [1, 2, 3],
  resourceType: () => [2, 2, 4, 32, 99],
  resourceName: topicNames,
  responsePartitionLimit: () => [2000, 1],
  endpointType: () => [1, 1, 2, 3],
  includeFencedBrokers: booleans,
}

/** Where a field means something else than in most. */
const ofApi: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  ...shareVocabulary,
  ...adminVocabulary,
}

/** The values to choose from for a field; nothing where any value will do. */
export function wordsFor(api: string, name: string): Words | undefined {
  return ofApi[api]?.[name] ?? vocabulary[name]
}
