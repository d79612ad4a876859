import type { NewCommit, OldCommit } from '../../model/groups-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { alterShareGroupOffsets } from '../../protocol/apis/alter-share-group-offsets.ts'
import { deleteShareGroupOffsets } from '../../protocol/apis/delete-share-group-offsets.ts'
import type { Cluster } from '../cluster.ts'
import { groupRefusal } from '../groups/group-refusal.ts'
import { orRefusal } from '../routing/refusal.ts'
import { askByGroup, topicsOf } from './by-group.ts'

/** A share group commits no offsets: it has a start, behind which its records are done with. */
export function moveShareStarts(cluster: Cluster, starts: readonly NewCommit[]): Promise<Outcome<null>[]> {
  return askByGroup(cluster, starts, async (connection, groupId, own) => {
    const topics = topicsOf(own).map(({ topic, partitions }) => ({
      topicName: topic,
      partitions: partitions.map(({ partition, offset }) => ({
        partitionIndex: partition,
        startOffset: BigInt(offset),
      })),
    }))
    const answer = await cluster.askOf(connection, alterShareGroupOffsets, { groupId, topics })
    const refused = groupRefusal(answer.errorCode, groupId, answer.errorMessage)
    if (refused?.code === 'group-not-empty') return new Map(own.map((at) => [partitionName(at), refused]))
    return orRefusal(
      answer.errorCode,
      () =>
        new Map(
          answer.responses.flatMap(({ topicName, partitions }) =>
            partitions.map(({ partitionIndex, errorCode, errorMessage }) => [
              partitionName({ topic: topicName, partition: partitionIndex }),
              groupRefusal(errorCode, groupId, errorMessage),
            ]),
          ),
        ),
      answer.errorMessage,
    )
  })
}

/** A share group forgets whole topics, whichever of their partitions are named. */
export function forgetShareTopics(cluster: Cluster, starts: readonly OldCommit[]): Promise<Outcome<null>[]> {
  return askByGroup(cluster, starts, async (connection, groupId, own) => {
    const topics = topicsOf(own).map(({ topic }) => ({ topicName: topic }))
    const answer = await cluster.askOf(connection, deleteShareGroupOffsets, { groupId, topics })
    const refused = groupRefusal(answer.errorCode, groupId, answer.errorMessage)
    if (refused?.code === 'group-not-empty') return new Map(own.map((at) => [partitionName(at), refused]))
    const byTopic = new Map(
      answer.responses.map(({ topicName, errorCode, errorMessage }) => [
        topicName,
        groupRefusal(errorCode, groupId, errorMessage),
      ]),
    )
    return orRefusal(
      answer.errorCode,
      () => new Map(own.map((at) => [partitionName(at), byTopic.get(at.topic) ?? null])),
      answer.errorMessage,
    )
  })
}
