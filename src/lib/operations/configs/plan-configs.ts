import { FailedError, KtoolError } from '../../errors.ts'
import {
  type ConfigEntry,
  type ConfigsView,
  isSensitiveConfig,
  ownSource,
  type ShownConfigType,
} from '../../model/configs.ts'
import type { ConfigEdit } from '../../model/configs-changer.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import {
  CONFIGS_PLAN,
  type ConfigValue,
  configAsPlan,
  configItem,
  fallbackOf,
  isSameText,
  valueOfEntry,
} from './config-value.ts'
import { knownNames, type StrangeName, strangeName } from './known-names.ts'

export const wholeConfigs = { isWhole: true, hasSynonyms: true, hasDocumentation: false } as const

/** Loggers of which no level is set have its level. */
const ROOT_LOGGER = 'root'

export type EntriesByName = ReadonlyMap<string, ConfigEntry>

/** What the edits come to, with what is in force before and after. */
export async function planConfigs(
  view: ConfigsView,
  type: ShownConfigType,
  edits: readonly ConfigEdit[],
  origin: PlanOrigin,
): Promise<Planned> {
  const known = await entriesOf(view, type, edits)
  const failures: { item: string; error: KtoolError }[] = []
  const steps: Step[] = []
  const warnings: string[] = []
  for (const edit of edits) {
    const entries = known.get(edit.resource) ?? new Map<string, ConfigEntry>()
    if (entries instanceof KtoolError) {
      if (!failures.some(({ item }) => item === edit.resource))
        failures.push({ item: edit.resource, error: entries })
      continue
    }
    const entry = entries.get(edit.name)
    const strange = entry === undefined ? await strangenessOf(view, type, edit, entries) : {}
    const rootLogger = entries.get(ROOT_LOGGER)
    const made =
      strange.refusal ?? configStep(type, edit, entry, { rootLogger, isCovered: strange.isCovered })
    if (strange.warning !== undefined) warnings.push(strange.warning)
    if (made instanceof KtoolError) failures.push({ item: configItem(edit.resource, edit.name), error: made })
    else steps.push(made)
  }
  return { plan: newPlan(CONFIGS_PLAN, origin, steps, { settings: { type }, warnings }), failures }
}

async function strangenessOf(
  view: ConfigsView,
  type: ShownConfigType,
  edit: ConfigEdit,
  entries: EntriesByName,
): Promise<StrangeName> {
  return strangeName(type, edit, await knownNames(view, type, edit.resource, [...entries.values()]))
}

export async function entriesOf(
  view: ConfigsView,
  type: ShownConfigType,
  edits: readonly Pick<ConfigEdit, 'resource'>[],
): Promise<ReadonlyMap<string, EntriesByName | KtoolError>> {
  const resources = [...new Set(edits.map(({ resource }) => resource))]
  const outcomes = await view.get(type, resources, wholeConfigs)
  return new Map(
    outcomes.map(({ item, outcome }) => [
      item,
      outcome instanceof KtoolError ? outcome : new Map(outcome.map((entry) => [entry.name, entry])),
    ]),
  )
}

interface Circumstances {
  readonly rootLogger?: ConfigEntry | undefined
  /** The broker will not tell its value again. */
  readonly isCovered?: boolean | undefined
}

/** A step for one edit. */
export function configStep(
  type: ShownConfigType,
  edit: ConfigEdit,
  entry: ConfigEntry | undefined,
  { rootLogger, isCovered = false }: Circumstances = {},
): Step | KtoolError {
  const refusal = entry === undefined ? null : refusalOf(type, edit, entry)
  if (refusal !== null) return refusal
  const before = entry === undefined ? null : valueOfEntry(entry)
  const isSecret = isCovered || before?.isSecret === true || isSensitiveConfig(edit.name)
  const fallback = type === 'broker-loggers' && edit.name !== ROOT_LOGGER ? rootLogger : undefined
  const after = valueAfter(type, edit, entry, before, { fallback, isSecret })
  const item = configItem(edit.resource, edit.name)
  // Nobody can tell whether a secret is the same as before.
  const isSame =
    after?.isSecret !== true &&
    isSameText(after?.value ?? null, before?.value ?? null) &&
    after?.source === before?.source
  const asBefore = configAsPlan(before)
  return { item, action: edit.edit, before: asBefore, after: isSame ? asBefore : configAsPlan(after) }
}

function valueAfter(
  type: ShownConfigType,
  { resource, edit, value }: ConfigEdit,
  entry: ConfigEntry | undefined,
  before: ConfigValue | null,
  { fallback, isSecret }: { readonly fallback: ConfigEntry | undefined; readonly isSecret: boolean },
): ConfigValue | null {
  if (edit === 'unset' || value === null) {
    if (entry === undefined || !entry.isSet) return before
    return fallback === undefined ? fallbackOf(entry) : valueOfEntry(fallback)
  }
  const source = ownSource(type, resource)
  const cover = isSecret ? { isSecret } : {}
  if (edit === 'set') return { value, source, ...cover }
  const changed = editedList(before?.value ?? '', value, edit)
  // Kafka itself leaves a list as it is that has it all already, wherever it comes from.
  if (changed === (before?.value ?? '')) return before
  return { value: changed, source, part: value, ...cover }
}

/** As controllers do it: what is there already is not added again. */
function editedList(list: string, part: string, edit: 'append' | 'subtract'): string {
  const parts = part.split(',')
  const elements = list === '' ? [] : list.split(',')
  if (edit === 'subtract') return elements.filter((each) => !parts.includes(each)).join(',')
  return [...elements, ...parts.filter((each) => !elements.includes(each))].join(',')
}

function refusalOf(
  type: ShownConfigType,
  { name, edit }: ConfigEdit,
  { isReadOnly, source, valueType }: ConfigEntry,
): KtoolError | null {
  // A broker says it of every config of one listener and of all that it does not know, and takes changes of them all
  // the same; what was set while it ran is of those.
  const isTaken = source.startsWith('DYNAMIC_') || name.startsWith('listener.name.')
  if (isReadOnly === true && type === 'brokers' && !isTaken) {
    return new FailedError('config-read-only', `${name} cannot be changed while a broker runs`, {
      hint: 'set it in server.properties, and start the broker again',
      details: { name },
    })
  }
  const isOfList = edit === 'append' || edit === 'subtract'
  if (isOfList && valueType !== null && valueType !== 'LIST') {
    return new FailedError('config-no-list', `${name} is no list, but ${valueType}: it can only be set`, {
      hint: `${name}=VALUE sets it`,
      details: { name, valueType },
    })
  }
  return null
}
