import { KtoolError } from '../errors.ts'
import type { GroupPositions, GroupsView } from '../model/groups.ts'
import type { OffsetsView } from '../model/offsets.ts'
import { failuresIn, foundIn } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { SeenCommit } from './commit-window.ts'
import { groupStatus } from './group-status.ts'
import { endsOf, lagOf, type Statuses } from './read-group-status.ts'

export interface Polling {
  readonly groups: readonly string[]
  readonly allowedLag: number
  readonly samples: number
  readonly nowMs: () => number
  /** Waits until the next look; false where it shall end. */
  readonly pause: () => Promise<boolean>
}

/** By looking at where groups stand, again and again: a look where nothing has moved counts as a commit that did not move. */
export async function pollGroupStatus(
  views: { readonly groups: GroupsView; readonly offsets: OffsetsView },
  polling: Polling,
): Promise<Statuses> {
  const seen = new Map<string, SeenCommit[]>()
  let last: Awaited<ReturnType<typeof look>> = { positions: [], ends: new Map() }
  for (let looks = 1; looks <= polling.samples; looks += 1) {
    last = await look(views, polling.groups)
    const timestampMs = polling.nowMs()
    for (const { outcome } of last.positions) {
      if (outcome instanceof KtoolError) continue
      for (const { topic, partition, offset } of outcome.commits) {
        const key = seenKey(outcome.group, topic, partition)
        const own = seen.get(key) ?? []
        seen.set(key, own)
        own.push({
          offset,
          timestampMs,
          lag: lagOf(last.ends.get(partitionName({ topic, partition })), offset),
        })
      }
    }
    if (looks < polling.samples && !(await polling.pause())) break
  }
  const rows = last.positions.flatMap(({ outcome }) =>
    outcome instanceof KtoolError ? [] : [statusOfSeen(outcome, seen, polling)],
  )
  const failures = failuresIn(last.positions)
  return { rows, failures, atMs: polling.nowMs() }
}

/** Commits first: the other way round a group that keeps up would be beyond the end. */
async function look(
  { groups, offsets }: { readonly groups: GroupsView; readonly offsets: OffsetsView },
  names: readonly string[],
) {
  const positions = await groups.positions(names)
  const known = foundIn(positions)
  return { positions, ends: await endsOf(offsets, known) }
}

function statusOfSeen(
  positions: GroupPositions,
  seen: ReadonlyMap<string, readonly SeenCommit[]>,
  { samples, allowedLag, nowMs }: Polling,
) {
  const partitions = positions.commits.map(({ topic, partition }) => {
    const commits = seen.get(seenKey(positions.group, topic, partition)) ?? []
    const window = {
      commits,
      size: samples,
      currentLag: commits.at(-1)?.lag ?? null,
      recentEnd: null,
      nowMs: nowMs(),
      isPolled: true,
      isAbandoned: positions.members.length === 0,
    }
    return { topic, partition, window }
  })
  return groupStatus(positions, partitions, allowedLag)
}

function seenKey(group: string, topic: string, partition: number): string {
  return `${partitionName({ topic, partition })} ${group}`
}
