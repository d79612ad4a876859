import { isInternalTopic } from '../../model/topics.ts'
import type { RequestOf } from '../../protocol/api.ts'
import type { produce } from '../../protocol/apis/produce.ts'
import { attributeBits } from '../../records/attributes.ts'
import { batchLayout } from '../../records/batch-layout.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { batchSize, clientBatch } from './first-batch.ts'
import type { Partition } from './partition.ts'
import { ProduceEntry } from './produce-entry.ts'

type Request = RequestOf<typeof produce>

/** From this version on topics have ids in place of names. */
const FIRST_WITH_TOPIC_IDS = 13
/** Kafka lets its own admin client write to internal topics. */
const ADMIN_CLIENT = '__admin_client'

/**
 * The partitions of a request in their order, each with its batch or why it is refused. A partition that is given
 * twice counts once, with what was said of it last.
 */
export function produceEntries(request: Request, version: number, node: Node): ProduceEntry[] {
  const entries = new Map<string, ProduceEntry>()
  const refusal = refusalOfAll(request)
  for (const topic of request.topicData) {
    for (const { index, records } of topic.partitionData) {
      const partition = lookUp(topic, index, version, node)
      const entry = new ProduceEntry(topic, index, partition)
      if (refusal !== undefined) entry.refuse(refusal.error, refusal.message || null)
      else if (partition === undefined) entry.refuse(missing(topic, version, node))
      else takeBatch(entry, records ?? Buffer.alloc(0), version)
      entries.set(`${topic.name}/${topic.topicId}/${index}`, entry)
    }
  }
  return [...entries.values()]
}

/** Kafka fails on records that are null, and then on the answer that would say so; a partition must be there for that. */
export function lacksRecords(request: Request, version: number, node: Node): boolean {
  return request.topicData.some((topic) =>
    topic.partitionData.some(
      ({ index, records }) => records === null && lookUp(topic, index, version, node) !== undefined,
    ),
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
function refusalOfAll(request: Request): ApiError | undefined {
  try {
    if (hasTransactional(request) && request.transactionalId === null) {
      return new ApiError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    }
  } catch (cause) {
    if (cause instanceof ApiError) return cause
    throw cause
  }
  return undefined
}

function hasTransactional(request: Request): boolean {
  for (const { partitionData } of request.topicData) {
    for (const { records } of partitionData) {
      if (records === null || batchSize(records, 0) === undefined) continue
      if (records.readInt8(16) < 2) continue
      if (records.readInt16BE(batchLayout.attributes) & attributeBits.transactional) return true
    }
  }
  return false
}

function lookUp(
  topic: ProduceEntry['topic'],
  index: number,
  version: number,
  node: Node,
): Partition | undefined {
  return version >= FIRST_WITH_TOPIC_IDS
    ? node.partitions.byTopicId(topic.topicId, index)
    : node.partitions.get(topic.name, index)
}

function missing(
  topic: ProduceEntry['topic'],
  version: number,
  node: Node,
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
