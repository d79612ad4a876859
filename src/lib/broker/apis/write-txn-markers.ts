import { toInt64 } from '../../bytes/int64.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { writeTxnMarkers as writeTxnMarkersApi } from '../../protocol/apis/write-txn-markers.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import type { Partition } from '../partitions/partition.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { isAuthorizedOnCluster } from './authorize.ts'
import { handler, neverAnswered, type Reply, type RequestContext } from './handler.ts'
import { repeated } from './repeated.ts'

type Marker = RequestOf<typeof writeTxnMarkersApi>['markers'][number]
/** By topic and partition; what is told twice counts as it was told last. */
type Results = Map<string, Map<number, ErrorName>>
type ByProducer = Map<bigint, Results>
type Response = ResponseOf<typeof writeTxnMarkersApi>

const OFFSETS_TOPIC = '__consumer_offsets'
const NO_PRODUCER_ID = -1n
const NO_EPOCH = -1

interface Wish {
  readonly marker: Marker
  readonly topic: string
  readonly partitionIndex: number
  readonly partition: Partition | undefined
}

/** Ends transactions where no coordinator does it any more: for those who abort what hangs. */
export const writeTxnMarkers = handler(
  writeTxnMarkersApi,
  async ({ markers }, context): Promise<Reply<Response>> => {
    const isAllowed =
      isAuthorizedOnCluster(context, 'ALTER', true) || isAuthorizedOnCluster(context, 'CLUSTER_ACTION')
    if (!isAllowed) return failed(markers, 'CLUSTER_AUTHORIZATION_FAILED')
    const asked = markers.map((marker) => ({ marker, wishes: wishesOf(marker, context) }))
    const isAnswered = asked.length === 0 || answers(asked.map(({ wishes }) => wishes))
    const impossible = asked.findIndex(({ marker, wishes }) => isImpossible(marker, wishes))
    const possible = impossible === -1 ? asked : asked.slice(0, impossible)
    const wishes = possible.flatMap((each) => onlyOnce(each.wishes))
    const written = await Promise.all(
      wishes.map(async (wish) => ({ wish, error: await write(wish, context) })),
    )
    if (impossible !== -1) return failed(markers, 'UNKNOWN_SERVER_ERROR')
    return isAnswered ? told(written) : neverAnswered
  },
  { isExempt: true },
)

function wishesOf({ topics, ...marker }: Marker, { node }: RequestContext): Wish[] {
  return topics.flatMap(({ name, partitionIndexes }) =>
    partitionIndexes.map((partitionIndex) => ({
      marker: { topics, ...marker },
      topic: name,
      partitionIndex,
      partition: node.partitions.get(name, partitionIndex),
    })),
  )
}

/** A partition that is given twice gets one marker. */
function onlyOnce(wishes: readonly Wish[]): Wish[] {
  return [...new Map(wishes.map((wish) => [placeOf(wish), wish])).values()]
}

function placeOf({ topic, partitionIndex }: Wish): string {
  return `${topic}/${partitionIndex}`
}

/**
 * Kafka counts what it waits for. A partition that stands twice in a marker is written to, and heard of, once; and
 * where the last marker has none of the partitions, nobody looks whether the others are done. Its groups count otherwise.
 */
function answers(markers: readonly (readonly Wish[])[]): boolean {
  const there = markers.map((wishes) => wishes.filter(({ partition }) => partition !== undefined))
  if (there.every((wishes) => wishes.length === 0)) return true
  const isStuck = (wishes: readonly Wish[]) =>
    repeated(wishes.filter(({ topic }) => topic !== OFFSETS_TOPIC).map(placeOf)).size > 0
  if (there.some(isStuck)) return false
  const isLate = there.some((wishes) => wishes.some(({ topic }) => topic === OFFSETS_TOPIC))
  return isLate || there.at(-1)?.length !== 0
}

/** Kafka cannot make a marker of nobody, and fails with all that came with it, behind what it has written by then. */
function isImpossible({ producerId, producerEpoch }: Marker, wishes: readonly Wish[]): boolean {
  const isMade = wishes.some(({ topic, partition }) => partition !== undefined && topic !== OFFSETS_TOPIC)
  return isMade && isNobody(producerId, producerEpoch)
}

function isNobody(producerId: bigint, producerEpoch: number): boolean {
  return producerId === NO_PRODUCER_ID || producerEpoch === NO_EPOCH
}

async function write({ marker, partition }: Wish, { node }: RequestContext): Promise<ErrorName> {
  if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (isNobody(marker.producerId, marker.producerEpoch)) return 'UNKNOWN_SERVER_ERROR'
  try {
    partition.appendMarker({
      producerId: toInt64(marker.producerId),
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

/** Of one producer the last marker alone. */
function failed(markers: readonly Marker[], error: ErrorName): Response {
  const last = new Map(markers.map((marker) => [marker.producerId, marker]))
  const all = [...last.values()].flatMap(({ producerId, topics }) =>
    topics.flatMap(({ name, partitionIndexes }) =>
      partitionIndexes.map((index) => ({ producerId, name, index })),
    ),
  )
  const results: ByProducer = new Map([...last.keys()].map((producerId) => [producerId, new Map()]))
  for (const { producerId, name, index } of all) {
    put(results, { producerId, topic: name, partitionIndex: index }, error)
  }
  return responseOf(results)
}

function told(written: readonly { wish: Wish; error: ErrorName }[]): Response {
  const results: ByProducer = new Map()
  for (const { wish, error } of written) put(results, { ...wish, ...wish.marker }, error)
  return responseOf(results)
}

function put(
  results: ByProducer,
  { producerId, topic, partitionIndex }: { producerId: bigint; topic: string; partitionIndex: number },
  error: ErrorName,
): void {
  const ofProducer: Results = results.get(producerId) ?? new Map()
  results.set(producerId, ofProducer)
  const ofTopic = ofProducer.get(topic) ?? new Map()
  ofProducer.set(topic, ofTopic.set(partitionIndex, error))
}

function responseOf(results: ByProducer): Response {
  return { markers: [...results].map(([producerId, ofProducer]) => answer(producerId, ofProducer)) }
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
