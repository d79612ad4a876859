import { toInt64 } from '../../bytes/int64.ts'
import type { ShareOffset } from '../../model/groups.ts'
import { byPartition } from '../../model/partitions.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeShareGroupOffsets } from '../../protocol/apis/describe-share-group-offsets.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'

type Topics = AnswerOf<typeof describeShareGroupOffsets>['groups'][number]['topics']

/** Where share groups start, in all partitions that they have ever had. */
export async function askShareOffsets(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
): Promise<Map<string, ShareOffset[] | Refusal>> {
  if (groups.length === 0) return new Map()
  const question = { groups: groups.map((groupId) => ({ groupId, topics: null })) }
  const { groups: told } = await cluster.askOf(connection, describeShareGroupOffsets, question)
  return new Map(
    told.map(({ groupId, errorCode, errorMessage, topics }) => [
      groupId,
      orRefusal(errorCode, () => offsetsIn(topics), errorMessage),
    ]),
  )
}

/** A partition that nobody has fetched from has no start yet: −1. */
function offsetsIn(topics: Topics): ShareOffset[] {
  return topics
    .flatMap(({ topicName: topic, partitions }) =>
      partitions
        .filter(({ errorCode }) => errorCode === errorCodes.NONE)
        .map(({ partitionIndex: partition, startOffset, lag }) => ({
          topic,
          partition,
          startOffset: startOffset < 0n ? null : toInt64(startOffset),
          deliveredCount: null,
          lag: lag < 0n ? null : toInt64(lag),
        })),
    )
    .sort(byPartition)
}
