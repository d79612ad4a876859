import type { RequestOf } from '../../protocol/api.ts'
import { fetch } from '../../protocol/apis/fetch.ts'
import { metadata } from '../../protocol/apis/metadata.ts'
import type { Node } from '../node.ts'
import type { StructValue } from './message-roles.ts'

type FetchRequest = RequestOf<typeof fetch>
type MetadataRequest = RequestOf<typeof metadata>

/** A request with all that it asks for, and what its handler is given when a part of that is to fail. */
export interface Asked {
  readonly request: StructValue
  /** It asks for more than it says: its handler answers all of it, and what is chosen is taken out of the answer. */
  readonly toHandle: StructValue | undefined
}

/** A fetch session says only what has changed (KIP-227), and Metadata without topics means all of them. */
export function askedOf(apiKey: number, request: StructValue, node: Node): Asked {
  if (apiKey === fetch.key) return fetched(request as unknown as FetchRequest, node)
  if (apiKey === metadata.key) return described(request as unknown as MetadataRequest, node)
  return { request, toHandle: undefined }
}

function fetched(request: FetchRequest, { fetchSessions }: Node): Asked {
  const topics = new Map<string, { topic: string; topicId: string; partitions: { partition: number }[] }>()
  const add = (topic: string, topicId: string, partition: number) => {
    const known = topics.get(`${topic}/${topicId}`) ?? { topic, topicId, partitions: [] }
    if (!known.partitions.some((one) => one.partition === partition)) known.partitions.push({ partition })
    topics.set(`${topic}/${topicId}`, known)
  }
  for (const { topic, topicId, partition } of fetchSessions.get(request.sessionId)?.targets ?? [])
    add(topic, topicId, partition)
  for (const { topic, topicId, partitions } of request.topics)
    for (const { partition } of partitions) add(topic, topicId, partition)
  // An error is told at once, whatever else there is to wait for.
  return { request: { ...request, topics: [...topics.values()] }, toHandle: { ...request, maxWaitMs: 0 } }
}

function described(request: MetadataRequest, { controller }: Node): Asked {
  if (request.topics !== null) return { request: { ...request }, toHandle: undefined }
  const topics = controller.topics().map(({ name, topicId }) => ({ name, topicId }))
  return { request: { ...request, topics }, toHandle: { ...request } }
}
