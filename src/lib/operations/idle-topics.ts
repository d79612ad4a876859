import { FailedError, type KtoolError } from '../errors.ts'
import { type Figure, isKnown } from '../model/figure.ts'
import type { GroupsView, TopicPartition } from '../model/groups.ts'
import { noSuchTopic } from '../model/not-found.ts'
import type { OffsetsView } from '../model/offsets.ts'
import type { TopicListing, TopicsView } from '../model/topics.ts'
import { formatTime } from '../values/times.ts'
import { emptinessOf, idlenessOf } from './topic-idleness.ts'
import { topicReaders } from './topic-readers.ts'

export interface IdleQuestion {
  /** Nothing asks for all there are. */
  readonly topics: readonly string[] | undefined
  /** Those of the coordinators too; a topic that is named is wanted anyhow. */
  readonly internal: boolean
  readonly sizes: boolean
  readonly idleMs: number
  readonly nowMs: number
}

export interface IdleViews {
  readonly topics: Pick<TopicsView, 'list'>
  readonly offsets: Pick<OffsetsView, 'find' | 'offsets'>
  readonly groups: Pick<GroupsView, 'list' | 'positions'>
}

export interface IdleTopic {
  readonly topic: string
  readonly partitionCount: Figure
  /** The latest in the segments that are left, of trimmed records too; null where there is none. */
  readonly lastTimestampMs: number | bigint | null
  readonly idleForMs: number | null
  readonly groups: readonly string[]
  readonly readingGroups: readonly string[]
  readonly sizeBytes: Figure
  /** Why there is no last record. */
  readonly reason: string | null
}

interface Failure {
  readonly item: string
  readonly error: KtoolError
}

export interface IdleTopics {
  readonly rows: readonly IdleTopic[]
  readonly failures: readonly Failure[]
  readonly notes: readonly string[]
}

type Judged = Pick<IdleTopic, 'lastTimestampMs' | 'idleForMs' | 'reason'>

/** Topics without a record since, the longest idle first. Groups are asked for only where there is one. */
export async function idleTopics(views: IdleViews, question: IdleQuestion): Promise<IdleTopics> {
  const listed = await views.topics.list({ sizes: question.sizes })
  const wanted = listed.filter((listing) => isWanted(listing, question))
  const absent = (question.topics ?? []).filter((name) => !wanted.some(({ topic }) => topic === name))
  const { judged, failures, notes } = await judge(views.offsets, wanted, question)
  const idle = wanted.filter(({ topic }) => judged.has(topic))
  const readers = idle.length === 0 ? undefined : await topicReaders(views.groups)
  const rows = idle.flatMap((listing) => {
    const found = judged.get(listing.topic)
    return found === undefined ? [] : [rowOf(listing, found, readers?.of(listing.topic))]
  })
  return {
    rows: rows.sort(longestFirst),
    failures: [...new Set(absent)]
      .map((item): Failure => ({ item, error: noSuchTopic(item) }))
      .concat(failures, readers?.failures ?? []),
    notes,
  }
}

function isWanted({ topic, isInternal }: TopicListing, { topics, internal }: IdleQuestion): boolean {
  return topics === undefined ? internal || !isInternal : topics.includes(topic)
}

async function judge(
  offsets: IdleViews['offsets'],
  topics: readonly TopicListing[],
  { nowMs, idleMs }: IdleQuestion,
) {
  const latest = byTopic(await offsets.find(topics.flatMap(partitionsIn), { kind: 'max' }))
  const beforeMs = nowMs - idleMs
  const judged = new Map<string, Judged>()
  const failures: Failure[] = []
  const notes: string[] = []
  const timeless: TopicListing[] = []
  for (const listing of topics) {
    const idleness = idlenessOf(latest.get(listing.topic) ?? [], beforeMs)
    if (idleness.kind === 'unknown') failures.push(notJudged(listing.topic, idleness))
    else if (idleness.kind === 'timeless') timeless.push(listing)
    else if (idleness.lastTimestampMs < beforeMs) judged.set(listing.topic, written(idleness, nowMs))
    else if (idleness.lastTimestampMs > nowMs + AHEAD_MS) notes.push(ahead(listing.topic, idleness))
  }
  const bounds = byTopic(await offsets.offsets(timeless.flatMap(partitionsIn)))
  for (const { topic } of timeless) {
    const emptiness = emptinessOf(bounds.get(topic) ?? [])
    if (emptiness.kind === 'unknown') failures.push(notJudged(topic, emptiness))
    else judged.set(topic, { lastTimestampMs: null, idleForMs: null, reason: emptiness.reason })
  }
  return { judged, failures, notes }
}

/** Clocks of producers differ; a record from further ahead hides whether anything was written since. */
const AHEAD_MS = 60 * 60_000

function ahead(topic: string, { lastTimestampMs }: { readonly lastTimestampMs: number | bigint }): string {
  return `${topic} counts as written to: it has a record of ${formatTime(lastTimestampMs)}, which is yet to come`
}

function written({ lastTimestampMs }: { readonly lastTimestampMs: number | bigint }, nowMs: number): Judged {
  return { lastTimestampMs, idleForMs: nowMs - Number(lastTimestampMs), reason: null }
}

/** As brokers number them, from 0 on. */
function partitionsIn({ topic, partitionCount }: TopicListing): TopicPartition[] {
  const count = isKnown(partitionCount) ? Number(partitionCount.value) : 0
  return Array.from({ length: count }, (_, partition) => ({ topic, partition }))
}

function byTopic<T extends TopicPartition>(rows: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows) {
    const same = found.get(row.topic)
    if (same === undefined) found.set(row.topic, [row])
    else same.push(row)
  }
  return found
}

function rowOf(
  { topic, partitionCount, sizeBytes }: TopicListing,
  judged: Judged,
  readers: { readonly groups: readonly string[]; readonly reading: readonly string[] } | undefined,
): IdleTopic {
  const groups = readers?.groups ?? []
  return { topic, partitionCount, ...judged, groups, readingGroups: readers?.reading ?? [], sizeBytes }
}

/** What has no record at all comes before the rest. */
function longestFirst(a: IdleTopic, b: IdleTopic): number {
  const order = (b.idleForMs ?? Number.MAX_VALUE) - (a.idleForMs ?? Number.MAX_VALUE)
  return order || (a.topic < b.topic ? -1 : 1)
}

function notJudged(topic: string, why: { readonly partition: number; readonly reason: string }): Failure {
  const message = `whether it is idle is not known: ${why.reason}`
  return { item: `${topic}:${why.partition}`, error: new FailedError('offsets-unknown', message) }
}
