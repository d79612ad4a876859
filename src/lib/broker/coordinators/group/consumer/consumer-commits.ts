import { ApiError } from '../../../api-error.ts'
import type { CommitErrors, CommitWish, OffsetWish } from '../commit-wish.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'

interface How extends Partial<CommitErrors> {
  readonly isTransactional?: boolean
  readonly topics: TopicsView
}

/** Throws where the member may not commit at all; what it returns throws where it may not of one partition. */
export function checkConsumerCommit(
  group: ConsumerGroup,
  { memberId, groupInstanceId, generation }: CommitWish,
  { isTransactional = false, isTooOldForConsumers = false, topics }: How,
): (offset: OffsetWish) => void {
  if (generation < 0 && group.members.size === 0) return anything
  if (isTransactional && generation === -1 && memberId === '' && groupInstanceId === null) return anything
  const member = group.memberOf(memberId)
  if (!isTransactional && member.classic === null && isTooOldForConsumers) {
    throw new ApiError('UNSUPPORTED_VERSION')
  }
  if (generation === member.memberEpoch) return anything
  const outdated = isTransactional ? new ApiError('ILLEGAL_GENERATION') : stale(member)
  if (generation > member.memberEpoch) throw outdated
  return ({ topic, partition }) => {
    const topicId = topics.byName(topic)?.topicId ?? ''
    if (!hadSince(member, { topicId, partition }, generation)) throw outdated
  }
}

function anything(): void {}

/** It was told a newer epoch in the meantime: what it had before it may still commit (KIP-1251). */
function hadSince(
  member: ConsumerMember,
  { topicId, partition }: Pick<OffsetWish, 'topicId' | 'partition'>,
  epoch: number,
): boolean {
  const { assigned, pendingRevocation } = member
  const since = assigned.get(topicId)?.get(partition) ?? pendingRevocation.get(topicId)?.get(partition)
  return since !== undefined && epoch >= since
}

export function checkConsumerFetch(
  group: ConsumerGroup | undefined,
  asking: { readonly memberId: string | null; readonly memberEpoch: number } | undefined,
): void {
  if (group === undefined || asking === undefined) return
  const { memberId, memberEpoch } = asking
  if (memberId === null && memberEpoch < 0) return
  const member = group.memberOf(memberId ?? '')
  if (member.memberEpoch !== memberEpoch) throw stale(member)
}

function stale({ classic }: ConsumerMember): ApiError {
  return new ApiError(classic === null ? 'STALE_MEMBER_EPOCH' : 'ILLEGAL_GENERATION')
}
