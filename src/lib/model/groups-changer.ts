import type { GroupMember, GroupsView, GroupType, TopicPartition } from './groups.ts'
import type { Outcome } from './outcome.ts'

/** Where a group is to stand in a partition. */
export interface NewCommit extends TopicPartition {
  readonly group: string
  /** Null where there is no such group yet. */
  readonly type: GroupType | null
  readonly offset: number | bigint
  /** Null where it is not known, as for an offset that nobody has read up to. */
  readonly leaderEpoch: number | null
  readonly metadata: string
}

export interface OldCommit extends TopicPartition {
  readonly group: string
  readonly type: GroupType | null
}

/** A member that is to leave. */
export interface Leaver extends Pick<GroupMember, 'memberId' | 'instanceId'> {
  readonly group: string
}

/** What it answers is in the order of what it was asked for. */
export interface GroupsChanger {
  /** The groups as they are at that moment. */
  readonly view: GroupsView
  /** Only for groups that nobody is in: the others are refused. Share groups start there. */
  commit(commits: readonly NewCommit[]): Promise<readonly Outcome<null>[]>
  /** Refused for topics that members of the group read. */
  deleteCommits(commits: readonly OldCommit[]): Promise<readonly Outcome<null>[]>
  delete(groups: readonly string[]): Promise<readonly Outcome<null>[]>
  /** They are told to come again, unless they are dead. */
  removeMembers(members: readonly Leaver[], reason: string): Promise<readonly Outcome<null>[]>
  /** Waits for the groups to be without members; false where they still have some when the time is up. */
  untilEmpty(groups: readonly string[], patienceMs: number): Promise<boolean>
}
