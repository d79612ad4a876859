import { FailedError, KtoolError } from '../errors.ts'
import type { GroupMember, GroupPositions, GroupsView, GroupType, TopicPartition } from '../model/groups.ts'
import { partitionName } from '../model/partitions.ts'
import type { Commit } from './plan-commits.ts'

/** Where a group stands, for those who mean to move it. */
export interface GroupStanding {
  readonly group: string
  /** Null where there is no such group yet. */
  readonly type: GroupType | null
  readonly members: readonly GroupMember[]
  readonly places: readonly TopicPartition[]
  commitOf(place: TopicPartition): Commit | null
}

export async function groupStandings(
  view: GroupsView,
  groups: readonly string[],
): Promise<{ readonly group: string; readonly standing: GroupStanding | KtoolError }[]> {
  const positions = await view.positions(groups)
  return positions.map(({ item, outcome }) => ({ group: item, standing: standingOf(item, outcome) }))
}

function standingOf(group: string, positions: GroupPositions | KtoolError): GroupStanding | KtoolError {
  if (positions instanceof KtoolError) return isAbsent(positions) ? absent(group) : positions
  const { type, members, commits, shares } = positions
  const each = new Map<string, Commit>(
    commits.map(({ topic, partition, offset, leaderEpoch, metadata }) => [
      partitionName({ topic, partition }),
      { offset, leaderEpoch, metadata },
    ]),
  )
  for (const { topic, partition, startOffset } of shares) {
    if (startOffset === null) continue
    each.set(partitionName({ topic, partition }), { offset: startOffset, leaderEpoch: null, metadata: '' })
  }
  const places = [...commits, ...shares].map(({ topic, partition }) => ({ topic, partition }))
  return {
    ...{ group, type, members, places },
    commitOf: (at) => each.get(partitionName(at)) ?? null,
  }
}

/** A group is born with its first commit. */
function absent(group: string): GroupStanding {
  return { group, type: null, members: [], places: [], commitOf: () => null }
}

export function isAbsent({ code }: KtoolError): boolean {
  return code === 'group-not-found' || code === 'group-id-not-found'
}

const NAMED = 5

/** Nothing where it has no members: a group that is being read moves on from where it is, whatever is committed. */
export function refusalOf(group: string, members: readonly GroupMember[]): FailedError | undefined {
  if (members.length === 0) return undefined
  const named = members.slice(0, NAMED).map(({ memberId, instanceId, clientId, host }) => {
    return `${instanceId ?? memberId} (client ${clientId} at ${host})`
  })
  const more = members.length > NAMED ? ` and ${members.length - NAMED} more` : ''
  const count = members.length === 1 ? 'a member' : `${members.length} members`
  return new FailedError('group-not-empty', `the group has ${count}: ${named.join(', ')}${more}`, {
    hint: 'stop them first; a member that was killed goes when its session ends, and --wait 1m waits for that',
    details: {
      group,
      members: members.map(({ memberId, instanceId, clientId, host }) => ({
        ...{ memberId, instanceId, clientId, host },
      })),
    },
  })
}
