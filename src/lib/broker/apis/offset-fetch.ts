import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { offsetFetch as offsetFetchApi } from '../../protocol/apis/offset-fetch.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { FetchedPartition, FetchedTopic } from '../coordinators/group/fetched-offsets.ts'
import type { Node } from '../node.ts'
import { authorization, mustBeAuthorized } from './authorize.ts'
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

interface Asking {
  readonly node: Node
  readonly requireStable: boolean
  mayDescribeGroup(groupId: string): void
  mayDescribe(topic: string): boolean
}

export const offsetFetch = handler(offsetFetchApi, async (request, context): Promise<Response> => {
  const { node, version } = context
  const asking: Asking = {
    node,
    requireStable: request.requireStable,
    mayDescribeGroup: (groupId) => mustBeAuthorized(context, 'DESCRIBE', 'GROUP', groupId),
    mayDescribe: authorization(context, 'DESCRIBE', 'TOPIC'),
  }
  if (version < SEVERAL_SINCE) return fetchOne(request, asking, version)
  const groups: AnsweredGroup[] = []
  for (const group of request.groups) {
    const ask = () => (version >= BY_ID_SINCE ? fetchById(group, asking) : fetchByName(group, asking))
    groups.push(await attempt(group.groupId, asking, ask))
  }
  return { groups }
})

async function fetchOne(request: Request, asking: Asking, version: number): Promise<Response> {
  const { groupId, topics } = request
  const { topics: found = [], errorCode = 0 } = await attempt(groupId, asking, () =>
    fetchByName({ groupId, topics }, asking),
  )
  const named = found.map(({ name = '', partitions = [] }) => ({ name, partitions }))
  if (version >= GROUP_ERROR_SINCE || errorCode === 0) return { topics: named, errorCode }
  const refused = (topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partition) => ({ ...nothing(partition), errorCode })),
  }))
  return { topics: refused }
}

async function attempt(
  groupId: string,
  { mayDescribeGroup }: Asking,
  ask: () => Promise<AnsweredTopic[]>,
): Promise<AnsweredGroup> {
  try {
    mayDescribeGroup(groupId)
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

async function fetchByName(group: NamedGroup, asking: Asking): Promise<AnsweredTopic[]> {
  const asked = group.topics?.map(({ name, partitionIndexes }) => ({
    topic: name,
    partitions: partitionIndexes,
  }))
  const fetched = await offsetsOf(group, asked ?? null, asking)
  const hidden = (asked ?? []).filter(({ topic }) => !asking.mayDescribe(topic))
  return [
    ...fetched.map(({ topic, partitions }) => ({ name: topic, partitions: partitions.map(partitionOf) })),
    ...hidden.map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.map((partition) => nothing(partition, 'TOPIC_AUTHORIZATION_FAILED')),
    })),
  ]
}

async function fetchById(group: AskedGroup, asking: Asking): Promise<AnsweredTopic[]> {
  const { controller } = asking.node
  const asked = group.topics?.flatMap(({ topicId: id, partitionIndexes }) => {
    const live = controller.topicById(id)
    return live === undefined ? [] : [{ topic: live.name, partitions: partitionIndexes }]
  })
  const fetched = await offsetsOf(group, asked ?? null, asking)
  return [...fetched.flatMap((topic) => withId(topic, asking.node)), ...notSeen(group.topics ?? [], asking)]
}

/** Of topics that he may know of, whether they were named or all are asked for. */
async function offsetsOf(
  { groupId, ...member }: Pick<NamedGroup, 'groupId' | 'memberId' | 'memberEpoch'>,
  topics: readonly { topic: string; partitions: readonly number[] }[] | null,
  { node, requireStable, mayDescribe }: Asking,
): Promise<readonly FetchedTopic[]> {
  const seen = topics?.filter(({ topic }) => mayDescribe(topic)) ?? null
  const topicIdOf = (topic: string) => topicId(node, topic)
  const wish = { groupId, ...memberOf(member), topics: seen, requireStable, topicIdOf }
  const fetched = await node.groups.fetchOffsets(wish)
  return topics === null ? fetched.filter(({ topic }) => mayDescribe(topic)) : fetched
}

function memberOf({ memberId = null, memberEpoch = -1 }: Pick<NamedGroup, 'memberId' | 'memberEpoch'>) {
  return { member: { memberId, memberEpoch } }
}

/** Commits of a topic that is gone have no id to be told by. */
function withId({ topic, partitions }: FetchedTopic, node: Node): AnsweredTopic[] {
  const id = topicId(node, topic)
  return id === undefined ? [] : [{ topicId: id, partitions: partitions.map(partitionOf) }]
}

function notSeen(topics: readonly AskedTopic[], { node, mayDescribe }: Asking): AnsweredTopic[] {
  return topics.flatMap(({ topicId: id, partitionIndexes }) => {
    const live = node.controller.topicById(id)
    if (live !== undefined && mayDescribe(live.name)) return []
    const error = live === undefined ? 'UNKNOWN_TOPIC_ID' : 'TOPIC_AUTHORIZATION_FAILED'
    return [{ topicId: id, partitions: partitionIndexes.map((partition) => nothing(partition, error)) }]
  })
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
