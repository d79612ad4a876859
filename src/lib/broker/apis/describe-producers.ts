import type { KnownProducer } from '../../log/write/partition-log.ts'
import { describeProducers as describeProducersApi } from '../../protocol/apis/describe-producers.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { mustBeTopicName } from '../controller/topic-names.ts'
import type { Partition } from '../partitions/partition.ts'
import { type Asking, mustBeAuthorized } from './authorize.ts'
import { handler } from './handler.ts'

export const describeProducers = handler(describeProducersApi, ({ topics }, context) => ({
  topics: topics.map(({ name, partitionIndexes }) => {
    const refusal = refusalOf(name, context)
    return {
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        ...(refusal ?? describe(context.node.partitions.get(name, partitionIndex))),
      })),
    }
  }),
}))

function refusalOf(topic: string, context: Asking): { errorCode: number; errorMessage: string } | undefined {
  try {
    mustBeTopicName(topic)
    mustBeAuthorized(context, 'READ', 'TOPIC', topic)
    if (context.node.controller.topicByName(topic) !== undefined) return undefined
    throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.')
  } catch (cause) {
    if (cause instanceof ApiError) return { errorCode: cause.code, errorMessage: cause.message }
    throw cause
  }
}

function describe(partition: Partition | undefined) {
  const error = partition === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : partition.checkLeaderEpoch(-1)
  if (partition === undefined || error !== null) return { errorCode: errorCodes[error ?? 'NONE'] }
  const activeProducers = [...partition.log.producers()].map(activeProducer)
  return { errorCode: errorCodes.NONE, activeProducers }
}

function activeProducer(producer: KnownProducer) {
  return {
    producerId: BigInt(producer.producerId),
    producerEpoch: producer.producerEpoch,
    lastSequence: producer.batches.at(-1)?.lastSequence ?? -1,
    lastTimestamp: BigInt(producer.lastTimestamp),
    coordinatorEpoch: producer.coordinatorEpoch,
    currentTxnStartOffset: BigInt(producer.currentTxnFirstOffset ?? -1),
  }
}
