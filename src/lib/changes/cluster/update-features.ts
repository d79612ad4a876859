import { FailedError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import { downgrades, type FeatureEdit } from '../../model/features-changer.ts'
import { METADATA_VERSION, metadataVersionName } from '../../model/metadata-versions.ts'
import type { Outcome } from '../../model/outcome.ts'
import { type Change, newPlan, type Plan, type PlanValue, type Step } from '../../model/plan.ts'
import { featureAction, featurePlans } from '../../operations/features/plan-features.ts'

/** Levels of features. Going back is a downgrade, which the controller may refuse. */
export function updateFeaturesChange(
  { features }: Pick<Changers, 'features'>,
  how: keyof typeof featurePlans,
): Change {
  const update = (plan: Plan, steps: readonly Step[], isTrial: boolean) =>
    features.update(
      steps.map((step) => editOf(plan, step)),
      isTrial,
    )
  return {
    kind: featurePlans[how],
    isIrreversible: how === 'unsafe',
    async now(_plan, steps) {
      const { rows } = await features.features()
      return steps.map(
        ({ item }): Outcome<PlanValue> => ({
          item,
          outcome: rows.find(({ feature }) => feature === item)?.finalized ?? 0,
        }),
      )
    },
    perform: (plan, steps) => update(plan, steps, false),
    tryOut: (plan, steps) => update(plan, steps, true),
    inverse: undoing,
    shown: ({ item, before, after }) => ({ before: named(item, before), after: named(item, after) }),
  }
}

function editOf({ settings }: Plan, { item, before, after }: Step): FeatureEdit {
  if (typeof before !== 'number' || typeof after !== 'number') {
    throw new FailedError('malformed-plan', `the plan does not say which level ${item} is to have`)
  }
  const downgrade = downgrades.find((each) => each === settings.downgrade) ?? null
  return { feature: item, level: after, downgrade: after < before ? downgrade : null }
}

function undoing(plan: Plan): Plan {
  const steps = plan.steps.map(({ item, before, after }) => {
    const action = featureAction(Number(after), Number(before))
    return { item, action, before: after, after: before }
  })
  return newPlan(featurePlans.update, plan, steps.reverse(), { settings: { downgrade: 'safe' } })
}

/** Whoever reads it knows releases, and not their numbers. */
function named(feature: string, level: PlanValue): PlanValue {
  if (feature !== METADATA_VERSION || typeof level !== 'number') return level
  return { level, release: metadataVersionName(level) }
}
