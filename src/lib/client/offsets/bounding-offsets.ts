import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { Figure } from '../../model/figure.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { PartitionOffsets } from '../../model/offsets.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { exact } from '../live-figures.ts'
import { askLeaders } from '../routing/by-leader.ts'
import { Refusal } from '../routing/refusal.ts'
import { whyUnknown } from '../routing/why-unknown.ts'
import { listOffsetsOf, type OffsetsQuestion, placeTimestamps } from './list-offsets.ts'

const LOG_END_IS_UNKNOWN: Figure = {
  unknown: true,
  reason: 'brokers tell it to replicas only; clients see up to the high watermark',
}

/** The ends last, so that nothing else is beyond them. */
const bounds = {
  logStart: { timestamp: placeTimestamps.start, isCommitted: false, since: 1 },
  lastStable: { timestamp: placeTimestamps.end, isCommitted: true, since: 2 },
  highWatermark: { timestamp: placeTimestamps.end, isCommitted: false, since: 1 },
} satisfies Record<string, OffsetsQuestion>

type Bounds = Readonly<Record<keyof typeof bounds, Int64>>

/** Where partitions start and end, by their order; each leader is asked once for each bound, without waiting between. */
export async function boundingOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
): Promise<PartitionOffsets[]> {
  const unique = new Map(partitions.map((at) => [partitionName(at), at]))
  const told = await askLeaders(cluster, [...unique.values()], (connection, own) =>
    askBounds(cluster, connection, own),
  )
  return partitions.map(({ topic, partition }) => {
    const found = told.get(partitionName({ topic, partition }))
    return { topic, partition, ...(found instanceof KtoolError ? unknown(found) : figures(found)) }
  })
}

async function askBounds(
  cluster: Cluster,
  connection: Connection,
  own: readonly TopicPartition[],
): Promise<Map<string, Bounds | Refusal>> {
  const [logStart, lastStable, highWatermark] = await Promise.all(
    [bounds.logStart, bounds.lastStable, bounds.highWatermark].map((question) =>
      listOffsetsOf(cluster, connection, own, question),
    ),
  )
  const together = new Map<string, Bounds | Refusal>()
  for (const at of own) {
    const key = partitionName(at)
    const [first, stable, high] = [logStart?.get(key), lastStable?.get(key), highWatermark?.get(key)]
    const refusal = [first, stable, high].find((each) => each instanceof Refusal)
    if (refusal !== undefined) together.set(key, refusal)
    else if (isTold(first) && isTold(stable) && isTold(high)) {
      together.set(key, { logStart: first.offset, lastStable: stable.offset, highWatermark: high.offset })
    }
  }
  return together
}

function isTold<T>(told: T | Refusal | undefined): told is T {
  return told !== undefined && !(told instanceof Refusal)
}

function figures(told: Bounds | undefined): Omit<PartitionOffsets, keyof TopicPartition> {
  if (told === undefined) return noFigures('the broker left it out of its answer')
  return {
    logStart: exact(told.logStart),
    highWatermark: exact(told.highWatermark),
    lastStable: exact(told.lastStable),
    logEnd: LOG_END_IS_UNKNOWN,
    reason: null,
  }
}

function unknown(error: KtoolError): Omit<PartitionOffsets, keyof TopicPartition> {
  return noFigures(whyUnknown(error))
}

function noFigures(reason: string): Omit<PartitionOffsets, keyof TopicPartition> {
  const figure: Figure = { unknown: true, reason }
  return { logStart: figure, highWatermark: figure, lastStable: figure, logEnd: figure, reason }
}
