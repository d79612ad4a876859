import type { OldCommit } from '../../model/groups-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { offsetDelete } from '../../protocol/apis/offset-delete.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { Cluster } from '../cluster.ts'
import { groupRefusal } from '../groups/group-refusal.ts'
import { orRefusal } from '../routing/refusal.ts'
import { askByGroup, topicsOf } from './by-group.ts'
import { forgetShareTopics } from './move-share-starts.ts'

export async function deleteCommits(
  cluster: Cluster,
  commits: readonly OldCommit[],
): Promise<Outcome<null>[]> {
  const isShare = ({ type }: OldCommit) => type === 'Share'
  const [offsets, starts] = await Promise.all([
    deleteOffsets(
      cluster,
      commits.filter((each) => !isShare(each)),
    ),
    forgetShareTopics(cluster, commits.filter(isShare)),
  ])
  const queues = { offsets: offsets.values(), starts: starts.values() }
  return commits.map((each) => {
    const next = (isShare(each) ? queues.starts : queues.offsets).next().value
    return next ?? { item: each.group, outcome: null }
  })
}

function deleteOffsets(cluster: Cluster, commits: readonly OldCommit[]): Promise<Outcome<null>[]> {
  return askByGroup(cluster, commits, async (connection, groupId, own) => {
    const topics = topicsOf(own).map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.map(({ partition }) => ({ partitionIndex: partition })),
    }))
    const answer = await cluster.askOf(connection, offsetDelete, { groupId, topics })
    if (answer.errorCode === errorCodes.NON_EMPTY_GROUP) {
      const refused = groupRefusal(answer.errorCode, groupId)
      return new Map(own.map((at) => [partitionName(at), refused]))
    }
    return orRefusal(
      answer.errorCode,
      () =>
        new Map(
          answer.topics.flatMap(({ name, partitions }) =>
            partitions.map(({ partitionIndex, errorCode }) => [
              partitionName({ topic: name, partition: partitionIndex }),
              groupRefusal(errorCode, groupId),
            ]),
          ),
        ),
    )
  })
}
