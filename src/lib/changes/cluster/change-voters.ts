import { Cancelled, FailedError, KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { Outcome } from '../../model/outcome.ts'
import {
  type Change,
  newPlan,
  type Plan,
  type PlanValue,
  type Standing,
  type Step,
} from '../../model/plan.ts'
import type { VoterId } from '../../model/quorum-changer.ts'
import { VOTERS_PLAN, votersOf } from '../../operations/quorum/plan-voters.ts'
import { parseEndpoint, parseVoter } from '../../operations/quorum/voter-words.ts'

/** Votes of controllers. A quorum takes one change at a time, and is asked for the next when that is done. */
export function changeVotersChange({ quorum }: Pick<Changers, 'quorum'>): Change {
  return {
    kind: VOTERS_PLAN,
    isIrreversible: false,
    async now(_plan, steps) {
      const voters = votersOf(await quorum.quorum())
      return steps.map(({ item }): Outcome<PlanValue> => {
        const own = voters.find(({ node, directoryId }) => `${node}@${directoryId}` === item)
        return { item, outcome: own === undefined ? null : own.listeners }
      })
    },
    standing: voteStanding,
    async perform(_plan, steps, { signal }) {
      const outcomes: Outcome<null>[] = []
      for (const step of steps)
        outcomes.push({ item: step.item, outcome: await perform(quorum, step, signal) })
      return outcomes
    },
    inverse: votesBack,
  }
}

async function perform(
  quorum: Changers['quorum'],
  step: Step,
  signal: AbortSignal,
): Promise<null | KtoolError> {
  if (signal.aborted) return new Cancelled('stopped', 'it was stopped before this was done')
  try {
    const voter = voterOf(step)
    if (step.after === null) await quorum.removeVoter(voter)
    else await quorum.addVoter(voter, endpointsOf(step.after).map(parseEndpoint))
    return null
  } catch (error) {
    if (error instanceof KtoolError) return error
    throw error
  }
}

/** A vote is there or not; where its controller listens is its own affair. */
function voteStanding({ before, after }: Step, now: PlanValue): Standing {
  if ((now === null) === (after === null)) return 'after'
  return (now === null) === (before === null) ? 'before' : 'stale'
}

function votesBack(plan: Plan): Plan {
  const steps = plan.steps.map(({ item, before, after }) => ({
    item,
    action: before === null ? 'remove' : 'add',
    before: after,
    after: before,
  }))
  return newPlan(plan.kind, plan, steps.reverse())
}

function voterOf({ item }: Step): VoterId {
  const { node, directoryId } = parseVoter(item)
  if (directoryId !== null) return { node, directoryId }
  throw new FailedError('malformed-plan', `the plan does not say which directory "${item}" has`)
}

function endpointsOf(value: PlanValue): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
