import type { RequestOf } from '../../protocol/api.ts'
import { writeTxnMarkers as writeTxnMarkersApi } from '../../protocol/apis/write-txn-markers.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import type { Partition } from '../partitions/partition.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { handler, type RequestContext } from './handler.ts'

type Marker = RequestOf<typeof writeTxnMarkersApi>['markers'][number]

/** Ends transactions where no coordinator does it any more: for those who abort what hangs. */
export const writeTxnMarkers = handler(writeTxnMarkersApi, async ({ markers }, context) => ({
  markers: await Promise.all(markers.map((marker) => written(marker, context))),
}))

async function written(marker: Marker, context: RequestContext) {
  const topics = marker.topics.map(async ({ name, partitionIndexes }) => ({
    name,
    partitions: await Promise.all(
      partitionIndexes.map(async (partitionIndex) => {
        const partition = context.node.partitions.get(name, partitionIndex)
        const error = await writeTo(partition, marker, context)
        return { partitionIndex, errorCode: errorCodes[error] }
      }),
    ),
  }))
  return { producerId: marker.producerId, topics: await Promise.all(topics) }
}

async function writeTo(
  partition: Partition | undefined,
  marker: Marker,
  { node }: RequestContext,
): Promise<ErrorName> {
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  // Kafka cannot make such a marker, and does not say why.
  if (marker.producerId < 0n || marker.producerEpoch < 0) return 'UNKNOWN_SERVER_ERROR'
  try {
    partition.appendMarker({
      producerId: Number(marker.producerId),
      producerEpoch: marker.producerEpoch,
      coordinatorEpoch: marker.coordinatorEpoch,
      isCommit: marker.transactionResult,
    })
    await partition.durable()
    return 'NONE'
  } catch (cause) {
    return storageFailure(cause, partition.name, node.ports.log).error
  }
}
