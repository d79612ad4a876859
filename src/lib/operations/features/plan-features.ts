import { FailedError, type KtoolError } from '../../errors.ts'
import type { ClusterStateView, FeatureState } from '../../model/cluster-state.ts'
import type { Downgrade } from '../../model/features-changer.ts'
import { METADATA_VERSION, metadataVersionName } from '../../model/metadata-versions.ts'
import type { ItemFailure } from '../../model/outcome.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import { nearest } from '../../values/nearest.ts'
import type { FeatureWish } from './feature-words.ts'

/** What is lost by an unsafe downgrade nothing brings back: it is asked for by name. */
export const featurePlans = { update: 'features.update', unsafe: 'features.downgrade-unsafe' } as const

/** Levels as they shall be, each against what is in force and what every broker can do. */
export async function planFeatures(
  view: Pick<ClusterStateView, 'features'>,
  wishes: readonly FeatureWish[],
  downgrade: Downgrade | null,
  origin: PlanOrigin,
): Promise<Planned> {
  const { rows, failures: unasked } = await view.features()
  const steps: Step[] = []
  const failures: ItemFailure[] = []
  for (const wish of wishes) {
    const state = rows.find(({ feature }) => feature === wish.feature)
    // What a release leaves at 0 need not be known to those that are older.
    if (!wish.isNamed && wish.level === 0 && state === undefined) continue
    const refusal = refusalOf(wish, state, rows, downgrade)
    if (refusal === undefined) steps.push(featureStep(wish, state?.finalized ?? 0))
    else failures.push({ item: wish.feature, error: refusal })
  }
  const kind = featurePlans[downgrade === 'unsafe' ? 'unsafe' : 'update']
  const warnings = unasked.map(
    ({ item }) => `${item} did not tell what it supports; the controller judges it`,
  )
  return { plan: newPlan(kind, origin, steps, { settings: { downgrade }, warnings }), failures }
}

function featureStep({ feature, level }: FeatureWish, before: number): Step {
  return { item: feature, action: featureAction(before, level), before, after: level }
}

export function featureAction(before: number, after: number): string {
  if (after === before) return 'set'
  if (after > before) return 'upgrade'
  return after === 0 ? 'disable' : 'downgrade'
}

function refusalOf(
  { feature, level }: FeatureWish,
  state: FeatureState | undefined,
  all: readonly FeatureState[],
  downgrade: Downgrade | null,
): KtoolError | undefined {
  if (state === undefined) return noSuchFeature(feature, all)
  const { finalized, supportedMin: min, supportedMax: max } = state
  if (finalized === level) return undefined
  if (finalized === null) {
    return new FailedError('features-not-served', `this cluster does not keep a level of ${feature}`, {
      hint: 'Kafka keeps levels of features where it runs without ZooKeeper',
    })
  }
  if (min === null || max === null || level > max || (level !== 0 && level < min)) {
    return notSupported(feature, level, state)
  }
  if (level < finalized && downgrade === null) return wantsDowngrade(feature, level, finalized)
  return undefined
}

function noSuchFeature(feature: string, all: readonly FeatureState[]): KtoolError {
  const names = all.map((each) => each.feature)
  const near = nearest(feature, names)
  const guess = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `
  return new FailedError('no-such-feature', `no broker of this cluster supports a feature ${feature}`, {
    hint: `${guess}ktool cluster features lists those that there are`,
    details: { feature },
  })
}

function notSupported(
  feature: string,
  level: number,
  { supportedMin, supportedMax }: FeatureState,
): KtoolError {
  const range =
    supportedMin === null || supportedMax === null
      ? 'its brokers have no level in common'
      : `its brokers support ${inWords(feature, supportedMin)} to ${inWords(feature, supportedMax)}`
  return new FailedError(
    'feature-level-not-supported',
    `${feature} cannot be ${inWords(feature, level)} in this cluster: ${range}`,
    {
      hint: 'ktool cluster brokers shows which Kafka each of them is; ktool cluster features what all can do',
    },
  )
}

function wantsDowngrade(feature: string, level: number, finalized: number): KtoolError {
  return new FailedError(
    'feature-downgrade',
    `${feature} is at ${inWords(feature, finalized)}, and would go down to ${inWords(feature, level)}`,
    { hint: 'say --downgrade safe; with --downgrade unsafe it may lose metadata for good' },
  )
}

/** `30 (4.3-IV0)`. */
function inWords(feature: string, level: number): string {
  const name = feature === METADATA_VERSION ? metadataVersionName(level) : null
  return name === null ? String(level) : `${level} (${name})`
}
