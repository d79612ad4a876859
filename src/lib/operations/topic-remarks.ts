import { type Figure, isKnown } from '../model/figure.ts'
import type { Partition, TopicListing } from '../model/topics.ts'

/** For people: what a column of a list of topics is, where it is not what its header promises. */
export function listingNotes(topics: readonly TopicListing[]): string[] {
  const seen = topics.flatMap(({ partitionCount }) =>
    isKnown(partitionCount) && partitionCount.bound === 'atLeast' ? [partitionCount.reason ?? ''] : [],
  )
  const counted = distinct(seen).map((reason) => `partitions are counted as ${reason}`)
  const unknown = reasonsOf(topics.map(({ replicationFactor }) => replicationFactor))
  return [...counted, ...unknown.map((reason) => `replicas are not known: ${reason}`)]
}

/** The same of partitions. */
export function assignmentNotes(partitions: readonly Pick<Partition, 'replicas'>[]): string[] {
  const unknown = reasonsOf(partitions.map(({ replicas }) => replicas))
  return unknown.map((reason) => `leaders, replicas and ISR are not known: ${reason}`)
}

function reasonsOf(figures: readonly Figure<unknown>[]): string[] {
  return distinct(figures.flatMap((figure) => (isKnown(figure) ? [] : [figure.reason])))
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
