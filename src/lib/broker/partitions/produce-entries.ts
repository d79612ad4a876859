import { isInternalTopic } from '../../model/topics.ts'
import type { RequestOf } from '../../protocol/api.ts'
import type { produce } from '../../protocol/apis/produce.ts'
import { attributeBits } from '../../records/attributes.ts'
import { batchLayout, MAGIC } from '../../records/batch-layout.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { batchSize, clientBatch, FIRST_WITH_ZSTD, NEWEST_MAGIC, ZSTD } from './first-batch.ts'
import type { Partition } from './partition.ts'
import { ProduceEntry } from './produce-entry.ts'

type Request = RequestOf<typeof produce>

/** From this version on topics have ids in place of names. */
const FIRST_WITH_TOPIC_IDS = 13
/** Kafka lets its own admin client write to internal topics. */
const ADMIN_CLIENT = '__admin_client'

interface Door {
  readonly version: number
  readonly node: Node
}

/** What whoever produces may do. */
export interface ProduceRights {
  mayWrite(topic: string): boolean
  mayUse(transactionalId: string): boolean
}

/**
 * The partitions of a request in their order, each with its batch or why it is refused. A partition that is given
 * twice counts once, with what was said of it last. Without rights everybody may do everything.
 */
export function produceEntries(request: Request, door: Door, rights: ProduceRights | null): ProduceEntry[] {
  const entries: ProduceEntry[] = []
  const refusal = refusalOfAll(request, door, rights)
  for (const topic of request.topicData) {
    for (const { index, records } of topic.partitionData) {
      const partition = lookUp(topic, index, door)
      const entry = new ProduceEntry(topic, index, partition)
      if (refusal !== undefined) entry.refuse(refusal.error, refusal.message || null)
      else if (rights !== null && isForbidden(topic, door, rights)) entry.refuse('TOPIC_AUTHORIZATION_FAILED')
      else if (partition === undefined) entry.refuse(missing(topic, door))
      else takeBatch(entry, records ?? Buffer.alloc(0), door.version)
      entries.push(entry)
    }
  }
  return entries.length > 1 ? lastOfEach(entries) : entries
}

function lastOfEach(entries: readonly ProduceEntry[]): ProduceEntry[] {
  const byPartition = new Map<string, ProduceEntry>()
  for (const entry of entries) {
    const { topic, index } = entry
    byPartition.set(`${topic.name}/${topic.topicId}/${index}`, entry)
  }
  return [...byPartition.values()]
}

/**
 * Kafka fails on records that are null, and then on the answer that would say so; a partition must be there for that,
 * or something that the request is refused for as a whole.
 */
export function lacksRecords(request: Request, door: Door, rights: ProduceRights | null): boolean {
  const isLacking = ({ records }: { records: Buffer | null }) => records === null
  const lacking = request.topicData.filter((topic) => topic.partitionData.some(isLacking))
  if (lacking.length === 0) return false
  if (refusalOfAll(request, door, rights) !== undefined) return true
  const open = lacking.filter((topic) => rights === null || !isForbidden(topic, door, rights))
  return open.some((topic) =>
    topic.partitionData.some((data) => isLacking(data) && lookUp(topic, data.index, door) !== undefined),
  )
}

/** What is refused before anything is appended, whatever is in the batch; only then, as in Kafka, transactions came first. */
export function refuseEarly(entry: ProduceEntry, acks: number, clientId: string | null): void {
  const { partition } = entry
  if (!entry.isOpen || partition === undefined) return
  if (acks < -1 || acks > 1) entry.refuse('INVALID_REQUIRED_ACKS')
  else if (clientId !== ADMIN_CLIENT && isInternalTopic(partition.topic))
    entry.refuse('INVALID_TOPIC_EXCEPTION')
}

/** Kafka looks for transactional records first, in all partitions; what it stumbles upon there concerns all. */
function refusalOfAll(request: Request, door: Door, rights: ProduceRights | null): ApiError | undefined {
  const { transactionalId } = request
  try {
    if (
      hasTransactional(request) &&
      (transactionalId === null || rights?.mayUse(transactionalId) === false)
    ) {
      return new ApiError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    }
  } catch (cause) {
    if (cause instanceof ApiError) return cause
    throw cause
  }
  return hasUnknownCodec(request, door) ? new ApiError('UNKNOWN_SERVER_ERROR') : undefined
}

/** Old versions are asked for zstd, which they cannot know, and Kafka fails on what it does not know itself. */
function hasUnknownCodec(request: Request, door: Door): boolean {
  if (door.version >= FIRST_WITH_ZSTD) return false
  return request.topicData.some((topic) =>
    topic.partitionData.some(({ index, records }) => {
      if (records === null || batchSize(records, 0) === undefined) return false
      const isOurs = records.readInt8(MAGIC) === NEWEST_MAGIC && lookUp(topic, index, door) !== undefined
      return isOurs && (records.readInt16BE(batchLayout.attributes) & attributeBits.codec) > ZSTD
    }),
  )
}

function hasTransactional(request: Request): boolean {
  for (const { partitionData } of request.topicData) {
    for (const { records } of partitionData) {
      if (records === null || batchSize(records, 0) === undefined) continue
      if (records.readInt8(MAGIC) < NEWEST_MAGIC) continue
      if (records.readInt16BE(batchLayout.attributes) & attributeBits.transactional) return true
    }
  }
  return false
}

function lookUp(topic: ProduceEntry['topic'], index: number, { version, node }: Door): Partition | undefined {
  return version >= FIRST_WITH_TOPIC_IDS
    ? node.partitions.byTopicId(topic.topicId, index)
    : node.partitions.get(topic.name, index)
}

/** That an id is nobody's is told to everybody. */
function isForbidden(
  topic: ProduceEntry['topic'],
  { version, node }: Door,
  { mayWrite }: ProduceRights,
): boolean {
  const isById = version >= FIRST_WITH_TOPIC_IDS
  const name = isById ? node.controller.topicById(topic.topicId)?.name : topic.name
  return name !== undefined && !mayWrite(name)
}

function missing(
  topic: ProduceEntry['topic'],
  { version, node }: Door,
): 'UNKNOWN_TOPIC_ID' | 'UNKNOWN_TOPIC_OR_PARTITION' {
  const isUnknownId =
    version >= FIRST_WITH_TOPIC_IDS && node.controller.topicById(topic.topicId) === undefined
  return isUnknownId ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION'
}

function takeBatch(entry: ProduceEntry, records: Buffer, version: number): void {
  try {
    entry.batch = clientBatch(records, version)
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    entry.refuse(cause.error)
  }
}
