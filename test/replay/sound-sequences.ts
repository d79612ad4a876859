import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import type { JsonObject } from './messages.ts'
import { pick, type World } from './random-world.ts'

type Draw = () => number

/** One request of a sequence; it is made when its turn comes, since it speaks of what was answered before. */
export interface Step {
  readonly api: string
  readonly version: number
  request(): JsonObject
}

/** A few requests that belong together and are in order, so that they come to what lies behind the first checks. */
export function soundSequence(world: World, changing: World, draw: Draw): Step[] {
  return pick(draw, [transaction, transaction, idempotence, topicLife, settings, offsets])(
    world,
    changing,
    draw,
  )
}

function transaction(world: World, _changing: World, draw: Draw): Step[] {
  const id = pick(draw, world.transactionalIds)
  const groupId = pick(draw, world.groups)
  const place = placeIn(world, draw)
  const sequence = new Sequence()
  const own = () => world.producers.at(-1) ?? { producerId: -1, producerEpoch: -1 }
  const batch = (baseSequence: number) => ({ ...own(), baseSequence, isTransactional: true })
  const added = { name: place.name, partitions: [place.index] }
  const committed = {
    partitionIndex: place.index,
    committedOffset: 3,
    committedLeaderEpoch: 0,
    committedMetadata: 'm',
  }
  const ids = { transactionalId: id, groupId }
  const all: Step[] = [
    step('AddPartitionsToTxn', 3, () => ({
      v3AndBelowTransactionalId: id,
      v3AndBelowProducerId: own().producerId,
      v3AndBelowProducerEpoch: own().producerEpoch,
      v3AndBelowTopics: [added],
    })),
    step('Produce', 11, () => produced(place, batch(sequence.next()), world, id)),
    step('Produce', 12, () => produced(place, batch(sequence.next()), world, id)),
    step('AddOffsetsToTxn', 4, () => ({ ...ids, ...own() })),
    step('TxnOffsetCommit', pick(draw, [3, 4, 5]), () => ({
      ...ids,
      ...own(),
      generationId: -1,
      memberId: '',
      groupInstanceId: null,
      topics: [{ name: place.name, partitions: [committed] }],
    })),
    step('DescribeTransactions', 0, () => ({ transactionalIds: [id] })),
    step('OffsetFetch', 9, () => fetchedOffsets(groupId, place, draw() < 0.5)),
    step('EndTxn', pick(draw, [3, 4, 5]), () => ({ transactionalId: id, ...own(), committed: draw() < 0.7 })),
  ]
  const begin = step('InitProducerId', pick(draw, [3, 4, 5]), () => ({
    transactionalId: id,
    transactionTimeoutMs: 60_000,
    producerId: -1,
    producerEpoch: -1,
  }))
  return [begin, ...all.filter(() => draw() < 0.8), ...looksAt(place)]
}

function idempotence(world: World, _changing: World, draw: Draw): Step[] {
  const place = placeIn(world, draw)
  const begin = step('InitProducerId', 4, () => ({
    transactionalId: null,
    transactionTimeoutMs: 60_000,
    producerId: -1,
    producerEpoch: -1,
  }))
  const own = () => world.producers.at(-1) ?? { producerId: -1, producerEpoch: -1 }
  // In order, the same again, one that is missing, an epoch further on.
  const sequences = [0, 1, pick(draw, [0, 1, 2]), pick(draw, [1, 2, 3, 9])]
  const sends = sequences.map((baseSequence) =>
    step('Produce', pick(draw, [7, 9, 11]), () => produced(place, { ...own(), baseSequence }, world, null)),
  )
  const bumped = step('Produce', 11, () =>
    produced(
      place,
      { ...own(), producerEpoch: own().producerEpoch + 1, baseSequence: pick(draw, [0, 1]) },
      world,
      null,
    ),
  )
  return [begin, ...sends, ...(draw() < 0.5 ? [bumped] : []), ...looksAt(place)]
}

function topicLife(_world: World, changing: World, draw: Draw): Step[] {
  const name = pick(draw, changing.topics)
  const wish = {
    name,
    numPartitions: 2,
    replicationFactor: 1,
    assignments: [],
    configs: [pick(draw, goodConfigs)],
  }
  const place = { name, index: pick(draw, [0, 1, 2]) }
  const all: Step[] = [
    step('Metadata', 12, () => ({
      topics: [{ topicId: NO_ID, name }],
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: false,
    })),
    step('CreatePartitions', 3, () => ({
      topics: [{ name, count: pick(draw, [2, 3, 4]), assignments: null }],
      timeoutMs: 5000,
      validateOnly: draw() < 0.3,
    })),
    step('Produce', 9, () => produced(place, {}, changing, null)),
    step('DescribeConfigs', 4, () => ({
      resources: [{ resourceType: 2, resourceName: name, configurationKeys: null }],
      includeSynonyms: true,
      includeDocumentation: false,
    })),
    step('DeleteRecords', 2, () => ({
      topics: [{ name, partitions: [{ partitionIndex: place.index, offset: pick(draw, [0, 1, -1]) }] }],
      timeoutMs: 5000,
    })),
  ]
  const create = step('CreateTopics', 7, () => ({ topics: [wish], timeoutMs: 5000, validateOnly: false }))
  const end = step('DeleteTopics', 5, () => ({ topicNames: [name], timeoutMs: 5000 }))
  return [create, ...all.filter(() => draw() < 0.7), ...looksAt(place), ...(draw() < 0.6 ? [end] : [])]
}

function settings(world: World, _changing: World, draw: Draw): Step[] {
  const name = pick(draw, world.topics)
  const resource = { resourceType: 2, resourceName: name }
  const altered = (): JsonObject => ({
    ...pick(draw, goodConfigs),
    configOperation: pick(draw, [0, 0, 0, 1, 2, 3]),
  })
  const alter = () => ({ resources: [{ ...resource, configs: [altered()] }], validateOnly: draw() < 0.3 })
  const tell = () => ({
    resources: [{ ...resource, configurationKeys: goodConfigs.map((each) => each.name ?? '') }],
    includeSynonyms: true,
    includeDocumentation: false,
  })
  return [
    step('IncrementalAlterConfigs', 1, alter),
    step('IncrementalAlterConfigs', 1, alter),
    step('DescribeConfigs', 4, tell),
    // Nothing is left set.
    step('AlterConfigs', 2, () => ({ resources: [{ ...resource, configs: [] }], validateOnly: false })),
    step('DescribeConfigs', 4, tell),
  ]
}

function offsets(world: World, _changing: World, draw: Draw): Step[] {
  const groupId = pick(draw, world.groups)
  const place = placeIn(world, draw)
  const commit = () => ({
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [
      {
        name: place.name,
        partitions: [
          {
            partitionIndex: place.index,
            committedOffset: pick(draw, [0, 1, 7]),
            committedLeaderEpoch: pick(draw, [-1, 0]),
            committedMetadata: pick(draw, ['', 'm', null]),
          },
        ],
      },
    ],
  })
  const remove = () => ({
    groupId,
    topics: [{ name: place.name, partitions: [{ partitionIndex: place.index }] }],
  })
  return [
    step('OffsetCommit', pick(draw, [7, 8, 9]), commit),
    step('OffsetFetch', 9, () => fetchedOffsets(groupId, place, true)),
    step('DescribeGroups', 6, () => ({ groups: [groupId], includeAuthorizedOperations: true })),
    step('OffsetDelete', 0, remove),
    step('OffsetFetch', 9, () => fetchedOffsets(groupId, place, false)),
    step('DeleteGroups', 2, () => ({ groupsNames: [groupId] })),
  ].filter(() => draw() < 0.8)
}

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

const goodConfigs: readonly JsonObject[] = [
  { name: 'retention.ms', value: '86400000' },
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'cleanup.policy', value: 'delete' },
  { name: 'max.message.bytes', value: '2000' },
  { name: 'message.timestamp.type', value: 'LogAppendTime' },
  { name: 'min.insync.replicas', value: '2' },
  { name: 'compression.type', value: 'uncompressed' },
  { name: 'segment.bytes', value: '1048576' },
]

interface Place {
  readonly name: string
  readonly index: number
}

function placeIn(world: World, draw: Draw): Place {
  // Topic b has two partitions, c three; in c everything needs a key.
  const at = pick(draw, [0, 1, 1, 2])
  return { name: world.topics[at] ?? '', index: Math.floor(draw() * (at + 1)) }
}

/** Numbers of records as a producer counts them. */
class Sequence {
  #next = 0

  next(): number {
    return this.#next++
  }
}

interface Sent {
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly isTransactional?: boolean
}

function produced(
  { name, index }: Place,
  sent: Sent,
  world: World,
  transactionalId: string | null,
): JsonObject {
  const writer = new BatchWriter({ codec: 'none', baseOffset: 0, ...sent })
  writer.append({ key: Buffer.from('k'), value: Buffer.from('v'), timestamp: world.nowMs })
  const records = Buffer.from(writer.finish()).toString('base64')
  return {
    transactionalId,
    acks: -1,
    timeoutMs: 5000,
    topicData: [{ name, partitionData: [{ index, records }] }],
  }
}

function fetchedOffsets(groupId: string, { name, index }: Place, requireStable: boolean): JsonObject {
  return {
    groups: [{ groupId, memberId: null, memberEpoch: -1, topics: [{ name, partitionIndexes: [index] }] }],
    requireStable,
  }
}

/** What is in it, and how far each kind of reader gets. */
function looksAt({ name, index }: Place): Step[] {
  const at = (timestamp: number) => ({
    partitionIndex: index,
    currentLeaderEpoch: -1,
    timestamp,
  })
  const ends = (isolationLevel: number) => () => ({
    replicaId: -1,
    isolationLevel,
    topics: [{ name, partitions: [at(-1), at(-2), at(-3)] }],
  })
  return [
    step('ListOffsets', 7, ends(0)),
    step('ListOffsets', 7, ends(1)),
    step('DescribeProducers', 0, () => ({ topics: [{ name, partitionIndexes: [index] }] })),
    step('Fetch', 12, () => ({
      replicaId: -1,
      maxWaitMs: 10,
      minBytes: 0,
      maxBytes: 1_000_000,
      isolationLevel: 1,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: name,
          partitions: [
            {
              partition: index,
              currentLeaderEpoch: -1,
              fetchOffset: 0,
              lastFetchedEpoch: -1,
              logStartOffset: -1,
              partitionMaxBytes: 1_000_000,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
    })),
  ]
}

function step(api: string, version: number, request: () => JsonObject): Step {
  return { api, version, request }
}
