import { UsageError } from '../../errors.ts'
import type { ConfigEntry, ShownConfigType } from '../../model/configs.ts'
import { ownSource, shownConfigTypes } from '../../model/configs.ts'
import type { PlanValue, Step } from '../../model/plan.ts'

export const CONFIGS_PLAN = 'configs.alter'

/** A config in force as plans have it; null where nothing is set and no default is known. */
export interface ConfigValue {
  /** Null where it is a secret that is not told. */
  readonly value: string | null
  /** In Kafka's own words. */
  readonly source: string
  /** What is added to a list, or taken from it. */
  readonly part?: string
  readonly isSecret?: boolean
  /** What holds where nothing is set, and the broker does not tell it. */
  readonly isUnknown?: boolean
}

export function configItem(resource: string, name: string): string {
  return `${resource} ${name}`
}

/** Names of configs have no spaces, those of resources may. */
export function resourceAndName({ item }: Pick<Step, 'item'>): {
  readonly resource: string
  readonly name: string
} {
  const space = item.lastIndexOf(' ')
  return { resource: item.slice(0, space), name: item.slice(space + 1) }
}

export function valueOfEntry({ value, source, isSensitive }: ConfigEntry): ConfigValue {
  return { value, source, ...(isSensitive ? { isSecret: true } : {}) }
}

/** What would be in force if it was not set there. */
export function fallbackOf({ type, resource, synonyms, isSensitive }: ConfigEntry): ConfigValue {
  const own = ownSource(type, resource)
  const next = (synonyms ?? []).find(({ source }) => source !== own)
  if (next === undefined) return { value: null, source: 'DEFAULT_CONFIG', isUnknown: true }
  return { value: next.value, source: next.source, ...(isSensitive ? { isSecret: true } : {}) }
}

export function configAsPlan(value: ConfigValue | null): PlanValue {
  return value === null ? null : { ...value }
}

export function configOfPlan(value: PlanValue): ConfigValue | null {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('value' in value)) return null
  const { value: text, source, part, isSecret, isUnknown } = value
  return {
    value: typeof text === 'string' ? text : null,
    source: typeof source === 'string' ? source : '',
    ...(typeof part === 'string' ? { part } : {}),
    ...(isSecret === true ? { isSecret } : {}),
    ...(isUnknown === true ? { isUnknown } : {}),
  }
}

export function isOwn(type: ShownConfigType, resource: string, value: ConfigValue | null): boolean {
  return value !== null && value.source === ownSource(type, resource)
}

/** Brokers tell a value as they have understood it: `TRUE` is true, `0.50` is 0.5, and a list has no spaces. */
export function isSameText(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && understood(a) === understood(b))
}

function understood(text: string): string {
  const parts = text.split(',').map((part) => part.trim())
  return parts.map((part) => (isNumber(part) ? plainNumber(part) : asTruth(part))).join(',')
}

function isNumber(text: string): boolean {
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text)
}

function plainNumber(text: string): string {
  return String(Number(text))
}

function asTruth(text: string): string {
  return /^(true|false)$/i.test(text) ? text.toLowerCase() : text
}

export function configTypeNamed(name: string): ShownConfigType {
  const type = shownConfigTypes.find((each) => each === name)
  if (type !== undefined) return type
  throw new UsageError('no-such-choice', `"${name}" is none of ${shownConfigTypes.join(', ')}`)
}
