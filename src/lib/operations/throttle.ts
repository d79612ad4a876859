import type { TopicPartition } from '../model/groups.ts'
import {
  DISK_RATE,
  FOLLOWER_RATE,
  FOLLOWER_REPLICAS,
  LEADER_RATE,
  LEADER_REPLICAS,
  type ThrottleConfig,
  type ThrottleEdit,
} from '../model/reassignments.ts'

/** It stands for every replica of the topic. */
const EVERY_REPLICA = '*'

/** One of the configs that a throttle changes: what it was, and what of it is ours. */
export interface ThrottleMark {
  readonly type: 'brokers' | 'topics'
  readonly resource: string
  readonly name: string
  /** What it is to be again; null where it was not set. */
  readonly before: string | null
  /** What it was when this was written: more than `before`, where a run that was killed has left something. */
  readonly found: string | null
  /** A rate, or those entries of a list that were not in it. */
  readonly ours: string
}

/** Replicas that are copied, and those that they are copied from. */
export interface ThrottledMove extends TopicPartition {
  readonly before: readonly number[]
  readonly after: readonly number[]
  /** Brokers on which it is copied from one disk to another. */
  readonly disks?: readonly number[]
}

/** How fast these may go, in bytes a second; null: as fast as they can. */
export interface ThrottleRates {
  readonly throttleBytesPerSecond: number | null
  readonly diskThrottleBytesPerSecond: number | null
}

/** What has to be set for these moves under these rates, between brokers and between disks. */
export function marksUnder(
  moves: readonly ThrottledMove[],
  { throttleBytesPerSecond, diskThrottleBytesPerSecond }: ThrottleRates,
  current: readonly ThrottleConfig[],
): ThrottleMark[] {
  return [
    ...(throttleBytesPerSecond === null ? [] : throttleMarks(moves, throttleBytesPerSecond, current)),
    ...(diskThrottleBytesPerSecond === null
      ? []
      : diskThrottleMarks(moves, diskThrottleBytesPerSecond, current)),
  ]
}

/** Brokers and topics of which something is set under these rates. */
export function throttledBy(
  moves: readonly ThrottledMove[],
  { throttleBytesPerSecond, diskThrottleBytesPerSecond }: ThrottleRates,
): { readonly brokers: readonly number[]; readonly topics: readonly string[] } {
  const senders = throttleBytesPerSecond === null ? [] : throttledBrokers(moves)
  const disks = diskThrottleBytesPerSecond === null ? [] : disksIn(moves)
  return {
    brokers: [...new Set([...senders, ...disks])].sort((a, b) => a - b),
    topics: throttleBytesPerSecond === null ? [] : throttledTopics(moves),
  }
}

function disksIn(moves: readonly ThrottledMove[]): number[] {
  return [...new Set(moves.flatMap(({ disks = [] }) => disks))].sort((a, b) => a - b)
}

/** Kafka has one rate for all that a broker copies between its disks, and no list of replicas that it holds for. */
function diskThrottleMarks(
  moves: readonly ThrottledMove[],
  bytesPerSecond: number,
  current: readonly ThrottleConfig[],
): ThrottleMark[] {
  const rates = disksIn(moves).map((id) => ({
    type: 'brokers' as const,
    resource: String(id),
    name: DISK_RATE,
  }))
  return rateMarks(rates, bytesPerSecond, current)
}

function rateMarks(
  rates: readonly ListKey[],
  bytesPerSecond: number,
  current: readonly ThrottleConfig[],
): ThrottleMark[] {
  const values = new Map(current.map((config) => [keyOf(config), config.value]))
  return rates.flatMap((rate) => {
    const value = values.get(keyOf(rate))
    if (value === undefined) return []
    return [{ ...rate, before: value, found: value, ours: String(bytesPerSecond) }]
  })
}

/**
 * What has to be set for these moves alone: rates of the brokers between which something is copied, and of each topic
 * the replicas that send and those that receive. Entries that are there already are not ours, and a broker or a topic
 * that could not be asked is left alone.
 */
export function throttleMarks(
  moves: readonly ThrottledMove[],
  bytesPerSecond: number,
  current: readonly ThrottleConfig[],
): ThrottleMark[] {
  const values = new Map(current.map((config) => [keyOf(config), config.value]))
  const isKnown = (config: ListKey) => values.has(keyOf(config))
  const wasSet = (config: ListKey) => values.get(keyOf(config)) ?? null
  const rates = throttledBrokers(moves).flatMap((id) =>
    [LEADER_RATE, FOLLOWER_RATE].map((name) => ({ type: 'brokers' as const, resource: String(id), name })),
  )
  const lists = [...listsOf(moves)].map(([key, entries]) => ({ ...key, entries })).filter(isKnown)
  return [
    ...rateMarks(rates, bytesPerSecond, current),
    ...lists.flatMap(({ entries, ...list }) => {
      const before = wasSet(list)
      const added =
        before === EVERY_REPLICA ? [] : entries.filter((entry) => !entriesOf(before).includes(entry))
      return added.length === 0 ? [] : [{ ...list, before, found: before, ours: added.join(',') }]
    }),
  ]
}

export function copiesSomething({ before, after }: ThrottledMove): boolean {
  return after.some((id) => !before.includes(id))
}

export function throttledBrokers(moves: readonly ThrottledMove[]): number[] {
  const ids = moves.filter(copiesSomething).flatMap(({ before, after }) => [...before, ...after])
  return [...new Set(ids)].sort((a, b) => a - b)
}

export function throttledTopics(moves: readonly ThrottledMove[]): string[] {
  return [...new Set(moves.filter(copiesSomething).map(({ topic }) => topic))].sort()
}

type ListKey = Pick<ThrottleConfig, 'type' | 'resource' | 'name'>

function listsOf(moves: readonly ThrottledMove[]): Map<ListKey, string[]> {
  const lists = new Map<ListKey, string[]>()
  for (const resource of throttledTopics(moves)) {
    const own = moves.filter((move) => move.topic === resource && copiesSomething(move))
    const senders = own.flatMap(({ partition, before }) => before.map((id) => `${partition}:${id}`))
    const receivers = own.flatMap(({ partition, before, after }) =>
      after.filter((id) => !before.includes(id)).map((id) => `${partition}:${id}`),
    )
    lists.set({ type: 'topics', resource, name: LEADER_REPLICAS }, senders)
    lists.set({ type: 'topics', resource, name: FOLLOWER_REPLICAS }, receivers)
  }
  return lists
}

/** What sets them. */
export function throttleEdits(marks: readonly ThrottleMark[]): ThrottleEdit[] {
  return marks.map(({ type, resource, name, ours }) => ({
    type,
    resource,
    name,
    edit: type === 'brokers' ? 'set' : 'add',
    value: ours,
  }))
}

/**
 * What takes away what is ours, and leaves the rest: a rate that somebody has changed meanwhile is his, a list keeps
 * the entries that others put there.
 */
export function unthrottleEdits(
  marks: readonly ThrottleMark[],
  current: readonly ThrottleConfig[],
): ThrottleEdit[] {
  const values = new Map(current.map((config) => [keyOf(config), config.value]))
  return marks.flatMap((mark) => {
    const value = values.get(keyOf(mark)) ?? null
    const edit = value === null ? undefined : undoing(mark, value)
    return edit === undefined ? [] : [edit]
  })
}

function undoing(
  { type, resource, name, before, ours }: ThrottleMark,
  value: string,
): ThrottleEdit | undefined {
  const at = { type, resource, name }
  if (type === 'brokers') {
    if (value !== ours || before === ours) return undefined
    return before === null ? { ...at, edit: 'unset', value: '' } : { ...at, edit: 'set', value: before }
  }
  const mine = entriesOf(ours)
  const present = entriesOf(value)
  const found = present.filter((entry) => mine.includes(entry))
  if (found.length === 0) return undefined
  if (found.length === present.length && before === null) return { ...at, edit: 'unset', value: '' }
  return { ...at, edit: 'take', value: found.join(',') }
}

/**
 * Marks of a run that was killed, and of the one that follows it: what the former left is no wish of anybody's, and
 * goes in the end too.
 */
export function joinedMarks(
  former: readonly ThrottleMark[],
  latter: readonly ThrottleMark[],
): ThrottleMark[] {
  const joined = new Map(former.map((mark) => [keyOf(mark), mark]))
  for (const mark of latter) {
    const known = joined.get(keyOf(mark))
    joined.set(keyOf(mark), known === undefined ? mark : joinedMark(known, mark))
  }
  return [...joined.values()]
}

function joinedMark(known: ThrottleMark, mark: ThrottleMark): ThrottleMark {
  if (mark.type === 'brokers') {
    const isExplained = mark.found === known.ours || mark.found === known.found
    return isExplained ? { ...mark, before: known.before } : mark
  }
  const mine = entriesOf(known.ours)
  const rest = entriesOf(mark.before).filter((entry) => !mine.includes(entry))
  const wasUnset = rest.length === 0 && (known.before === null || mark.before === null)
  return { ...mark, before: wasUnset ? null : rest.join(','), ours: union(known.ours, mark.ours) }
}

function union(a: string, b: string): string {
  return [...new Set([...entriesOf(a), ...entriesOf(b)])].join(',')
}

/** Whether a list of a topic has replicas of a partition. */
export function holds(value: string | null, partition: number): boolean {
  return entriesOf(value).some((entry) => entry === EVERY_REPLICA || entry.startsWith(`${partition}:`))
}

export function entriesOf(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function keyOf({ type, resource, name }: ListKey): string {
  return `${type} ${resource} ${name}`
}
