import { KtoolError } from '../errors.ts'
import type {
  CommittedOffset,
  Group,
  GroupMember,
  GroupsView,
  PendingOffset,
  ShareOffset,
  TopicPartition,
} from '../model/groups.ts'
import type { Outcome } from '../model/outcome.ts'
import { formatPartitions, partitionRanges } from '../values/partitions.ts'

/** A group, and where it stands. */
export interface GroupDescription extends Omit<Group, 'members'> {
  readonly members: readonly MemberDescription[]
  readonly offsets: readonly CommittedOffset[]
  readonly pendingOffsets: readonly PendingOffset[]
  readonly startOffsets: readonly ShareOffset[]
}

/** A member with its partitions as they are typed: `orders:0,2-5`. */
export interface MemberDescription extends Omit<GroupMember, 'assignment' | 'target'> {
  readonly group: string
  readonly partitions: number
  readonly assignment: readonly string[]
  readonly target: readonly string[] | null
}

export async function describeGroups(
  view: GroupsView,
  groups: readonly string[],
): Promise<Outcome<GroupDescription>[]> {
  const positions = await view.positions(groups)
  const described = await view.describe(groups)
  return described.map(({ item, outcome }, i) => {
    const standing = positions[i]?.outcome
    if (outcome instanceof KtoolError) return { item, outcome }
    // A group without its offsets would look like one that has none.
    if (standing instanceof KtoolError) return { item, outcome: standing }
    const { members, ...group } = outcome
    const description = {
      ...group,
      members: members.map((member) => describeMember(item, member)),
      offsets: standing?.commits ?? [],
      pendingOffsets: standing?.pending ?? [],
      startOffsets: standing?.shares ?? [],
    }
    return { item, outcome: description }
  })
}

function describeMember(group: string, { assignment, target, ...member }: GroupMember): MemberDescription {
  return {
    group,
    ...member,
    partitions: assignment.length,
    assignment: byTopic(assignment),
    target: target === null ? null : byTopic(target),
  }
}

export function byTopic(partitions: readonly TopicPartition[]): string[] {
  const numbers = new Map<string, number[]>()
  for (const { topic, partition } of partitions) {
    const known = numbers.get(topic)
    if (known === undefined) numbers.set(topic, [partition])
    else known.push(partition)
  }
  return [...numbers].map(([topic, each]) => `${topic}:${formatPartitions(partitionRanges(each))}`)
}
