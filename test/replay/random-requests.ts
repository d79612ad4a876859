import type { Api } from '../../src/lib/protocol/api.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { controlRecordKey } from '../../src/lib/records/control-record-type.ts'
import { isObject, type Json, type JsonObject } from './messages.ts'

type Draw = () => number

/** What the random requests of one run talk about. */
export interface World {
  readonly topics: readonly string[]
  /** A topic of which nobody knows, unless a request happened to make it. */
  readonly missing: string
  readonly internalTopics: readonly string[]
  readonly topicIds: string[]
  readonly groups: readonly string[]
  readonly memberIds: string[]
  readonly transactionalIds: readonly string[]
  readonly producers: { producerId: number; producerEpoch: number }[]
  readonly sessionIds: number[]
  readonly nowMs: number
}

const PRODUCE = 0
const WRITE_TXN_MARKERS = 27
/** A producer's id that no broker has given out: small ones may be other producers' here and there. */
const NOBODY = 987_654_321
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** A request with the shape of this version, and values that mean something more often than not. */
export function randomRequest(api: Api, version: number, world: World, draw: Draw): JsonObject {
  const value = api.request.random(draw, version)
  const json = api.request.toJson(value, version) as JsonObject
  const request = meaningful(json, world, draw, '') as JsonObject
  if (api.key === WRITE_TXN_MARKERS) return { ...request, markers: listOf(request.markers).map(sound) }
  return api.key === PRODUCE ? eachPartitionOnce(request) : request
}

/** A marker of nobody spoils the others in Kafka, but not those that were written before it. */
function sound(marker: JsonObject): JsonObject {
  const [id, epoch] = [Number(marker.producerId), Number(marker.producerEpoch)]
  return { ...marker, producerId: id < 0 ? NOBODY : id, producerEpoch: Math.max(0, epoch) }
}

/** Of two batches for one partition Kafka may append the one, and answer with what was wrong with the other. */
function eachPartitionOnce(request: JsonObject): JsonObject {
  const seen = new Set<string>()
  const topicData = listOf(request.topicData).map((topic) => ({
    ...topic,
    partitionData: listOf(topic.partitionData).filter(({ index }) => {
      const place = `${topic.name}/${topic.topicId}/${index}`
      return !seen.has(place) && seen.add(place)
    }),
  }))
  return { ...request, topicData }
}

function listOf(json: Json | undefined): JsonObject[] {
  return Array.isArray(json) ? json.filter(isObject) : []
}

function meaningful(json: Json, world: World, draw: Draw, name: string): Json {
  if (Array.isArray(json)) {
    // Of several settings that are wrong Kafka names the one that its hash table happens to have first.
    const most = name === 'configs' ? 1 : 3
    const items = json.slice(0, most).map((item) => meaningful(item, world, draw, singular(name)))
    return distinct(items, tellingApart[name])
  }
  if (isObject(json)) {
    const producer = pick(draw, [...world.producers.slice(-4), { producerId: -1, producerEpoch: -1 }])
    const named = Object.fromEntries(
      Object.entries(json).map(([key, value]) => [key, meaningful(value, world, draw, key)]),
    )
    for (const prefix of ['producer', 'v3AndBelowProducer']) {
      if (`${prefix}Id` in named && draw() < 0.8) named[`${prefix}Id`] = producer.producerId
      if (`${prefix}Epoch` in named && draw() < 0.8) named[`${prefix}Epoch`] = producer.producerEpoch
    }
    if (name === 'configs[]') return { ...named, ...pick(draw, topicConfigs) }
    return named
  }
  const words = vocabulary[name]
  if (words === undefined) return json
  return pick(draw, words(world, draw))
}

/**
 * Lists that Kafka stumbles over where an item is there twice: a group whose member has two protocols of one name
 * never agrees on one, and of two transactions of one id the first gets what the other asks for.
 */
const tellingApart: Readonly<Record<string, string>> = { protocols: 'name', transactions: 'transactionalId' }

function distinct(items: readonly Json[], key: string | undefined): Json[] {
  const isFirst = (item: Json, i: number) =>
    items.findIndex((other) => keyIn(other, key) === keyIn(item, key)) === i
  return key === undefined ? [...items] : items.filter(isFirst)
}

function keyIn(item: Json, key = ''): Json | undefined {
  return isObject(item) ? item[key] : undefined
}

function singular(name: string): string {
  return `${name}[]`
}

type Words = (world: World, draw: Draw) => readonly Json[]

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

const topicConfigs: readonly JsonObject[] = [
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

/** Batches as producers send them, and as they should not. */
function randomRecords(world: World, draw: Draw): string {
  const producer = pick(draw, [undefined, undefined, ...world.producers.slice(-4)])
  const writer = new BatchWriter({
    ...(producer === undefined ? {} : { ...producer, baseSequence: Math.floor(draw() * 4) }),
    isTransactional: draw() < 0.2,
    isControl: draw() < 0.05,
    codec: pick(draw, ['none', 'none', 'gzip', 'lz4', 'snappy', 'zstd']),
    baseOffset: draw() < 0.05 ? 3 : 0,
    ...(draw() < 0.05 ? { logAppendTime: world.nowMs } : {}),
  })
  const count = 1 + Math.floor(draw() * 3)
  for (let i = 0; i < count; i++) {
    const key = draw() < 0.1 ? controlRecordKey('COMMIT') : draw() < 0.5 ? null : Buffer.from(`k${i}`)
    writer.append({ key, value: Buffer.from(`value ${i}`), timestamp: world.nowMs - (i === 1 ? 1000 : 0) })
  }
  const bytes = Buffer.from(writer.finish())
  const trouble = draw()
  if (trouble < 0.04) bytes.writeUInt8((bytes[40] ?? 0) ^ 1, 40)
  if (trouble > 0.96) return bytes.subarray(0, bytes.length - 3).toString('base64')
  if (trouble > 0.94) return Buffer.concat([bytes, bytes]).toString('base64')
  return bytes.toString('base64')
}

export function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[Math.floor(draw() * from.length)] as T
}
