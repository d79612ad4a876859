import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { offsetFetch as offsetFetchApi } from '../../protocol/apis/offset-fetch.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { FetchedPartition, FetchedTopic } from '../coordinators/group/fetched-offsets.ts'
import type { Node } from '../node.ts'
import { handler } from './handler.ts'

const GROUP_ERROR_SINCE = 2
const SEVERAL_SINCE = 8
const BY_ID_SINCE = 10

type Request = RequestOf<typeof offsetFetchApi>
type Response = ResponseOf<typeof offsetFetchApi>
type AskedGroup = Request['groups'][number]
type AskedTopic = NonNullable<AskedGroup['topics']>[number]
type AnsweredGroup = NonNullable<Response['groups']>[number]
type AnsweredTopic = NonNullable<AnsweredGroup['topics']>[number]

export const offsetFetch = handler(offsetFetchApi, async (request, { node, version }): Promise<Response> => {
  const { requireStable } = request
  if (version < SEVERAL_SINCE) return fetchOne(request, node, version)
  const groups: AnsweredGroup[] = []
  for (const group of request.groups) {
    const fetched =
      version >= BY_ID_SINCE
        ? await attempt(group.groupId, () => fetchById(group, node, requireStable))
        : await attempt(group.groupId, () => fetchByName(group, node, requireStable))
    groups.push(fetched)
  }
  return { groups }
})

async function fetchOne(request: Request, node: Node, version: number): Promise<Response> {
  const { groupId, topics, requireStable } = request
  const { topics: found = [], errorCode = 0 } = await attempt(groupId, () =>
    fetchByName({ groupId, topics }, node, requireStable),
  )
  const named = found.map(({ name = '', partitions = [] }) => ({ name, partitions }))
  if (version >= GROUP_ERROR_SINCE || errorCode === 0) return { topics: named, errorCode }
  const refused = (topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partition) => ({ ...nothing(partition), errorCode })),
  }))
  return { topics: refused }
}

async function attempt(groupId: string, ask: () => Promise<AnsweredTopic[]>): Promise<AnsweredGroup> {
  try {
    return { groupId, topics: await ask() }
  } catch (cause) {
    if (cause instanceof ApiError) return { groupId, errorCode: cause.code }
    throw cause
  }
}

interface NamedGroup {
  readonly groupId: string
  readonly memberId?: string | null
  readonly memberEpoch?: number
  readonly topics: readonly Pick<AskedTopic, 'name' | 'partitionIndexes'>[] | null
}

async function fetchByName(group: NamedGroup, node: Node, requireStable: boolean): Promise<AnsweredTopic[]> {
  const topics = group.topics?.map(({ name, partitionIndexes }) => ({
    topic: name,
    partitions: partitionIndexes,
  }))
  const wish = { groupId: group.groupId, ...memberOf(group), topics: topics ?? null, requireStable }
  const fetched = await node.groups.fetchOffsets({ ...wish, topicIdOf: (topic) => topicId(node, topic) })
  return fetched.map(({ topic, partitions }) => ({ name: topic, partitions: partitions.map(partitionOf) }))
}

async function fetchById(group: AskedGroup, node: Node, requireStable: boolean): Promise<AnsweredTopic[]> {
  const known = group.topics?.flatMap(({ topicId: id, partitionIndexes }) => {
    const live = node.controller.topicById(id)
    return live === undefined ? [] : [{ topic: live.name, partitions: partitionIndexes }]
  })
  const wish = { groupId: group.groupId, ...memberOf(group), topics: known ?? null, requireStable }
  const fetched = await node.groups.fetchOffsets({ ...wish, topicIdOf: (topic) => topicId(node, topic) })
  return [...fetched.flatMap((topic) => withId(topic, node)), ...unknownTopics(group, node)]
}

function memberOf({ memberId = null, memberEpoch = -1 }: Pick<NamedGroup, 'memberId' | 'memberEpoch'>) {
  return { member: { memberId, memberEpoch } }
}

/** Commits of a topic that is gone have no id to be told by. */
function withId({ topic, partitions }: FetchedTopic, node: Node): AnsweredTopic[] {
  const id = topicId(node, topic)
  return id === undefined ? [] : [{ topicId: id, partitions: partitions.map(partitionOf) }]
}

function unknownTopics({ topics }: AskedGroup, node: Node): AnsweredTopic[] {
  const unknown = (topics ?? []).filter((topic) => node.controller.topicById(topic.topicId) === undefined)
  return unknown.map(({ topicId: id, partitionIndexes }) => ({
    topicId: id,
    partitions: partitionIndexes.map((partition) => nothing(partition, 'UNKNOWN_TOPIC_ID')),
  }))
}

function topicId({ controller }: Node, topic: string): string | undefined {
  return controller.topicByName(topic)?.topicId
}

function partitionOf({ partition, commit, isUnstable }: FetchedPartition) {
  if (commit === null) return nothing(partition, isUnstable ? 'UNSTABLE_OFFSET_COMMIT' : 'NONE')
  const { offset, leaderEpoch, metadata } = commit
  return {
    partitionIndex: partition,
    committedOffset: offset,
    committedLeaderEpoch: leaderEpoch,
    metadata,
    errorCode: 0,
  }
}

function nothing(partition: number, error: ErrorName = 'NONE') {
  const offset = { committedOffset: -1n, committedLeaderEpoch: -1, metadata: '' }
  return { partitionIndex: partition, ...offset, errorCode: errorCodes[error] }
}
