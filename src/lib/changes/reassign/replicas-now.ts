import { KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { noSuchPartition } from '../../model/not-found.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { isPlanObject, type PlanValue, type Step } from '../../model/plan.ts'
import { Disks, type PlacedNow } from '../../operations/log-dirs.ts'
import { logDirAt, type Placement, partitionOf, placementOf } from '../../operations/partition-item.ts'
import { originOf, targetOf } from '../../operations/reassign-progress.ts'

type Parts = Pick<Changers, 'reassignments' | 'leaders'>

/**
 * A partition's replicas; of one that is being moved, where from and where to. Of a step that names directories, also
 * in which the replicas lie, and to which they are on their way.
 */
export async function replicasNow(parts: Parts, steps: readonly Step[]): Promise<Outcome<PlanValue>[]> {
  const placed = steps.map(placedOf)
  const onBrokers = await brokersNow(
    parts,
    placed.map(({ at }) => at),
  )
  const disks = await disksOf(parts, placed)
  return onBrokers.map((each, i) => {
    const step = placed[i]
    if (each.outcome instanceof KtoolError || step === undefined || !namesLogDirs(step)) return each
    return { item: each.item, outcome: withLogDirs(step, each.outcome, disks) }
  })
}

interface PlacedStep {
  readonly at: TopicPartition
  readonly before: Placement
  readonly after: Placement
}

export function placedOf({ item, before, after }: Step): PlacedStep {
  return { at: partitionOf(item), before: placementOf(before), after: placementOf(after) }
}

export function namesLogDirs({ before, after }: Pick<PlacedStep, 'before' | 'after'>): boolean {
  return before.logDirs !== null || after.logDirs !== null
}

/** Those on which a directory is named. */
function brokersNamed({ before, after }: Pick<PlacedStep, 'before' | 'after'>): number[] {
  const all = [...new Set([...before.replicas, ...after.replicas])]
  return all.filter((id) => (logDirAt(before, id) ?? logDirAt(after, id)) !== undefined)
}

async function disksOf({ reassignments }: Parts, placed: readonly PlacedStep[]): Promise<Disks> {
  const naming = placed.filter(namesLogDirs)
  const brokers = [...new Set(naming.flatMap(brokersNamed))]
  if (brokers.length === 0) return new Disks([])
  return new Disks(
    await reassignments.disks(
      brokers,
      naming.map(({ at }) => at),
    ),
  )
}

function withLogDirs({ at, before, after }: PlacedStep, now: PlanValue, disks: Disks) {
  const logDirs: Record<string, string> = {}
  const futureLogDirs: Record<string, string> = {}
  for (const id of brokersNamed({ before, after })) {
    const replica = disks.replica(at, id)
    const told = disks.of(id)
    // One that goes anyway may be silent.
    if (told instanceof KtoolError && logDirAt(after, id) !== undefined) return told
    if (replica?.current) logDirs[id] = replica.current
    if (replica?.future) futureLogDirs[id] = replica.future
  }
  const replicas = isPlanObject(now) ? now : { replicas: now }
  return { ...replicas, logDirs, futureLogDirs }
}

/** What was told of a step that names directories. */
export function asPlacedNow(now: PlanValue): PlacedNow | undefined {
  if (!isPlanObject(now)) return undefined
  const { target, replicas = target, logDirs, futureLogDirs } = now
  if (!Array.isArray(replicas) || !isPlanObject(logDirs) || !isPlanObject(futureLogDirs)) return undefined
  const pathIn = (paths: Readonly<Record<string, PlanValue>>) => (broker: number) => {
    const path = paths[broker]
    return typeof path === 'string' ? path : undefined
  }
  return {
    replicas,
    isReassigned: target !== undefined,
    logDirOf: pathIn(logDirs),
    futureLogDirOf: pathIn(futureLogDirs),
  }
}

/** Brokers alone. */
export async function brokersNow(
  { reassignments, leaders }: Parts,
  partitions: readonly TopicPartition[],
): Promise<Outcome<PlanValue>[]> {
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
