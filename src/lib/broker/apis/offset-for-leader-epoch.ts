import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { offsetForLeaderEpoch as offsetForLeaderEpochApi } from '../../protocol/apis/offset-for-leader-epoch.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import type { Partition } from '../partitions/partition.ts'
import { authorization, isAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'

type Wish = RequestOf<typeof offsetForLeaderEpochApi>['topics'][number]['partitions'][number]
type TopicResponse = NonNullable<ResponseOf<typeof offsetForLeaderEpochApi>['topics']>[number]
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number]

/** Where a consumer whose last record is of that epoch has to go back to (KIP-320). */
export const offsetForLeaderEpoch = handler(offsetForLeaderEpochApi, ({ topics }, context) => {
  const { partitions: all } = context.node
  const isBroker = isAuthorizedOnCluster(context, 'CLUSTER_ACTION', true)
  const mayDescribe = isBroker ? () => true : authorization(context, 'DESCRIBE', 'TOPIC')
  const seen = topics.filter(({ topic }) => mayDescribe(topic))
  const hidden = topics.filter(({ topic }) => !mayDescribe(topic))
  return {
    topics: [
      ...seen.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((wish) => endOf(all.get(topic, wish.partition), wish)),
      })),
      ...hidden.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((wish) => failure(wish, 'TOPIC_AUTHORIZATION_FAILED')),
      })),
    ],
  }
})

function endOf(partition: Partition | undefined, wish: Wish): PartitionResponse {
  if (partition === undefined) return failure(wish, 'UNKNOWN_TOPIC_OR_PARTITION')
  const error = partition.checkLeaderEpoch(wish.currentLeaderEpoch)
  if (error !== null) return failure(wish, error)
  const end = partition.log.endOffsetOfEpoch(wish.leaderEpoch)
  return {
    partition: wish.partition,
    errorCode: errorCodes.NONE,
    leaderEpoch: end?.epoch ?? -1,
    endOffset: BigInt(end?.endOffset ?? -1),
  }
}

function failure({ partition }: Wish, error: ErrorName): PartitionResponse {
  return { partition, errorCode: errorCodes[error] }
}
