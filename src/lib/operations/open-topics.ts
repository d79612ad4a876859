import type { Isolation, RecordsView } from '../model/records.ts'
import type { TopicsView } from '../model/topics.ts'
import { namesMatching } from '../values/name-patterns.ts'
import { mustGoOn } from './follow-records.ts'
import type { Growth } from './growing-partitions.ts'
import { type OpenedPartitions, openPartitions, partitionsNamed } from './open-partitions.ts'

export interface AskedTopics {
  readonly topics: readonly string[]
  readonly partitions: string | undefined
  /** The names are patterns. */
  readonly regex: boolean
  readonly isolation: Isolation
  readonly follow: boolean
}

export interface TopicPlace {
  readonly records: RecordsView
  readonly listing: () => Pick<TopicsView, 'list'>
}

export interface OpenedTopics {
  readonly opened: OpenedPartitions
  /** How it goes on; null where nobody follows. */
  readonly growth: Growth | null
}

/** The partitions that were named, or whose topics match, as they are now, and how they become more. */
export async function openTopics(
  { records, listing }: TopicPlace,
  { topics, partitions, regex, isolation, follow }: AskedTopics,
  people: Pick<Growth, 'pause' | 'say'>,
): Promise<OpenedTopics> {
  const named = partitionsNamed(regex ? [] : topics, partitions)
  const wantedOf = (names: readonly string[]) =>
    regex ? partitionsNamed(namesMatching(topics, names), partitions) : named
  const growth = follow ? { later: mustGoOn(records), isolation, wantedOf, isOpen: regex, ...people } : null
  const names = regex ? await ordinaryTopics(listing()) : []
  return { opened: await openPartitions(records, wantedOf(names), isolation), growth }
}

/** Whoever means the coordinators' topics names them. */
export async function ordinaryTopics(view: Pick<TopicsView, 'list'>): Promise<string[]> {
  const listed = await view.list()
  return listed.flatMap(({ topic, isInternal }) => (isInternal ? [] : [topic])).sort()
}
