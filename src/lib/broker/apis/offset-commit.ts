import { offsetCommit as offsetCommitApi } from '../../protocol/apis/offset-commit.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { commitPartitions, refusedPartitions } from './committed-partitions.ts'
import { handler } from './handler.ts'

const SAYING_NOT_FOUND_SINCE = 9
const BY_ID_SINCE = 10
/** Members of the newer protocol say their epoch. */
const MEMBER_EPOCHS_SINCE = 9

export const offsetCommit = handler(offsetCommitApi, async (request, context) => {
  const { node, version } = context
  const { groupId, memberId, groupInstanceId, retentionTimeMs } = request
  const byId = version >= BY_ID_SINCE
  if (!isAuthorized(context, 'READ', 'GROUP', groupId)) {
    return { topics: refusedPartitions(request.topics, byId, 'GROUP_AUTHORIZATION_FAILED') }
  }
  const facts = {
    ...{ groupId, memberId, groupInstanceId },
    generation: request.generationIdOrMemberEpoch,
    retentionMs: retentionTimeMs < 0n ? null : Number(retentionTimeMs),
  }
  const noSuchGroup = version >= SAYING_NOT_FOUND_SINCE ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION'
  const topics = await commitPartitions(request.topics, {
    node,
    byId,
    mayRead: authorization(context, 'READ', 'TOPIC'),
    commit: (offsets) =>
      node.groups.commit(
        { ...facts, offsets },
        { noSuchGroup, isTooOldForConsumers: version < MEMBER_EPOCHS_SINCE },
      ),
  })
  return { topics }
})
