import { FailedError, KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { FoundOffset, OffsetPlace } from '../../model/offsets.ts'
import { partitionName } from '../../model/partitions.ts'
import { listOffsets } from '../../protocol/apis/list-offsets.ts'
import { firstReleaseOf } from '../../protocol/first-releases.ts'
import { formatTime } from '../../values/times.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { exact } from '../live-figures.ts'
import { askLeaders } from '../routing/by-leader.ts'
import { whyUnknown } from '../routing/why-unknown.ts'
import { listOffsetsOf, type OffsetsQuestion, placeTimestamps, type ToldOffset } from './list-offsets.ts'

/** One offset of each partition, by their order. */
export async function findOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  place: OffsetPlace,
): Promise<FoundOffset[]> {
  const question = questionOf(place)
  const unique = new Map(partitions.map((at) => [partitionName(at), at]))
  const told = await askLeaders(cluster, [...unique.values()], (connection, own) => {
    mustKnow(connection, place, question)
    return listOffsetsOf(cluster, connection, own, question)
  })
  return partitions.map(({ topic, partition }) => {
    const answer = told.get(partitionName({ topic, partition }))
    return { topic, partition, ...found(answer, place) }
  })
}

function questionOf(place: OffsetPlace): OffsetsQuestion {
  const isCommitted = place.kind === 'committed'
  if (place.kind === 'time') return { timestamp: BigInt(place.timeMs), isCommitted, since: 1 }
  const timestamp = place.kind === 'committed' ? placeTimestamps.end : placeTimestamps[place.kind]
  return { timestamp, isCommitted, since: firstVersions[place.kind] }
}

/** KIP-98, KIP-734, KIP-405 and KIP-1005. */
const firstVersions = { start: 1, end: 1, committed: 2, max: 7, local: 8, tiered: 9 } as const

function mustKnow({ peer, versions }: Connection, { kind }: OffsetPlace, { since }: OffsetsQuestion): void {
  if (versions.has(listOffsets, { min: since })) return
  const who = firstReleaseOf(listOffsets.key, since)
  const lack = `it does not serve version ${since} of ListOffsets${who === undefined ? '' : `; ${who}`}`
  throw new FailedError(
    'not-supported-by-broker',
    `${peer.name} is too old to be asked for "${kind}": ${lack}`,
    { details: { api: listOffsets.name, since } },
  )
}

type Found = Omit<FoundOffset, keyof TopicPartition>

function found(answer: ToldOffset | KtoolError | undefined, place: OffsetPlace): Found {
  if (answer === undefined) return notFound('the broker left it out of its answer')
  if (answer instanceof KtoolError) return notFound(whyUnknown(answer))
  const { offset, timestamp } = answer
  if (offset < 0) return { offset: null, timestamp: null, reason: whyNone(place) }
  return { offset: exact(offset), timestamp: timestamp < 0 ? null : timestamp, reason: null }
}

function notFound(reason: string): Found {
  return { offset: { unknown: true, reason }, timestamp: null, reason }
}

function whyNone(place: OffsetPlace): string {
  if (place.kind === 'time') return `no record is from ${formatTime(place.timeMs)} or later`
  if (place.kind === 'tiered') return 'nothing of it is in remote storage'
  return 'no record has a timestamp'
}
