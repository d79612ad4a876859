import { KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { ElectionType } from '../../model/leaders.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Change, PlanValue, Standing, Step } from '../../model/plan.ts'
import { partitionOf } from '../../operations/partition-item.ts'

export const electionKinds: Readonly<Record<ElectionType, string>> = {
  preferred: 'leaders.elect-preferred',
  unclean: 'leaders.elect-unclean',
}

/** Elections. An unclean one may lose records for good, and a leader that was is brought back by no other. */
export function electChange({ leaders }: Pick<Changers, 'leaders'>, type: ElectionType): Change {
  return {
    kind: electionKinds[type],
    isIrreversible: type === 'unclean',
    atOnce: 1000,
    now: (_plan, steps) => leadersNow(leaders, steps),
    standing: (step, now) => standingOf(type, step, now),
    tellsSeen: () => true,
    inverse: () => null,
    perform: async (_plan, steps) => {
      const outcomes = await leaders.elect(
        type,
        steps.map(({ item }) => partitionOf(item)),
      )
      return outcomes.map(({ item, outcome }) => ({
        item,
        outcome: outcome instanceof KtoolError ? outcome : null,
      }))
    },
  }
}

/** Whoever leads after an unclean election is who was wanted. Of others a leader that has moved is no obstacle. */
function standingOf(type: ElectionType, { before, after }: Step, now: PlanValue): Standing {
  if (type === 'unclean') return now === null ? 'before' : 'after'
  if (now === after) return 'after'
  return now === before || typeof now === 'number' ? 'before' : 'stale'
}

async function leadersNow(
  leaders: Changers['leaders'],
  steps: readonly Step[],
): Promise<Outcome<PlanValue>[]> {
  const topics = [...new Set(steps.map(({ item }) => partitionOf(item).topic))]
  const known = new Map<string, PlanValue>()
  const errors = new Map<string, KtoolError>()
  for (const { item, outcome } of await leaders.partitions(topics)) {
    if (outcome instanceof KtoolError) errors.set(item, outcome)
    else for (const each of outcome) known.set(partitionName(each), each.leader)
  }
  return steps.map(({ item }) => ({
    item,
    outcome: errors.get(partitionOf(item).topic) ?? known.get(item) ?? null,
  }))
}
