import { KtoolError } from '../../errors.ts'
import { noSuchTopic } from '../../model/not-found.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Isolation, ReadablePartition, RecordsView } from '../../model/records.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { knownId } from '../known-id.ts'
import { listOffsetsOf, placeTimestamps, type ToldOffset } from '../offsets/list-offsets.ts'
import { type Bounds, type KnownPlace, LiveRecordPartition } from '../records/live-record-partition.ts'
import { OffsetsByTime } from '../records/offsets-by-time.ts'
import { RecordFetcher } from '../records/record-fetcher.ts'
import { askLeaders } from '../routing/by-leader.ts'
import { Refusal } from '../routing/refusal.ts'
import { type TopicMetadata, topicMetadata } from '../routing/topic-metadata.ts'

/** The records of a live cluster, fetched from the leaders of their partitions. */
export function liveRecords(cluster: Cluster): RecordsView {
  const readers = new Map<Isolation, Reader>()
  const open: RecordsView['open'] = async (topic, isolation, isWanted = () => true) => {
    const reader = readers.get(isolation) ?? readerOf(cluster, isolation)
    readers.set(isolation, reader)
    return openTopic(cluster, reader, topic, isWanted)
  }
  return {
    open,
    later: {
      open: (...asked) => {
        cluster.deadline.renew()
        return open(...asked)
      },
      names: async () => {
        cluster.deadline.renew()
        return ordinaryNames(cluster)
      },
    },
  }
}

async function ordinaryNames(cluster: Cluster): Promise<readonly string[]> {
  const topics = await topicMetadata(cluster, undefined)
  return [...topics].flatMap(([name, topic]) =>
    topic instanceof KtoolError || topic.isInternal ? [] : [name],
  )
}

interface Reader {
  readonly isolation: Isolation
  readonly fetcher: RecordFetcher
  readonly times: OffsetsByTime
}

function readerOf(cluster: Cluster, isolation: Isolation): Reader {
  return {
    isolation,
    fetcher: new RecordFetcher(cluster, isolation),
    times: new OffsetsByTime(cluster, isolation),
  }
}

async function openTopic(
  cluster: Cluster,
  { isolation, fetcher, times }: Reader,
  topic: string,
  isWanted: (partition: number) => boolean,
): Promise<Outcome<ReadablePartition>[]> {
  const known = (await topicMetadata(cluster, [topic])).get(topic)
  if (known === undefined || isUnknown(known)) throw noSuchTopic(topic)
  if (known instanceof KtoolError) throw known
  const places = placesOf(topic, known).filter(({ partition }) => isWanted(partition))
  const bounds = await askLeaders(cluster, places, (connection, own) =>
    askBounds(cluster, connection, own, isolation),
  )
  return places.map((place) => {
    const told = bounds.get(partitionName(place))
    const outcome =
      told === undefined || told instanceof KtoolError
        ? (told ?? noSuchTopic(topic))
        : new LiveRecordPartition(place, told, isolation, fetcher, times)
    return { item: partitionName({ topic, partition: place.partition }), outcome }
  })
}

function placesOf(topic: string, { topicId, partitions }: TopicMetadata): KnownPlace[] {
  return partitions
    .map(({ partitionIndex, leaderId }) => ({
      topic,
      topicId: knownId(topicId),
      partition: partitionIndex,
      leader: leaderId,
    }))
    .sort((a, b) => a.partition - b.partition)
}

/** The start first, so that it is never beyond the end. */
async function askBounds(
  cluster: Cluster,
  connection: Connection,
  own: readonly KnownPlace[],
  isolation: Isolation,
): Promise<Map<string, Bounds | Refusal>> {
  const ask = (timestamp: bigint, isCommitted: boolean) =>
    listOffsetsOf(cluster, connection, own, { timestamp, isCommitted, since: isCommitted ? 2 : 1 })
  const [starts, stables, ends] = await Promise.all([
    ask(placeTimestamps.start, false),
    isolation === 'committed' ? ask(placeTimestamps.end, true) : undefined,
    ask(placeTimestamps.end, false),
  ])
  const bounds = new Map<string, Bounds | Refusal>()
  for (const place of own) {
    const key = partitionName(place)
    const [start, end] = [starts.get(key), ends.get(key)]
    const found = together(start, stables === undefined ? end : stables.get(key), end)
    if (found !== undefined) bounds.set(key, found)
  }
  return bounds
}

type Told = ToldOffset | Refusal | undefined

function together(start: Told, stable: Told, end: Told): Bounds | Refusal | undefined {
  if (start === undefined || start instanceof Refusal) return start
  if (stable === undefined || stable instanceof Refusal) return stable
  if (end === undefined || end instanceof Refusal) return end
  return { logStart: start.offset, lastStable: stable.offset, highWatermark: end.offset }
}

function isUnknown(known: TopicMetadata | KtoolError): boolean {
  return known instanceof KtoolError && known.code === 'unknown-topic-or-partition'
}
