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
  for (const edit of edits) {
    const entries = known.get(edit.resource) ?? new Map<string, ConfigEntry>()
    if (entries instanceof KtoolError) {
      if (!failures.some(({ item }) => item === edit.resource))
        failures.push({ item: edit.resource, error: entries })
      continue
    }
    const made = configStep(type, edit, entries.get(edit.name), entries.get(ROOT_LOGGER))
    if (made instanceof KtoolError) failures.push({ item: configItem(edit.resource, edit.name), error: made })
    else steps.push(made)
  }
  const warnings = edits.flatMap((edit) => strange(type, edit, known.get(edit.resource)))
  return { plan: newPlan(CONFIGS_PLAN, origin, steps, { settings: { type }, warnings }), failures }
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

/** A step for one edit. */
export function configStep(
  type: ShownConfigType,
  edit: ConfigEdit,
  entry: ConfigEntry | undefined,
  rootLogger?: ConfigEntry,
): Step | KtoolError {
  const refusal = entry === undefined ? null : refusalOf(type, edit, entry)
  if (refusal !== null) return refusal
  const before = entry === undefined ? null : valueOfEntry(entry)
  const fallback = type === 'broker-loggers' && edit.name !== ROOT_LOGGER ? rootLogger : undefined
  const after = valueAfter(type, edit, entry, before, fallback)
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
  { resource, name, edit, value }: ConfigEdit,
  entry: ConfigEntry | undefined,
  before: ConfigValue | null,
  fallback: ConfigEntry | undefined,
): ConfigValue | null {
  if (edit === 'unset' || value === null) {
    if (entry === undefined || !entry.isSet) return before
    return fallback === undefined ? fallbackOf(entry) : valueOfEntry(fallback)
  }
  const source = ownSource(type, resource)
  // One that a broker has never heard of is not covered by it either.
  const isSecret = before?.isSecret === true || isSensitiveConfig(name) ? { isSecret: true } : {}
  if (edit === 'set') return { value, source, ...isSecret }
  const changed = editedList(before?.value ?? '', value, edit)
  // Kafka itself leaves a list as it is that has it all already, wherever it comes from.
  if (changed === (before?.value ?? '')) return before
  return { value: changed, source, part: value, ...isSecret }
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
  { isReadOnly, valueType }: ConfigEntry,
): KtoolError | null {
  // A broker says it of every config of one listener, and takes changes of them all the same.
  const isOfListener = name.startsWith('listener.name.')
  if (isReadOnly === true && type === 'brokers' && !isOfListener) {
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

/** A broker takes any name, for what plug-ins may know; a slip in one would do nothing. */
function strange(
  type: ShownConfigType,
  { resource, name, edit }: ConfigEdit,
  entries: EntriesByName | KtoolError | undefined,
): string[] {
  const isKnown = entries === undefined || entries instanceof KtoolError || entries.has(name)
  if (type !== 'brokers' || resource === 'default' || edit === 'unset' || isKnown) return []
  return [`broker ${resource} knows no config ${name}; it keeps it all the same, for a plug-in that may`]
}
