import { KtoolError } from '../../errors.ts'
import type { ConfigEntry, ConfigsView, ShownConfigType } from '../../model/configs.ts'
import { type UnknownFigure, unknown } from '../../model/figure.ts'
import { failuresIn, type ItemFailure } from '../../model/outcome.ts'
import { type ConfigValue, fallbackOf, isSameText, valueOfEntry } from './config-value.ts'
import { wholeConfigs } from './plan-configs.ts'

const NOT_TOLD = 'brokers tell the default only of topics where it is not set'

export interface ConfigDifference {
  readonly name: string
  /** Null where nothing is set, or it is a secret. */
  readonly left: string | null
  readonly leftSource: string | null
  readonly right: string | null | UnknownFigure
  readonly rightSource: string | null
  readonly isSensitive: boolean
}

export interface ConfigDifferences {
  readonly rows: readonly ConfigDifference[]
  readonly failures: readonly ItemFailure[]
}

/** What is in force differently on two sides, or without a second one, what was set otherwise than it would be. */
export async function diffConfigs(
  view: ConfigsView,
  type: ShownConfigType,
  left: string,
  right: string | undefined,
): Promise<ConfigDifferences> {
  const names = right === undefined ? [left] : [left, right]
  const outcomes = await view.get(type, names, wholeConfigs)
  const failures = failuresIn(outcomes)
  if (failures.length > 0) return { rows: [], failures }
  const [a, b] = names.map((name) => entriesIn(outcomes.find(({ item }) => item === name)?.outcome))
  const known = a ?? new Map<string, ConfigEntry>()
  const rows = b === undefined ? againstDefaults(known) : against(known, b)
  return { rows, failures }
}

type Entries = ReadonlyMap<string, ConfigEntry>

function entriesIn(outcome: ConfigEntry[] | KtoolError | undefined): Entries {
  const entries = outcome === undefined || outcome instanceof KtoolError ? [] : outcome
  return new Map(entries.map((entry) => [entry.name, entry]))
}

function againstDefaults(entries: Entries): ConfigDifference[] {
  return [...entries.values()]
    .filter(({ isSet }) => isSet)
    .map((entry) => difference(entry.name, valueOfEntry(entry), fallbackOf(entry)))
    .filter(isDifferent)
}

function against(a: Entries, b: Entries): ConfigDifference[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .map((name) => {
      const [left, right] = [a.get(name), b.get(name)].map((entry) =>
        entry === undefined ? null : valueOfEntry(entry),
      )
      return difference(name, left ?? null, right ?? null)
    })
    .filter(isDifferent)
}

function difference(name: string, left: ConfigValue | null, right: ConfigValue | null): ConfigDifference {
  return {
    name,
    left: left?.value ?? null,
    leftSource: left?.source ?? null,
    right: right?.isUnknown === true ? unknown(NOT_TOLD) : (right?.value ?? null),
    rightSource: right?.source ?? null,
    isSensitive: left?.isSecret === true || right?.isSecret === true,
  }
}

/** Two secrets cannot be compared; that one side has one and the other has none can. */
function isDifferent({ left, right, leftSource, rightSource, isSensitive }: ConfigDifference): boolean {
  if (isSensitive) return leftSource !== rightSource
  return typeof right === 'object' && right !== null ? true : !isSameText(left, right)
}
