import type { TopicPartition } from '../model/groups.ts'
import type { ElectionType, LedPartition } from '../model/leaders.ts'
import { noSuchPartition } from '../model/not-found.ts'
import { failuresIn, foundIn, type Outcome } from '../model/outcome.ts'
import { byPartition, partitionName } from '../model/partitions.ts'
import type { Planned, Step } from '../model/plan.ts'
import { isImbalanced, preferredLeader } from './imbalance.ts'

export interface ElectionQuestion {
  readonly type: ElectionType
  /** Those alone that need it. */
  readonly isAll: boolean
  /** One by one, as a file has them. */
  readonly asked: readonly TopicPartition[] | undefined
  readonly picks: { has(at: TopicPartition): boolean }
  readonly brokers: readonly number[]
}

type ElectionSteps = Pick<Planned, 'failures'> & {
  readonly steps: readonly Step[]
  readonly warnings: string[]
}

/** Those that are led as they should be are among the steps where they were named. */
export function planElection(
  told: readonly Outcome<readonly LedPartition[]>[],
  { type, isAll, asked, picks, brokers }: ElectionQuestion,
): ElectionSteps {
  const unknown = failuresIn(told)
  const known = foundIn(told).flat().sort(byPartition)
  const wanted = asked === undefined ? undefined : new Set(asked.map(partitionName))
  const chosen = known.filter((each) => wanted?.has(partitionName(each)) ?? picks.has(each))
  const partitions = isAll ? chosen.filter((each) => needsElection(type, each)) : chosen
  const steps = partitions.map((each) => electionStep(type, each, brokers))
  const missing = (asked ?? []).filter(
    (at) =>
      !known.some((each) => partitionName(each) === partitionName(at)) &&
      !unknown.some(({ item }) => item === at.topic),
  )
  const failures = [
    ...unknown,
    ...missing.map((at) => ({ item: partitionName(at), error: noSuchPartition(at) })),
  ]
  return { steps, failures, warnings: warningsOf(type, partitions) }
}

/** Those that an election would change something of. */
export function needsElection(type: ElectionType, partition: LedPartition): boolean {
  return type === 'unclean' ? partition.leader === null : isImbalanced(partition)
}

function electionStep(type: ElectionType, partition: LedPartition, brokers: readonly number[]): Step {
  const after = type === 'preferred' ? preferredLeader(partition) : uncleanLeader(partition, brokers)
  return { item: partitionName(partition), action: 'elect', before: partition.leader, after }
}

/** The first replica that lives, unless there is a leader: then nothing is elected. */
function uncleanLeader({ leader, replicas }: LedPartition, brokers: readonly number[]): number | null {
  // Where all are dead the broker refuses, and says why: a step that changes nothing would not be sent.
  return leader ?? replicas.find((id) => brokers.includes(id)) ?? replicas[0] ?? null
}

function warningsOf(type: ElectionType, partitions: readonly LedPartition[]): string[] {
  const leaderless = partitions.filter(({ leader }) => leader === null).length
  if (leaderless === 0) return []
  const are = leaderless === 1 ? 'one partition has no leader' : `${leaderless} partitions have no leader`
  const unclean = 'what their last leader alone had is lost for good'
  return [
    type === 'unclean' ? `${are}: ${unclean}` : `${are}; a preferred leader has to be in sync to be elected`,
  ]
}
