import { offsetCommit as offsetCommitApi } from '../../protocol/apis/offset-commit.ts'
import { commitPartitions } from './committed-partitions.ts'
import { handler } from './handler.ts'

const SAYING_NOT_FOUND_SINCE = 9
const BY_ID_SINCE = 10
/** Members of the newer protocol say their epoch. */
const MEMBER_EPOCHS_SINCE = 9

export const offsetCommit = handler(offsetCommitApi, async (request, { node, version }) => {
  const { groupId, memberId, groupInstanceId, retentionTimeMs } = request
  const facts = {
    ...{ groupId, memberId, groupInstanceId },
    generation: request.generationIdOrMemberEpoch,
    retentionMs: retentionTimeMs < 0n ? null : Number(retentionTimeMs),
  }
  const noSuchGroup = version >= SAYING_NOT_FOUND_SINCE ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION'
  const topics = await commitPartitions(request.topics, {
    node,
    byId: version >= BY_ID_SINCE,
    commit: (offsets) =>
      node.groups.commit(
        { ...facts, offsets },
        { noSuchGroup, isTooOldForConsumers: version < MEMBER_EPOCHS_SINCE },
      ),
  })
  return { topics }
})
