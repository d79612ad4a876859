import { CheckFailed } from '../errors.ts'
import { type Figure, isKnown } from '../model/figure.ts'
import type { Partition } from '../model/topics.ts'

/** What can be wrong with a partition, as Kafka's own tools define it. */
export const ailments = [
  'underReplicated',
  'underMinIsr',
  'atMinIsr',
  'unavailable',
  'offlineReplicas',
] as const
export type Ailment = (typeof ailments)[number]

type Standing = Pick<Partition, 'leader' | 'replicas' | 'isr' | 'addingReplicas' | 'offlineReplicas'>

/** Nothing is held against a partition that is not known. */
export function ailmentsOf(partition: Standing, minIsr: Figure): ReadonlySet<Ailment> {
  const isLed = isKnown(partition.leader)
  const isr = countOf(partition.isr)
  const least = isKnown(minIsr) ? Number(minIsr.value) : undefined
  const found = new Set<Ailment>()
  if (isr === undefined) return found
  if (wantedReplicas(partition) > isr) found.add('underReplicated')
  if (!isLed || (least !== undefined && isr < least)) found.add('underMinIsr')
  if (isr === least) found.add('atMinIsr')
  if (!isLed) found.add('unavailable')
  if ((countOf(partition.offlineReplicas) ?? 0) > 0) found.add('offlineReplicas')
  return found
}

/** Replicas that are on their way are not in sync yet, and nobody misses them. */
function wantedReplicas({ replicas, addingReplicas }: Standing): number {
  return (countOf(replicas) ?? 0) - (countOf(addingReplicas) ?? 0)
}

function countOf(figure: Figure<readonly number[]>): number | undefined {
  return isKnown(figure) ? figure.value.length : undefined
}

/** For whoever takes any for trouble. */
export function partitionsFound(rows: readonly { readonly topic: string }[]): CheckFailed | undefined {
  if (rows.length === 0) return undefined
  const topics = new Set(rows.map(({ topic }) => topic)).size
  return new CheckFailed('partitions-found', `${rows.length} partitions of ${topics} topics were found`, {
    details: { partitions: rows.length, topics },
  })
}
