import type { Changers } from '../../model/changers.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { failuresIn, foundIn } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import type { Reassignment } from '../../model/reassignments.ts'
import { Disks, futureReplicas } from '../../operations/log-dirs.ts'
import { ANY_LOG_DIR, type Placement, placementValue } from '../../operations/partition-item.ts'
import { originOf, targetOf } from '../../operations/reassign-progress.ts'
import { CANCEL } from './cancel-change.ts'

/** All that is under way of these, between brokers and between the disks of one: a step for each partition. */
export async function planCancel(
  { reassignments, leaders }: Pick<Changers, 'reassignments' | 'leaders'>,
  isPicked: (at: TopicPartition) => boolean,
  origin: PlanOrigin,
): Promise<Planned> {
  const underWay = (await reassignments.underWay()).filter(isPicked)
  const told = await reassignments.disks()
  const futures = futureReplicas(told).filter(isPicked)
  const topics = [...new Set(futures.map(({ topic }) => topic))]
  const partitions = topics.length === 0 ? [] : foundIn(await leaders.partitions(topics)).flat()
  const known = new Map(partitions.map((each) => [partitionName(each), each.replicas]))
  const moving = new Map(underWay.map((each) => [partitionName(each), each]))
  const items = new Map([...underWay, ...futures].map((each) => [partitionName(each), each]))
  const steps = [...items].map(([item, at]) => {
    const brokers = futures.filter((each) => partitionName(each) === item).map(({ broker }) => broker)
    return cancelStep(at, moving.get(item), known.get(item) ?? brokers, { brokers, disks: new Disks(told) })
  })
  const warnings = failuresIn(told).map(
    ({ item, error }) => `what ${item} copies between its disks is not known: ${error.message}`,
  )
  return { plan: newPlan(CANCEL, origin, steps, { warnings }), failures: [] }
}

function cancelStep(
  at: TopicPartition,
  reassignment: Reassignment | undefined,
  replicas: readonly number[],
  { brokers, disks }: { readonly brokers: readonly number[]; readonly disks: Disks },
): Step {
  const placement = (ids: readonly number[], side: 'current' | 'future'): Placement => {
    const pathAt = (id: number) => (brokers.includes(id) ? disks.replica(at, id)?.[side] : undefined)
    const logDirs = brokers.length === 0 ? null : ids.map((id) => pathAt(id) ?? ANY_LOG_DIR)
    return { replicas: ids, logDirs }
  }
  const [target, origin] = reassignment === undefined ? [replicas, replicas] : ends(reassignment)
  return {
    item: partitionName(at),
    action: 'cancel',
    before: placementValue(placement(target, 'future')),
    after: placementValue(placement(origin, 'current')),
  }
}

function ends(reassignment: Reassignment) {
  return [targetOf(reassignment), originOf(reassignment)] as const
}
