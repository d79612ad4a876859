import type { KtoolError } from '../../errors.ts'
import { type Figure, isKnown } from '../../model/figure.ts'
import type { ItemFailure } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { TopicsView } from '../../model/topics.ts'
import { type Ailment, ailmentsOf } from '../partition-health.ts'
import { Rates } from './rates.ts'

/** A partition in one round. */
export interface PartitionNow {
  readonly topic: string
  readonly partition: number
  readonly leader: Figure
  readonly replicas: Figure<readonly number[]>
  readonly isr: Figure<readonly number[]>
  readonly logStart: Figure
  readonly highWatermark: Figure
  /** Records written in a second. */
  readonly perSecond: number | null
  readonly ailments: readonly Ailment[]
}

export interface PartitionRound {
  readonly partitions: readonly PartitionNow[]
  readonly failures: readonly ItemFailure[]
}

/** All partitions of some topics, or of all, round by round, with what was written in between. */
export class PartitionRounds {
  readonly #rates = new Rates()

  async next(view: TopicsView, nowMs: () => number, only?: readonly string[]): Promise<PartitionRound> {
    const topics = only ?? (await view.list()).map(({ topic }) => topic)
    const described = await view.describe(topics, {
      elr: false,
      configs: 'minIsr',
      offsets: true,
      sizes: false,
    })
    const atMs = nowMs()
    const failures: { item: string; error: KtoolError }[] = []
    const found: Omit<PartitionNow, 'perSecond'>[] = []
    for (const { item, outcome } of described) {
      if (outcome instanceof Error) failures.push({ item, error: outcome })
      else {
        for (const partition of outcome.partitions) {
          const ailments = [...ailmentsOf(partition, outcome.minIsr)]
          found.push({ ...partition, topic: outcome.topic, ailments })
        }
      }
    }
    this.#rates.add({ atMs, counts: new Map(found.flatMap(endOf)) })
    return {
      partitions: found.map((each) => ({ ...each, perSecond: this.#rates.of(partitionName(each)) })),
      failures,
    }
  }
}

function endOf(each: Omit<PartitionNow, 'perSecond'>): [string, number][] {
  const { highWatermark } = each
  return isKnown(highWatermark) ? [[partitionName(each), Number(highWatermark.value)]] : []
}
