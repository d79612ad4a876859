import { toInt64 } from '../../bytes/int64.ts'
import { FailedError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { deleteRecords } from '../../protocol/apis/delete-records.ts'
import type { Cluster } from '../cluster.ts'
import { listOffsetsOf, placeTimestamps } from '../offsets/list-offsets.ts'
import { askLeaders } from '../routing/by-leader.ts'
import { orRefusal } from '../routing/refusal.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'

type Int64 = number | bigint

const logStart = { timestamp: placeTimestamps.start, isCommitted: false, since: 1 }

export async function logStartsOf(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
): Promise<Outcome<Int64>[]> {
  const told = await askLeaders(cluster, partitions, (connection, own) =>
    listOffsetsOf(cluster, connection, own, logStart),
  )
  return partitions.map((at) => {
    const answer = told.get(partitionName(at)) ?? leftOut(at)
    return { item: partitionName(at), outcome: 'offset' in answer ? answer.offset : answer }
  })
}

/** Its leader waits until every replica has let them go. */
export async function deleteRecordsOf(
  cluster: Cluster,
  before: readonly (TopicPartition & { readonly offset: Int64 })[],
): Promise<Outcome<Int64>[]> {
  const told = await askLeaders(cluster, before, async (connection, own) => {
    const topics = [...groupedByTopic(own)].map(([name, partitions]) => ({
      name,
      partitions: partitions.map(({ partition, offset }) => ({
        partitionIndex: partition,
        offset: BigInt(offset),
      })),
    }))
    const timeoutMs = Math.max(1, Math.floor(cluster.deadline.patienceMs() * 0.9))
    const answer = await cluster.askOf(connection, deleteRecords, { topics, timeoutMs })
    return new Map(
      answer.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode, lowWatermark }) => [
          partitionName({ topic: name, partition: partitionIndex }),
          orRefusal(errorCode, () => toInt64(lowWatermark)),
        ]),
      ),
    )
  })
  return before.map((at) => ({
    item: partitionName(at),
    outcome: told.get(partitionName(at)) ?? leftOut(at),
  }))
}

function leftOut(at: TopicPartition): FailedError {
  return new FailedError('not-answered', `the broker said nothing of ${partitionName(at)}`)
}
