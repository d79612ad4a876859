import type { GroupsView } from '../../model/groups.ts'
import type { GroupsChanger, NewCommit } from '../../model/groups-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { lookUntil } from '../../ports/pause.ts'
import type { Cluster } from '../cluster.ts'
import { commitOffsets } from './commit-offsets.ts'
import { deleteCommits } from './delete-commits.ts'
import { deleteGroups } from './delete-groups.ts'
import { moveShareStarts } from './move-share-starts.ts'
import { removeMembers } from './remove-members.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1000

/** Groups of a live cluster. Whoever moves one has looked first whether it is empty; its coordinator has the last word. */
export function groupsChanger(cluster: Cluster, view: GroupsView): GroupsChanger {
  return {
    view,
    commit: (commits) => commitAll(cluster, commits),
    deleteCommits: (commits) => deleteCommits(cluster, commits),
    delete: (groups) => deleteGroups(cluster, groups),
    removeMembers: (members, reason) => removeMembers(cluster, members, reason),
    untilEmpty: (groups, patienceMs) => untilEmpty(cluster, view, groups, patienceMs),
  }
}

async function commitAll(cluster: Cluster, commits: readonly NewCommit[]): Promise<Outcome<null>[]> {
  const isShare = ({ type }: NewCommit) => type === 'Share'
  const parts = await Promise.all([
    commitOffsets(
      cluster,
      commits.filter((each) => !isShare(each)),
    ),
    moveShareStarts(cluster, commits.filter(isShare)),
  ])
  const [offsets, starts] = parts.map((part) => part.values())
  return commits.map((each) => {
    const next = (isShare(each) ? starts : offsets)?.next().value
    return next ?? { item: each.group, outcome: null }
  })
}

function untilEmpty(
  cluster: Cluster,
  view: GroupsView,
  groups: readonly string[],
  timeoutMs: number,
): Promise<boolean> {
  const look = async () => {
    // Waiting is what was asked for: it does not count as time that brokers take.
    cluster.deadline.renew()
    const described = await view.describe(groups)
    return !described.some(({ outcome }) => 'members' in outcome && outcome.members.length > 0)
  }
  const { clock } = cluster.world
  const patience = { clock, everyMs: FIRST_PAUSE_MS, longestMs: LONGEST_PAUSE_MS, timeoutMs }
  return lookUntil(look, (isEmpty) => isEmpty, patience)
}
