import type { RequestOf } from '../../protocol/api.ts'
import { writeTxnMarkers as writeTxnMarkersApi } from '../../protocol/apis/write-txn-markers.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import type { Partition } from '../partitions/partition.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { handler, type RequestContext } from './handler.ts'

type Marker = RequestOf<typeof writeTxnMarkersApi>['markers'][number]
/** By topic and partition; what is told twice counts as it was told last. */
type Results = Map<string, Map<number, ErrorName>>

interface Wish {
  readonly marker: Marker
  readonly topic: string
  readonly partitionIndex: number
  readonly partition: Partition | undefined
}

/** Ends transactions where no coordinator does it any more: for those who abort what hangs. */
export const writeTxnMarkers = handler(writeTxnMarkersApi, async ({ markers }, context) => {
  const wishes = markers.flatMap((marker) => wishesOf(marker, context))
  const written = await Promise.all(wishes.map(async (wish) => ({ wish, error: await write(wish, context) })))
  const byProducer = new Map<bigint, Results>()
  for (const { wish, error } of written) {
    const { producerId } = wish.marker
    const results: Results = byProducer.get(producerId) ?? new Map()
    byProducer.set(producerId, results)
    const ofTopic = results.get(wish.topic) ?? new Map()
    results.set(wish.topic, ofTopic.set(wish.partitionIndex, error))
  }
  return { markers: [...byProducer].map(([producerId, results]) => answer(producerId, results)) }
})

/** A partition that is given twice gets one marker. */
function wishesOf(marker: Marker, { node }: RequestContext): Wish[] {
  const wishes = new Map<string, Wish>()
  for (const { name, partitionIndexes } of marker.topics) {
    for (const partitionIndex of partitionIndexes) {
      const partition = node.partitions.get(name, partitionIndex)
      wishes.set(`${name}/${partitionIndex}`, { marker, topic: name, partitionIndex, partition })
    }
  }
  return [...wishes.values()]
}

async function write({ marker, partition }: Wish, { node }: RequestContext): Promise<ErrorName> {
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  // Kafka cannot make such a marker, and does not say why.
  if (marker.producerId < 0n || marker.producerEpoch < 0) return 'UNKNOWN_SERVER_ERROR'
  try {
    partition.appendMarker({
      producerId: Number(marker.producerId),
      producerEpoch: marker.producerEpoch,
      coordinatorEpoch: marker.coordinatorEpoch,
      isCommit: marker.transactionResult,
      transactionVersion: marker.transactionVersion,
    })
    await partition.durable()
    return 'NONE'
  } catch (cause) {
    return storageFailure(cause, partition.name, node.ports.log).error
  }
}

function answer(producerId: bigint, results: Results) {
  const topics = [...results].map(([name, partitions]) => ({
    name,
    partitions: [...partitions].map(([partitionIndex, error]) => ({
      partitionIndex,
      errorCode: errorCodes[error],
    })),
  }))
  return { producerId, topics }
}
