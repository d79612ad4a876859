import { KtoolError } from '../../errors.ts'
import type { OffsetsView } from '../../model/offsets.ts'
import type { Cluster } from '../cluster.ts'
import { boundingOffsets } from '../offsets/bounding-offsets.ts'
import { findOffsets } from '../offsets/find-offsets.ts'
import { firstRecords } from '../offsets/first-records.ts'
import { topicMetadata } from '../routing/topic-metadata.ts'

/** The offsets of partitions, as their leaders tell them. */
export function liveOffsets(cluster: Cluster): OffsetsView {
  return {
    partitions: (topic) => partitionNumbers(cluster, topic),
    offsets: (partitions) => boundingOffsets(cluster, partitions),
    find: (partitions, place) => findOffsets(cluster, partitions, place),
    firstRecords: (from) => firstRecords(cluster, from),
  }
}

async function partitionNumbers(cluster: Cluster, topic: string): Promise<number[] | undefined> {
  const known = (await topicMetadata(cluster, [topic])).get(topic)
  if (known === undefined) return undefined
  if (!(known instanceof KtoolError)) {
    return known.partitions.map(({ partitionIndex }) => partitionIndex).sort((a, b) => a - b)
  }
  if (known.code === 'unknown-topic-or-partition') return undefined
  throw known
}
