import type { Cluster } from '../../model/cluster.ts'
import { isKnown } from '../../model/figure.ts'
import type { LagSum } from '../lag-sums.ts'
import type { PartitionNow } from './partition-round.ts'

export interface BrokerNow {
  readonly broker: number
  readonly listener: string | null
  readonly rack: string | null
  readonly leaders: number
  readonly replicas: number
  /** Of the partitions that it has a replica of: those where it is missing from the ISR. */
  readonly outOfSync: number
  /** Records written to the partitions that it leads. */
  readonly perSecond: number | null
}

export interface TopicNow {
  readonly topic: string
  readonly partitions: number
  /** Offsets that are there, from the start to the high watermark. */
  readonly records: number
  readonly perSecond: number | null
  readonly unhealthy: number
}

export interface GroupNow extends LagSum {
  /** Offsets that it has gone forward by. */
  readonly perSecond: number | null
}

export function brokersNow(
  { nodes }: Pick<Cluster, 'nodes'>,
  partitions: readonly PartitionNow[],
): BrokerNow[] {
  return nodes
    .filter(({ roles }) => roles.includes('broker'))
    .map(({ id, listeners, rack }) => {
      const led = partitions.filter(({ leader }) => isKnown(leader) && leader.value === id)
      const held = partitions.filter(({ replicas }) => isKnown(replicas) && replicas.value.includes(id))
      const outOfSync = held.filter(({ isr }) => isKnown(isr) && !isr.value.includes(id)).length
      return {
        broker: id,
        listener: listeners[0] ?? null,
        rack,
        leaders: led.length,
        replicas: held.length,
        outOfSync,
        perSecond: sumOf(led),
      }
    })
}

export function topicsNow(partitions: readonly PartitionNow[]): TopicNow[] {
  const byTopic = new Map<string, PartitionNow[]>()
  for (const each of partitions) {
    const own = byTopic.get(each.topic)
    if (own === undefined) byTopic.set(each.topic, [each])
    else own.push(each)
  }
  return [...byTopic].map(([topic, own]) => ({
    topic,
    partitions: own.length,
    records: own.reduce((sum, { logStart, highWatermark }) => sum + between(logStart, highWatermark), 0),
    perSecond: sumOf(own),
    unhealthy: own.filter(isUnhealthy).length,
  }))
}

/** As many in sync as there must be is no trouble yet. */
export function isUnhealthy({ ailments }: Pick<PartitionNow, 'ailments'>): boolean {
  return ailments.some((ailment) => ailment !== 'atMinIsr')
}

function between(start: PartitionNow['logStart'], end: PartitionNow['highWatermark']): number {
  return isKnown(start) && isKnown(end) ? Number(end.value) - Number(start.value) : 0
}

function sumOf(partitions: readonly PartitionNow[]): number | null {
  const known = partitions.flatMap(({ perSecond }) => perSecond ?? [])
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0)
}
