import { type Int64, toInt64 } from '../../bytes/int64.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { partitionName } from '../../model/partitions.ts'
import { listOffsets } from '../../protocol/apis/list-offsets.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'

/** What is asked for instead of a time. */
export const placeTimestamps = { end: -1n, start: -2n, max: -3n, local: -4n, tiered: -5n } as const

export interface OffsetsQuestion {
  /** One of the above, or milliseconds. */
  readonly timestamp: bigint
  /** Up to the last stable offset, and not to the high watermark. */
  readonly isCommitted: boolean
  /** The first version that has this question. */
  readonly since: number
}

export interface ToldOffset {
  /** −1 where there is none. */
  readonly offset: Int64
  /** −1 where it is of no record. */
  readonly timestamp: Int64
}

/** One offset of each of a leader's partitions. */
export async function listOffsetsOf(
  cluster: Cluster,
  connection: Connection,
  partitions: readonly TopicPartition[],
  { timestamp, isCommitted, since }: OffsetsQuestion,
): Promise<Map<string, ToldOffset | Refusal>> {
  const topics = [...groupedByTopic(partitions)].map(([name, own]) => ({
    name,
    partitions: own.map(({ partition }) => ({ partitionIndex: partition, timestamp })),
  }))
  const question = {
    replicaId: -1,
    isolationLevel: isCommitted ? 1 : 0,
    topics,
    timeoutMs: cluster.deadline.patienceMs(),
  }
  const answer = await cluster.askOf(connection, listOffsets, question, { min: since })
  return new Map(
    answer.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, offset, timestamp }) => [
        partitionName({ topic: name, partition: partitionIndex }),
        orRefusal(errorCode, () => ({ offset: toInt64(offset), timestamp: toInt64(timestamp) })),
      ]),
    ),
  )
}
