import type { StepResult, StepStatus } from '../changes/step-result.ts'
import type { Change, PlanValue } from '../model/plan.ts'
import { type Colour, column, computed, type Shape } from '../output/shape.ts'
import { embedded, type Json } from '../output/value.ts'

/** What became of a step, or would: the rows of every changing command. */
export interface ChangeRow {
  readonly item: string
  readonly action: string
  readonly before: PlanValue
  readonly after: PlanValue
  readonly status: StepStatus
  /** Of a step that failed; the reason is among the errors too. */
  readonly code: string | null
  readonly reason: string | null
}

const colours: Readonly<Partial<Record<StepStatus, Colour>>> = {
  done: 'green',
  started: 'yellow',
  unchanged: 'dim',
  failed: 'red',
  interrupted: 'yellow',
}

export const changeShape: Shape<ChangeRow> = {
  version: 1,
  name: ({ item }) => item,
  columns: [
    column('item'),
    column('action'),
    computed('before', ({ before }) => asJson(before), { shown: ({ before }) => words(before) }),
    computed('after', ({ after }) => asJson(after), { shown: ({ after }) => words(after) }),
    column('status', { colour: ({ status }) => colours[status] }),
    column('code', { isInTable: false }),
    column('reason', { isInTable: false }),
  ],
}

export function changeRow(change: Change, { step, status, seen, error }: StepResult): ChangeRow {
  const { before, after: planned } = change.shown?.(step) ?? step
  const after = seen ?? planned
  const { item, action } = step
  return { item, action, before, after, status, code: error?.code ?? null, reason: error?.message ?? null }
}

/** Its keys are those of the change, and none of it is a figure of ours. */
function asJson(value: PlanValue) {
  return embedded(value as Json)
}

/** Who has set a config, in fewer words than Kafka's; `DYNAMIC_TOPIC_CONFIG` is the topic. */
const sources: Readonly<Record<string, string>> = {
  DEFAULT_CONFIG: 'default',
  STATIC_BROKER_CONFIG: 'server.properties',
  DYNAMIC_DEFAULT_BROKER_CONFIG: 'all brokers',
}

/** `partitions=6 retention.ms=1000`, lists with commas, and a config as `600000 (topic)`. */
function words(value: PlanValue): string | number | boolean | null {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return listed(value)
  if ('value' in value && 'source' in value)
    return `${value.isUnknown === true ? 'not told' : config(value.value)} (${sourceOf(String(value.source))})`
  const parts = pairs(value)
  return parts.length === 0 ? '-' : parts.join(' ')
}

function config(value: PlanValue | undefined): string {
  if (value === undefined || value === null) return '-'
  return value === '' ? '""' : String(words(value))
}

function sourceOf(source: string): string {
  const named = /^DYNAMIC_(.+)_CONFIG$/.exec(source)?.[1]
  return sources[source] ?? named?.toLowerCase().replaceAll('_', ' ') ?? source
}

function pairs(value: { readonly [key: string]: PlanValue }): string[] {
  return Object.entries(value).flatMap(([key, each]) => {
    if (each === null || isEmpty(each)) return []
    if (typeof each !== 'object') return [`${key}=${each}`]
    return isList(each) ? [`${key}=${listed(each)}`] : pairs(each)
  })
}

/** Lists within a list are told apart by brackets. */
function listed(values: readonly PlanValue[]): string {
  return values.map((each) => (isList(each) ? `[${listed(each)}]` : (words(each) ?? '-'))).join(',')
}

function isList(value: PlanValue): value is readonly PlanValue[] {
  return Array.isArray(value)
}

function isEmpty(value: PlanValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
