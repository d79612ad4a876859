import { FailedError, KtoolError } from '../../errors.ts'
import { type ConfigsView, type ShownConfigType, shownConfigTypes } from '../../model/configs.ts'
import { type ConfigEdit, type ConfigsChanger, configEdits } from '../../model/configs-changer.ts'
import {
  type Change,
  newPlan,
  type Plan,
  type PlanValue,
  type Standing,
  type Step,
} from '../../model/plan.ts'
import {
  CONFIGS_PLAN,
  type ConfigValue,
  configAsPlan,
  configOfPlan,
  isOwn,
  isSameText,
  resourceAndName,
  valueOfEntry,
} from '../../operations/configs/config-value.ts'
import { entriesOf } from '../../operations/configs/plan-configs.ts'

export function alterConfigsChange(configs: ConfigsChanger & ConfigsView): Change {
  return {
    kind: CONFIGS_PLAN,
    isIrreversible: false,
    now: async (plan, steps) => configsNow(configs, typeOf(plan), steps),
    perform: async (plan, steps) => configs.edit(typeOf(plan), steps.map(editOf), false),
    tryOut: async (plan, steps) => configs.edit(typeOf(plan), steps.map(editOf), true),
    standing: configStanding,
    // What holds where nothing is set any more is told by then.
    tellsSeen: ({ after }) => configOfPlan(after)?.isUnknown === true,
    isUnseen: ({ after }) => configOfPlan(after)?.isSecret === true,
    inverse: unsettingOrSetting,
    shown: withoutSecrets,
  }
}

export async function configsNow(configs: ConfigsView, type: ShownConfigType, steps: readonly Step[]) {
  const known = await entriesOf(configs, type, steps.map(resourceAndName))
  return steps.map((step) => {
    const { resource, name } = resourceAndName(step)
    const entries = known.get(resource)
    if (entries instanceof KtoolError) return { item: step.item, outcome: entries }
    const entry = entries?.get(name)
    return { item: step.item, outcome: configAsPlan(entry === undefined ? null : valueOfEntry(entry)) }
  })
}

/** A value counts with the place it is set at; the place of one that is not set here is nobody's business. */
export function configStanding(step: Step, now: PlanValue): Standing {
  const [before, after, is] = [step.before, step.after, now].map(configOfPlan)
  if (after?.isSecret === true && step.action === 'set') return 'before'
  // What holds in its place may not be known before.
  const isUnset = step.action === 'unset' && (is?.source ?? null) !== (before?.source ?? null)
  if (isUnset || isSame(is, after)) return 'after'
  const isStillUnset = before?.isUnknown === true && is?.source !== after?.source
  return isStillUnset || isSame(is, before) ? 'before' : 'stale'
}

function isSame(a: ConfigValue | null | undefined, b: ConfigValue | null | undefined): boolean {
  return isSameText(a?.value ?? null, b?.value ?? null) && (a?.source ?? null) === (b?.source ?? null)
}

export function editOf(step: Step): ConfigEdit {
  const { resource, name } = resourceAndName(step)
  const edit = configEdits.find((each) => each === step.action)
  if (edit === undefined || resource === '') {
    throw new FailedError('malformed-plan', `the plan does not say what is to become of "${step.item}"`)
  }
  if (edit === 'unset') return { resource, name, edit, value: null }
  const after = configOfPlan(step.after)
  return { resource, name, edit, value: (edit === 'set' ? after?.value : after?.part) ?? '' }
}

/** What was set of the resource is set again, what was not is unset; a secret that was set is known to nobody. */
function unsettingOrSetting(plan: Plan): Plan | null {
  const type = typeOf(plan)
  const known = plan.steps.filter((step) => !isLostSecret(type, step))
  const steps = known.map((step) => {
    const isSet = isOwn(type, resourceAndName(step).resource, configOfPlan(step.before))
    return {
      item: step.item,
      action: isSet ? 'set' : 'unset',
      before: withoutPart(step.after),
      after: step.before,
    }
  })
  const warnings =
    known.length === plan.steps.length
      ? []
      : ['secrets that were set before are not brought back: nobody knows them']
  return newPlan(plan.kind, plan, steps.reverse(), { settings: plan.settings, warnings })
}

function isLostSecret(type: ShownConfigType, step: Step): boolean {
  const before = configOfPlan(step.before)
  return before?.isSecret === true && isOwn(type, resourceAndName(step).resource, before)
}

/** A secret is not written down a second time: it is only taken away. */
function withoutPart(value: PlanValue): PlanValue {
  const config = configOfPlan(value)
  if (config === null) return null
  const { part: _done, ...rest } = config
  return configAsPlan(rest.isSecret === true ? { ...rest, value: null } : rest)
}

function withoutSecrets(step: Step): Pick<Step, 'before' | 'after'> {
  return { before: covered(step.before), after: covered(step.after) }
}

function covered(value: PlanValue): PlanValue {
  const config = configOfPlan(value)
  if (config?.isSecret !== true) return value
  return { ...config, value: config.source === 'DEFAULT_CONFIG' ? null : '(secret)' }
}

export function typeOf({ settings }: Plan): ShownConfigType {
  const type = shownConfigTypes.find((each) => each === settings.type)
  if (type !== undefined) return type
  throw new FailedError('malformed-plan', 'the plan does not say what its configs are of', {
    hint: `settings.type is one of ${shownConfigTypes.join(', ')}`,
  })
}
