import { FailedError, KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Change, PlanValue, Step } from '../../model/plan.ts'
import type { ReassignmentsView, ThrottleConfig, ThrottleEdit } from '../../model/reassignments.ts'
import { entriesOf, type ThrottleMark, unthrottleEdits } from '../../operations/throttle.ts'
import { configsIn, resourcesOf } from './throttled.ts'

export const UNTHROTTLE = 'reassign.unthrottle'

/** Takes throttles away that a reassignment of ours has left: its own, and what others have set beside it stays. */
export function unthrottleChange({ reassignments }: Pick<Changers, 'reassignments'>): Change {
  return {
    kind: UNTHROTTLE,
    isIrreversible: false,
    now: (_plan, steps) => configsNow(reassignments, steps),
    perform: async (_plan, steps) => reassignments.throttle(steps.map(editOf)),
  }
}

/** What is left of these marks, as steps. */
export async function unthrottleSteps(
  reassignments: ReassignmentsView,
  marks: readonly ThrottleMark[],
): Promise<Step[]> {
  const told = await reassignments.throttles(
    resourcesOf(marks, 'brokers').map(Number),
    resourcesOf(marks, 'topics'),
  )
  const current = configsIn(told)
  return unthrottleEdits(marks, current).map((edit) => {
    const before = current.find((config) => configItem(config) === configItem(edit))?.value ?? null
    return { item: configItem(edit), action: 'unthrottle', before, after: valueAfter(edit, before) }
  })
}

function valueAfter({ edit, value }: ThrottleEdit, before: string | null): string | null {
  if (edit === 'unset') return null
  if (edit === 'set') return value
  const taken = entriesOf(value)
  return entriesOf(before)
    .filter((entry) => !taken.includes(entry))
    .join(',')
}

/** `brokers 1 leader.replication.throttled.rate`. */
function configItem({ type, resource, name }: Pick<ThrottleConfig, 'type' | 'resource' | 'name'>): string {
  return `${type} ${resource} ${name}`
}

function configOf(item: string): Pick<ThrottleConfig, 'type' | 'resource' | 'name'> {
  const [type, resource = '', name = ''] = item.split(' ')
  return { type: type === 'brokers' ? 'brokers' : 'topics', resource, name }
}

/** The list is written whole: what was there a moment ago has just been looked at. */
function editOf({ item, after }: Step): ThrottleEdit {
  if (after === null) return { ...configOf(item), edit: 'unset', value: '' }
  return { ...configOf(item), edit: 'set', value: String(after) }
}

async function configsNow(
  reassignments: ReassignmentsView,
  steps: readonly Step[],
): Promise<Outcome<PlanValue>[]> {
  const wanted = steps.map(({ item }) => configOf(item))
  const brokers = wanted.filter(({ type }) => type === 'brokers').map(({ resource }) => Number(resource))
  const topics = wanted.filter(({ type }) => type === 'topics').map(({ resource }) => resource)
  const told = await reassignments.throttles([...new Set(brokers)], [...new Set(topics)])
  const values = new Map(configsIn(told).map((config) => [configItem(config), config.value]))
  const [error] = told.flatMap(({ outcome }) => (outcome instanceof KtoolError ? [outcome] : []))
  return steps.map(({ item }) => ({
    item,
    outcome: values.has(item) ? (values.get(item) ?? null) : (error ?? notTold(item)),
  }))
}

function notTold(item: string): FailedError {
  return new FailedError('not-told', `nobody tells what ${item} is now`, {
    hint: 'see whether that broker lives',
  })
}
