import { isKnown } from '../../model/figure.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Partition, Topic } from '../../model/topics.ts'
import { type Ailment, ailmentsOf } from '../partition-health.ts'
import type { HealthCheck, HealthState } from './health-check.ts'
import { named } from './named.ts'

interface Seen {
  readonly name: string
  readonly partition: Partition
  readonly ailments: ReadonlySet<Ailment>
}

const ailing: readonly (readonly [Ailment, string, HealthState])[] = [
  ['unavailable', 'partitions without a leader', 'trouble'],
  ['underMinIsr', 'partitions under min.insync.replicas', 'trouble'],
  ['underReplicated', 'under-replicated partitions', 'trouble'],
  ['offlineReplicas', 'partitions with offline replicas', 'trouble'],
  ['atMinIsr', 'partitions at min.insync.replicas', 'info'],
]

export function partitionChecks(topics: readonly Outcome<Topic>[]): HealthCheck[] {
  const seen = topics.flatMap(({ outcome }) => (outcome instanceof Error ? [] : partitionsOf(outcome)))
  return [
    ...ailing.map(([ailment, check, state]) =>
      counted(
        check,
        state,
        seen.filter(({ ailments }) => ailments.has(ailment)),
      ),
    ),
    counted('leaders that are not the preferred ones', 'info', seen.filter(isImbalanced)),
    counted('partitions on their way to other brokers', 'info', seen.filter(isMoving)),
  ]
}

function partitionsOf({ topic, partitions, minIsr }: Topic): Seen[] {
  return partitions.map((partition) => ({
    name: `${topic}:${partition.partition}`,
    partition,
    ailments: ailmentsOf(partition, minIsr),
  }))
}

/** One without a leader is not led by its preferred one either. */
function isImbalanced({ partition: { leader, replicas } }: Seen): boolean {
  return isKnown(replicas) && !(isKnown(leader) && Number(leader.value) === replicas.value[0])
}

function isMoving({ partition: { addingReplicas, removingReplicas } }: Seen): boolean {
  return [addingReplicas, removingReplicas].some((replicas) => isKnown(replicas) && replicas.value.length > 0)
}

function counted(check: string, state: HealthState, found: readonly Seen[]): HealthCheck {
  return {
    check,
    state: found.length === 0 ? 'ok' : state,
    count: found.length,
    detail: named(found.map(({ name }) => name)),
  }
}
