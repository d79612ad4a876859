import { DataError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import { type Downgrade, downgrades, type FeatureEdit } from '../../model/features-changer.ts'
import { METADATA_VERSION, metadataVersionName } from '../../model/metadata-versions.ts'
import type { Outcome } from '../../model/outcome.ts'
import { type Change, newPlan, type Plan, type PlanValue, type Step } from '../../model/plan.ts'
import { featureAction, featurePlans } from '../../operations/features/plan-features.ts'

/** Levels of features. Going back is a downgrade, which the controller may refuse. */
export function updateFeaturesChange(
  { features }: Pick<Changers, 'features'>,
  how: keyof typeof featurePlans,
): Change {
  const update = (plan: Plan, steps: readonly Step[], isTrial: boolean) => {
    const downgrade = downgradeOf(plan, how)
    return features.update(
      steps.map((step) => editOf(step, downgrade)),
      isTrial,
    )
  }
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

/** A file may say anything, but what loses something for good is asked for by name, which goes by the kind alone. */
function downgradeOf({ settings }: Plan, how: keyof typeof featurePlans): Downgrade | null {
  const downgrade = downgrades.find((each) => each === settings.downgrade) ?? null
  if (downgrade !== 'unsafe' || how === 'unsafe') return downgrade
  throw new DataError('malformed-plan', `a plan of the kind "${featurePlans[how]}" has no unsafe downgrade`, {
    hint: 'make the plan anew with ktool cluster features set --downgrade unsafe --plan-out FILE',
  })
}

function editOf({ item, before, after }: Step, downgrade: Downgrade | null): FeatureEdit {
  if (!isLevel(before) || !isLevel(after)) {
    throw new DataError('malformed-plan', `the plan does not say which level ${item} is to have`, {
      hint: 'make the plan anew with ktool cluster features set',
    })
  }
  return { feature: item, level: after, downgrade: after < before ? downgrade : null }
}

function isLevel(value: PlanValue): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0x7fff
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
