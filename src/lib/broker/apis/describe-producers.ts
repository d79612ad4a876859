import type { KnownProducer } from '../../log/write/partition-log.ts'
import { describeProducers as describeProducersApi } from '../../protocol/apis/describe-producers.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { Partition } from '../partitions/partition.ts'
import { handler } from './handler.ts'

export const describeProducers = handler(describeProducersApi, ({ topics }, { node }) => ({
  topics: topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => ({
      partitionIndex,
      ...describe(node.partitions.get(name, partitionIndex)),
    })),
  })),
}))

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
