import { AuthError, FailedError, KtoolError } from '../../errors.ts'
import { foundIn, type Outcome } from '../../model/outcome.ts'
import type { Underway } from '../../model/plan.ts'
import {
  DISK_RATE,
  type ReassignmentsChanger,
  type ReassignmentsView,
  type ThrottleConfig,
} from '../../model/reassignments.ts'
import {
  holds,
  joinedMarks,
  marksUnder,
  type ThrottledMove,
  type ThrottleMark,
  type ThrottleRates,
  throttledBy,
  throttleEdits,
  unthrottleEdits,
} from '../../operations/throttle.ts'

type Reassignments = ReassignmentsChanger & ReassignmentsView
type Voice = Pick<Underway, 'tell' | 'leave'>

/** Of a topic that somebody has deleted nothing is left. */
const GONE = 'unknown-topic-or-partition'

/** What these moves need to be held back, against what is set now. A broker that is dead needs nothing. */
export async function marksFor(
  reassignments: ReassignmentsView,
  moves: readonly ThrottledMove[],
  rates: ThrottleRates,
): Promise<ThrottleMark[]> {
  const { brokers, topics } = throttledBy(moves, rates)
  if (brokers.length === 0) return []
  return marksUnder(moves, rates, configsIn(await reassignments.throttles(brokers, topics)))
}

export function configsIn(told: readonly Outcome<readonly ThrottleConfig[]>[]): ThrottleConfig[] {
  return foundIn(told).flat()
}

export interface Throttling {
  readonly rates: ThrottleRates
  readonly former: readonly ThrottleMark[]
  /** Told in the end that nothing is left of it, and of what stood there before. */
  readonly onClear: () => void
}

/** Sets a throttle for these moves, works under it, and takes it away again, whatever the work ends in. */
export async function throttled<T>(
  reassignments: Reassignments,
  moves: readonly ThrottledMove[],
  { rates, former, onClear }: Throttling,
  voice: Voice,
  work: () => Promise<T>,
): Promise<T> {
  const { brokers, topics } = throttledBy(moves, rates)
  const end = async (fresh: readonly ThrottleMark[]) => {
    if (await release(reassignments, former, fresh, voice)) onClear()
  }
  if (brokers.length === 0) return work().finally(() => end([]))
  const told = await reassignments.throttles(brokers, topics)
  await nameUntold(brokers, told, voice)
  const fresh = marksUnder(moves, rates, configsIn(told))
  try {
    await set(reassignments, fresh, voice.tell)
    return await work()
  } finally {
    await end(fresh)
  }
}

/** What cannot be looked at cannot be held back, nor put in order again: of a topic or a right that ends it all. */
async function nameUntold(
  brokers: readonly number[],
  told: readonly Outcome<readonly ThrottleConfig[]>[],
  { tell }: Voice,
): Promise<void> {
  const items = new Map(brokers.map((id) => [`broker ${id}`, id]))
  for (const { item, outcome } of told) {
    if (!(outcome instanceof KtoolError) || outcome.code === GONE) continue
    if (outcome instanceof AuthError || !items.has(item)) throw outcome
  }
  const known = configsIn(told)
  for (const id of brokers) {
    if (known.some(({ type, resource }) => type === 'brokers' && resource === String(id))) continue
    const why = told.find(({ item }) => item === `broker ${id}`)?.outcome
    const reason = why instanceof KtoolError ? why.message : 'it is not there, and copies nothing'
    await tell(`broker ${id} is not throttled, and the others are: ${reason}`)
  }
}

async function set(
  reassignments: Reassignments,
  marks: readonly ThrottleMark[],
  tell: Underway['tell'],
): Promise<void> {
  // Rates first: a listed replica without a rate is not held back.
  const edits = throttleEdits(marks)
  for (const type of ['brokers', 'topics'] as const) {
    const outcomes = await reassignments.throttle(edits.filter((edit) => edit.type === type))
    for (const { item, outcome } of outcomes) {
      if (outcome === null) continue
      if (outcome instanceof AuthError || type === 'topics') throw outcome
      await tell(`the throttle of broker ${item} could not be set, and the others are: ${outcome.message}`)
    }
  }
}

/**
 * A second try for a broker that was busy; one that is dead keeps what it has, and who set it fails by that. Whether
 * nothing is left.
 */
async function release(
  reassignments: Reassignments,
  former: readonly ThrottleMark[],
  fresh: readonly ThrottleMark[],
  { tell, leave }: Voice,
): Promise<boolean> {
  if (former.length + fresh.length === 0) return true
  await reassignments.rest(0, new AbortController().signal)
  const isShared = former.length > 0 && (await othersGoOn(reassignments, former))
  if (isShared)
    await tell('others are under way: what was throttled before stays; later: ktool reassign unthrottle')
  const marks = isShared ? fresh : joinedMarks(former, fresh)
  const left = await releaseTwice(
    reassignments,
    marks.filter(({ type }) => type === 'topics'),
  )
  const rates = marks.filter(({ type }) => type === 'brokers')
  const staying = await stayingRates(reassignments, rates)
  if (staying.length > 0) {
    const ids = resourcesOf(staying, 'brokers').join(', ')
    await tell(`others move under the rate of broker ${ids}: it stays; later: ktool reassign unthrottle`)
  }
  const leaving = rates.filter((mark) => !staying.includes(mark))
  left.push(...(await releaseTwice(reassignments, leaving)))
  for (const { type, resource, reason } of left) {
    const what = `${type === 'brokers' ? 'broker' : 'topic'} ${resource}`
    const isOurs = fresh.some((mark) => mark.type === type && mark.resource === resource)
    if (isOurs) leave(what, throttleLeft(what, reason))
    else await tell(`the throttle of ${what} may be left: when it can be reached, ktool reassign unthrottle`)
  }
  return !isShared && staying.length + left.length === 0
}

async function releaseTwice(reassignments: Reassignments, marks: readonly ThrottleMark[]): Promise<Left[]> {
  if (marks.length === 0) return []
  const first = await releaseOnce(reassignments, marks)
  return first.length > 0 ? releaseOnce(reassignments, marks) : []
}

/** Rates that others need still, who have set nothing themselves because it was set. */
async function stayingRates(
  reassignments: Reassignments,
  rates: readonly ThrottleMark[],
): Promise<ThrottleMark[]> {
  const [onDisks, between] = [rates.filter(isOfDisks), rates.filter((mark) => !isOfDisks(mark))]
  const held = between.length === 0 ? new Set<string>() : await heldBrokers(reassignments)
  const copying = await copyingBrokers(reassignments, onDisks)
  return rates.filter((mark) => mark.before === null && (isOfDisks(mark) ? copying : held).has(mark.resource))
}

function isOfDisks({ name }: ThrottleMark): boolean {
  return name === DISK_RATE
}

/** Of the brokers of these rates, those that copy between their disks; of one that does not tell nobody knows. */
async function copyingBrokers(
  reassignments: ReassignmentsView,
  rates: readonly ThrottleMark[],
): Promise<ReadonlySet<string>> {
  if (rates.length === 0) return new Set()
  const told = foundIn(await reassignments.disks(resourcesOf(rates, 'brokers').map(Number)))
  const copying = told.filter(({ replicas }) => replicas.some(({ isFuture }) => isFuture))
  return new Set(copying.map(({ broker }) => String(broker)))
}

/** Two runs may have set the same rate, and nobody can tell whose it is: whoever ends last takes it away. */
async function heldBrokers(reassignments: Reassignments): Promise<ReadonlySet<string>> {
  try {
    const others = await reassignments.underWay()
    if (others.length === 0) return new Set()
    const topics = [...new Set(others.map(({ topic }) => topic))]
    const lists = configsIn(await reassignments.throttles([], topics))
    const held = others.filter(({ topic, partition }) =>
      lists.some(({ resource, value }) => resource === topic && holds(value, partition)),
    )
    return new Set(held.flatMap(({ replicas }) => replicas.map(String)))
  } catch (error) {
    // A rate that stays is worse than one that is gone.
    if (error instanceof KtoolError) return new Set()
    throw error
  }
}

/** A run beside this one has set what a killed one would have left: it cannot be told apart while it lasts. */
async function othersGoOn(reassignments: Reassignments, former: readonly ThrottleMark[]): Promise<boolean> {
  try {
    if ((await copyingBrokers(reassignments, former.filter(isOfDisks))).size > 0) return true
    return (await reassignments.underWay()).length > 0
  } catch (error) {
    if (error instanceof KtoolError) return true
    throw error
  }
}

function throttleLeft(what: string, reason: string): FailedError {
  return new FailedError('throttle-left', `the throttle of ${what} could not be taken away: ${reason}`, {
    hint: 'when it can be reached again: ktool reassign unthrottle',
    details: { item: what },
  })
}

interface Left extends Pick<ThrottleMark, 'type' | 'resource'> {
  readonly reason: string
}

async function releaseOnce(reassignments: Reassignments, marks: readonly ThrottleMark[]): Promise<Left[]> {
  const [brokers, topics] = [resourcesOf(marks, 'brokers'), resourcesOf(marks, 'topics')]
  const all = [
    ...brokers.map((resource) => ({ type: 'brokers' as const, resource })),
    ...topics.map((resource) => ({ type: 'topics' as const, resource })),
  ]
  try {
    const told = await reassignments.throttles(brokers.map(Number), topics)
    const known = configsIn(told)
    const edits = unthrottleEdits(marks, known)
    const outcomes = await reassignments.throttle(edits)
    const untold = all.flatMap((each) => {
      if (known.some(({ type, resource }) => type === each.type && resource === each.resource)) return []
      const item = each.type === 'brokers' ? `broker ${each.resource}` : each.resource
      const why = told.find((one) => one.item === item)?.outcome
      if (why instanceof KtoolError && why.code === GONE) return []
      return [{ ...each, reason: why instanceof KtoolError ? why.message : 'it is not there' }]
    })
    const refused = edits.flatMap(({ type, resource }, i) => {
      const outcome = outcomes[i]?.outcome ?? null
      return outcome === null ? [] : [{ type, resource, reason: outcome.message }]
    })
    return [...untold, ...refused]
  } catch (error) {
    // Who asked is told of what is left, and not only of why.
    if (error instanceof KtoolError) return all.map((each) => ({ ...each, reason: error.message }))
    throw error
  }
}

export function resourcesOf(marks: readonly ThrottleMark[], wanted: ThrottleMark['type']): string[] {
  return [...new Set(marks.filter(({ type }) => type === wanted).map(({ resource }) => resource))]
}
