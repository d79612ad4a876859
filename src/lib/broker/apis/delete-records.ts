import { isInternalTopic } from '../../model/topics.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { deleteRecords as deleteRecordsApi } from '../../protocol/apis/delete-records.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { authorization } from './authorize.ts'
import { handler } from './handler.ts'
import { partitionsByTopic } from './partitions-by-topic.ts'

type TopicResponse = NonNullable<ResponseOf<typeof deleteRecordsApi>['topics']>[number]
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number]

const HIGH_WATERMARK = -1

export const deleteRecords = handler(deleteRecordsApi, ({ topics }, context) => {
  const { node } = context
  const mayDelete = authorization(context, 'DELETE', 'TOPIC')
  return {
    topics: [...partitionsByTopic(topics)].map(([name, partitions]) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => {
        try {
          if (!mayDelete(name)) throw new ApiError('TOPIC_AUTHORIZATION_FAILED')
          const lowWatermark = BigInt(deleted(node, name, partitionIndex, Number(offset)))
          return { partitionIndex, lowWatermark, errorCode: errorCodes.NONE }
        } catch (cause) {
          return failure(partitionIndex, storageFailure(cause, `${name}-${partitionIndex}`, node.ports.log))
        }
      }),
    })),
  }
})

function deleted(node: Node, topic: string, index: number, offset: number): number {
  const partition = node.partitions.get(topic, index)
  if (partition === undefined) throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION')
  if (isInternalTopic(topic)) throw new ApiError('INVALID_TOPIC_EXCEPTION')
  // Of a compacted topic only the cleaner may take records away.
  if (!partition.configs.cleanupPolicy.has('delete')) throw new ApiError('POLICY_VIOLATION')
  return partition.deleteRecordsBelow(offset === HIGH_WATERMARK ? partition.highWatermark : offset)
}

function failure(partitionIndex: number, { code }: ApiError): PartitionResponse {
  return { partitionIndex, lowWatermark: -1n, errorCode: code }
}
