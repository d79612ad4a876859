import type { NewCommit } from '../../model/groups-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { offsetCommit } from '../../protocol/apis/offset-commit.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { Cluster } from '../cluster.ts'
import { groupRefusal } from '../groups/group-refusal.ts'
import { Refusal } from '../routing/refusal.ts'
import { askByGroup, type GroupAnswer, topicsOf } from './by-group.ts'

/** From version 10 on topics have no names there, but ids. */
const LAST_BY_NAME = 9
/** Whoever commits from outside of the group: its coordinator refuses that as long as there are members. */
const FROM_OUTSIDE = { generationIdOrMemberEpoch: -1, memberId: '' }
const NO_EPOCH = -1

export function commitOffsets(cluster: Cluster, commits: readonly NewCommit[]): Promise<Outcome<null>[]> {
  return askByGroup(cluster, commits, async (connection, groupId, own): Promise<GroupAnswer> => {
    const topics = topicsOf(own).map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.map(({ partition, offset, leaderEpoch, metadata }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: leaderEpoch ?? NO_EPOCH,
        committedMetadata: metadata,
      })),
    }))
    const question = { groupId, ...FROM_OUTSIDE, topics }
    const answer = await cluster.askOf(connection, offsetCommit, question, { max: LAST_BY_NAME })
    const told = answer.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode }) => ({
        topic: name,
        partition: partitionIndex,
        errorCode,
      })),
    )
    // Another broker coordinates the group by now, or nobody does yet: none of it was written.
    const moved = told.find(({ errorCode }) => isAboutCoordinator(errorCode))
    if (moved !== undefined) return new Refusal(moved.errorCode)
    return new Map(told.map((at) => [partitionName(at), groupRefusal(at.errorCode, groupId)]))
  })
}

function isAboutCoordinator(errorCode: number): boolean {
  return (
    errorCode === errorCodes.NOT_COORDINATOR ||
    errorCode === errorCodes.COORDINATOR_NOT_AVAILABLE ||
    errorCode === errorCodes.COORDINATOR_LOAD_IN_PROGRESS
  )
}
