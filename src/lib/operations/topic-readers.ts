import { KtoolError } from '../errors.ts'
import type { GroupPositions, GroupsView } from '../model/groups.ts'
import { type ItemFailure, itemsIn } from '../model/outcome.ts'
import { partitionsOf } from './lag-rows.ts'

/** The groups of a topic, by name. */
export interface TopicReaders {
  /** With a commit or a share of it, or with members that read it. */
  readonly groups: readonly string[]
  /** Those of them with members that read it. */
  readonly reading: readonly string[]
}

export interface ReadersFound {
  readonly of: (topic: string) => TopicReaders
  readonly failures: readonly ItemFailure[]
}

export async function topicReaders(view: Pick<GroupsView, 'list' | 'positions'>): Promise<ReadersFound> {
  const listed = await view.list()
  const names = itemsIn(listed)
  const positions = await view.positions(names)
  const failures = [...listed, ...positions].flatMap(({ item, outcome }) =>
    outcome instanceof KtoolError ? [{ item, error: outcome }] : [],
  )
  const groups = new Map<string, Set<string>>()
  const reading = new Map<string, Set<string>>()
  for (const { outcome } of positions) {
    if (outcome instanceof KtoolError) continue
    for (const topic of topicsRead(outcome)) add(reading, topic, outcome.group)
    for (const topic of topicsOf(outcome)) add(groups, topic, outcome.group)
  }
  return {
    of: (topic) => ({ groups: sorted(groups.get(topic)), reading: sorted(reading.get(topic)) }),
    failures,
  }
}

/** Whoever subscribes waits for it, even where another member has all its partitions. */
function topicsRead({ members }: GroupPositions): string[] {
  return members.flatMap(({ assignment, subscribedTopics }) => [
    ...assignment.map(({ topic }) => topic),
    ...subscribedTopics,
  ])
}

function topicsOf(positions: GroupPositions): string[] {
  return [...topicsRead(positions), ...partitionsOf(positions).map(({ topic }) => topic)]
}

function add(map: Map<string, Set<string>>, topic: string, group: string): void {
  const found = map.get(topic) ?? new Set<string>()
  map.set(topic, found.add(group))
}

function sorted(names: ReadonlySet<string> | undefined): string[] {
  return [...(names ?? [])].sort()
}
