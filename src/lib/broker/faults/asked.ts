import type { RequestOf } from '../../protocol/api.ts'
import { fetch } from '../../protocol/apis/fetch.ts'
import { metadata } from '../../protocol/apis/metadata.ts'
import { shareFetch } from '../../protocol/apis/share-fetch.ts'
import type { Node } from '../node.ts'
import type { StructValue } from './message-roles.ts'

type FetchRequest = RequestOf<typeof fetch>
type MetadataRequest = RequestOf<typeof metadata>
type ShareFetchRequest = RequestOf<typeof shareFetch>

/** A request with all that it asks for, and what its handler is given when a part of that is to fail. */
export interface Asked {
  readonly request: StructValue
  /** It asks for more than it says: its handler answers all of it, and what is chosen is taken out of the answer. */
  readonly toHandle: StructValue | undefined
}

/** A fetch session says only what has changed (KIP-227), and Metadata without topics means all of them. */
export function askedOf(apiKey: number, version: number, request: StructValue, node: Node): Asked {
  if (apiKey === fetch.key) return fetched(request as unknown as FetchRequest, node)
  if (apiKey === shareFetch.key) return shared(request as unknown as ShareFetchRequest, node)
  if (apiKey === metadata.key) return described(request as unknown as MetadataRequest, version, node)
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

/** What belongs to the session is told to its handler, which answers for it. */
function shared(request: ShareFetchRequest, { shareGroups }: Node): Asked {
  const { groupId, memberId, shareSessionEpoch } = request
  const goesOn = shareSessionEpoch > 0 ? shareGroups.sessions.get(groupId ?? '', memberId ?? '') : undefined
  const known = (goesOn?.places ?? []).map(({ topicId, partition }) => ({
    topicId,
    partitions: [{ partitionIndex: partition }],
  }))
  return { request: { ...request, topics: [...known, ...request.topics] }, toHandle: undefined }
}

function described(request: MetadataRequest, version: number, { controller }: Node): Asked {
  // The oldest clients have no null.
  const isAll = request.topics === null || (version === 0 && request.topics.length === 0)
  if (!isAll) return { request: { ...request }, toHandle: undefined }
  const topics = controller.topics().map(({ name, topicId }) => ({ name, topicId }))
  return { request: { ...request, topics }, toHandle: { ...request } }
}
