import { KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import { noSuchPartition } from '../../model/not-found.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { PlanValue, Step } from '../../model/plan.ts'
import { partitionOf } from '../../operations/partition-item.ts'
import { originOf, targetOf } from '../../operations/reassign-progress.ts'

/** A partition's replicas; of one that is being moved, where from and where to. */
export async function replicasNow(
  { reassignments, leaders }: Pick<Changers, 'reassignments' | 'leaders'>,
  steps: readonly Step[],
): Promise<Outcome<PlanValue>[]> {
  const partitions = steps.map(({ item }) => partitionOf(item))
  // Asked first: what is done in between is then seen as done.
  const underWay = new Map(
    (await reassignments.underWay(partitions)).map((each) => [partitionName(each), each]),
  )
  const topics = await leaders.partitions([...new Set(partitions.map(({ topic }) => topic))])
  const known = new Map<string, PlanValue>()
  const errors = new Map<string, KtoolError>()
  for (const { item, outcome } of topics) {
    if (outcome instanceof KtoolError) errors.set(item, outcome)
    else for (const each of outcome) known.set(partitionName(each), each.replicas)
  }
  return partitions.map((at) => {
    const item = partitionName(at)
    const moving = underWay.get(item)
    if (moving !== undefined) return { item, outcome: { origin: originOf(moving), target: targetOf(moving) } }
    return { item, outcome: known.get(item) ?? errors.get(at.topic) ?? noSuchPartition(at) }
  })
}
