import { txnOffsetCommit as txnOffsetCommitApi } from '../../protocol/apis/txn-offset-commit.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { OffsetWish } from '../coordinators/group/commit-wish.ts'
import { noTopicId } from '../coordinators/group/group-record.ts'
import { OFFSETS_TOPIC } from '../coordinators/group/offsets-topic.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { commitPartitions, refusedPartitions } from './committed-partitions.ts'
import { handler } from './handler.ts'

/** KIP-890: the commit itself makes the group's partition a part of the transaction. */
const ADDING_SINCE = 5
/** Clients before it know no TRANSACTION_ABORTABLE. */
const ABORTABLE_SINCE = 4

export const txnOffsetCommit = handler(txnOffsetCommitApi, async (request, context) => {
  const { node, version } = context
  const { transactionalId, groupId, producerEpoch, generationId: generation } = request
  const { memberId, groupInstanceId } = request
  const refuse = (error: ErrorName) => ({ topics: refusedPartitions(request.topics, false, error) })
  if (!isAuthorized(context, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)) {
    return refuse('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
  }
  if (!isAuthorized(context, 'READ', 'GROUP', groupId)) return refuse('GROUP_AUTHORIZATION_FAILED')
  const producer = { producerId: Number(request.producerId), producerEpoch }
  const commit = async (offsets: readonly OffsetWish[]): Promise<ErrorName[]> => {
    if (groupId === '') throw new ApiError('INVALID_GROUP_ID')
    const partitions = [{ topic: OFFSETS_TOPIC, partition: node.groups.partitionFor(groupId) }]
    // First of all: a transaction must not be given a partition that no marker can be written to.
    if (!node.groups.hasOpenTransaction(groupId, producer)) {
      const entry = { transactionalId, ...producer, partitions }
      await node.transactions.enterPartitions({ ...entry, mayAdd: version >= ADDING_SINCE })
    }
    const wish = { groupId, memberId, groupInstanceId, generation, retentionMs: null }
    // Kafka's record of a transactional commit does not say which topic of this name it is about.
    const unnamed = offsets.map((offset) => ({ ...offset, topicId: noTopicId }))
    return node.groups.commitInTransaction({ ...wish, offsets: unnamed }, producer)
  }
  const door = {
    node,
    byId: false,
    mayRead: authorization(context, 'READ', 'TOPIC'),
    commit: (offsets: readonly OffsetWish[]) => asSaid(commit(offsets), version),
  }
  return { topics: await commitPartitions(request.topics, door) }
})

async function asSaid(committing: Promise<ErrorName[]>, version: number): Promise<ErrorName[]> {
  try {
    return await committing
  } catch (cause) {
    const isAbortable = cause instanceof ApiError && cause.error === 'TRANSACTION_ABORTABLE'
    throw isAbortable && version < ABORTABLE_SINCE ? new ApiError('INVALID_TXN_STATE') : cause
  }
}
