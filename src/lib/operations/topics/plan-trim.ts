import { FailedError, KtoolError } from '../../errors.ts'
import { isKnown } from '../../model/figure.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { OffsetsView, PartitionOffsets } from '../../model/offsets.ts'
import { partitionName } from '../../model/partitions.ts'
import { isPlanObject, newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import type { OffsetSpec } from '../../values/offsets.ts'
import { includesPartition, type TopicPartitions } from '../../values/partitions.ts'
import { difference, type Offset } from '../figures.ts'
import { topicPlans } from './topic-value.ts'

/** Up to where the records of a partition go. */
export interface TrimWish extends TopicPartition {
  readonly before: Extract<OffsetSpec, { kind: 'offset' | 'end' | 'time' }>
}

type Failure = Planned['failures'][number]

/** Nothing of an offset is lost on the way through JSON. */
export function offsetAsPlan(offset: Offset): number | string {
  return typeof offset === 'bigint' ? String(offset) : offset
}

/** The partitions that were typed, and those that are not there. */
export async function wishesOf(
  view: OffsetsView,
  wanted: readonly TopicPartitions[],
  before: TrimWish['before'],
): Promise<{ readonly wishes: readonly TrimWish[]; readonly failures: readonly Failure[] }> {
  const failures: Failure[] = []
  const wishes: TrimWish[] = []
  for (const { topic, ranges } of wanted) {
    const known = await view.partitions(topic)
    if (known === undefined) failures.push({ item: topic, error: notFound('topic', topic) })
    const own = (known ?? []).filter(
      (partition) => ranges === undefined || includesPartition(ranges, partition),
    )
    wishes.push(...own.map((partition) => ({ topic, partition, before })))
    if (known === undefined) continue
    for (const { first } of ranges ?? []) {
      const item = `${topic}:${first}`
      if (!known.includes(first)) failures.push({ item, error: notFound('partition', item) })
    }
  }
  return { wishes, failures }
}

/** Which records would go, partition by partition. */
export async function planTrim(
  view: OffsetsView,
  wishes: readonly TrimWish[],
  origin: PlanOrigin,
): Promise<Planned> {
  const times = await timesOf(view, wishes)
  const bounds = await view.offsets(wishes)
  const steps: Step[] = []
  const failures: Failure[] = []
  for (const [i, wish] of wishes.entries()) {
    const item = `${wish.topic}:${wish.partition}`
    const made = stepOrError(item, wish, bounds[i], times.get(item))
    if (made instanceof KtoolError) failures.push({ item, error: made })
    else steps.push(made)
  }
  return { plan: newPlan(topicPlans.trim, origin, steps, { warnings: warnings(steps) }), failures }
}

/** Where the first record at a time or after it is; null where all are older. */
async function timesOf(view: OffsetsView, wishes: readonly TrimWish[]) {
  const found = new Map<string, Offset | null | KtoolError>()
  const byTime = new Map<number, TrimWish[]>()
  for (const wish of wishes) {
    if (wish.before.kind !== 'time') continue
    byTime.set(wish.before.timeMs, [...(byTime.get(wish.before.timeMs) ?? []), wish])
  }
  for (const [timeMs, own] of byTime) {
    for (const { offset, ...at } of await view.find(own, { kind: 'time', timeMs })) {
      const item = partitionName(at)
      if (offset === null) found.set(item, null)
      else found.set(item, isKnown(offset) ? offset.value : unreadable(item, offset.reason))
    }
  }
  return found
}

function stepOrError(
  item: string,
  { before }: TrimWish,
  bounds: PartitionOffsets | undefined,
  time: Offset | null | KtoolError | undefined,
): Step | KtoolError {
  if (time instanceof KtoolError) return time
  if (bounds === undefined || !isKnown(bounds.logStart) || !isKnown(bounds.highWatermark)) {
    return unreadable(item, bounds?.reason ?? 'nothing is known of it')
  }
  const [start, end] = [bounds.logStart.value, bounds.highWatermark.value]
  const wanted =
    before.kind === 'offset' ? narrowed(before.offset) : before.kind === 'time' ? (time ?? end) : end
  if (wanted > end) return beyondEnd(item, wanted, end)
  const to = wanted < start ? start : wanted
  const records = difference(to, start)
  const step = { item, action: 'trim', before: { logStart: offsetAsPlan(start) } }
  if (records <= 0) return { ...step, after: step.before }
  return { ...step, after: { logStart: offsetAsPlan(to), records: offsetAsPlan(records) } }
}

function narrowed(value: bigint): Offset {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function warnings(steps: readonly Step[]): string[] {
  const counts = steps.map(({ after }) =>
    isPlanObject(after) && 'records' in after ? BigInt(String(after.records)) : 0n,
  )
  const count = counts.reduce((sum, each) => sum + each, 0n)
  if (count === 0n) return []
  const partitions = counts.filter((each) => each > 0n).length
  const where = `${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`
  return [`${count === 1n ? '1 offset' : `${count} offsets`} of records in ${where} will be gone for good`]
}

function beyondEnd(item: string, wanted: Offset, end: Offset): FailedError {
  return new FailedError('offset-out-of-range', `${item} ends at ${end}, before offset ${wanted}`, {
    hint: 'with --before end all of its records go',
    details: { item, end: String(end), wanted: String(wanted) },
  })
}

function unreadable(item: string, reason: string): FailedError {
  return new FailedError('offsets-unknown', `${item}: ${reason}`)
}

function notFound(what: 'topic' | 'partition', name: string): FailedError {
  return new FailedError(`${what}-not-found`, `there is no ${what} "${name}"`, {
    hint: 'ktool topics list names those that there are',
  })
}
