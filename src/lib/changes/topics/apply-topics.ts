import { FailedError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Change, Plan, Step } from '../../model/plan.ts'
import { CONFIGS_PLAN } from '../../operations/configs/config-value.ts'
import { topicPlans } from '../../operations/topics/topic-value.ts'
import { alterConfigsChange } from '../configs/alter-configs.ts'
import { addPartitionsChange } from './add-partitions.ts'
import { createTopicsChange } from './create-topics.ts'

type Actions = Readonly<Record<string, Change>>

/** Topics made as a file wants them: each step is done as the command of its own would do it. */
export function applyTopicsChange({ topics, configs }: Pick<Changers, 'topics' | 'configs'>): Change {
  const alter = alterConfigsChange(configs)
  const actions: Actions = {
    create: createTopicsChange(topics),
    'add-partitions': addPartitionsChange(topics),
    set: alter,
    unset: alter,
  }
  return {
    kind: topicPlans.apply,
    isIrreversible: false,
    now: (plan, steps) => byAction(actions, steps, (change, own) => change.now(plan, own)),
    perform: (plan, steps, underway) =>
      byAction(actions, steps, (change, own) => change.perform(plan, own, underway)),
    tryOut: (plan, steps) =>
      byAction(actions, steps, async (change, own) =>
        change.tryOut === undefined
          ? own.map(({ item }) => ({ item, outcome: null }))
          : change.tryOut(plan, own),
      ),
    standing: (step, now) => {
      const { standing } = changeFor(actions, step)
      return standing === undefined ? 'stale' : standing(step, now)
    },
    isUnseen: (step) => changeFor(actions, step).isUnseen?.(step) === true,
    inverse: (plan) => configsAsBefore(alter, plan),
    shown: (step) => changeFor(actions, step).shown?.(step) ?? step,
  }
}

/** Configs go back to what they were; topics and partitions that were made stay. */
function configsAsBefore(alter: Change, plan: Plan): Plan | null {
  const steps = plan.steps.filter(({ action }) => action === 'set' || action === 'unset')
  return steps.length === 0 ? null : (alter.inverse?.({ ...plan, kind: CONFIGS_PLAN, steps }) ?? null)
}

/** One change after the other, in the order in which their first steps stand; answers in the order of the steps. */
async function byAction<T>(
  actions: Actions,
  steps: readonly Step[],
  ask: (change: Change, own: readonly Step[]) => Promise<readonly Outcome<T>[]>,
): Promise<Outcome<T>[]> {
  const answers = new Map<Step, Outcome<T>>()
  for (const change of new Set(steps.map((step) => changeFor(actions, step)))) {
    const own = steps.filter((step) => changeFor(actions, step) === change)
    const told = await ask(change, own)
    for (const [i, step] of own.entries()) {
      const answer = told[i]
      if (answer !== undefined) answers.set(step, answer)
    }
  }
  return steps.map((step) => answers.get(step) ?? { item: step.item, outcome: notAnswered(step) })
}

function changeFor(actions: Actions, { action, item }: Step): Change {
  const change = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (change !== undefined) return change
  throw new FailedError('malformed-plan', `the plan wants "${action}" done to ${item}, which is not known`)
}

function notAnswered({ item }: Step): FailedError {
  return new FailedError('not-answered', `nothing was said of ${item}`)
}
