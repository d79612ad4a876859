import { noAssignment } from '../modern/assignment.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, LEAVES_FOR_NOW, nothingAssigned } from './consumer-member.ts'
import type { ConsumerGroupRecord } from './consumer-record.ts'

/** A member goes. */
export function withoutMember(group: string, memberId: string): ConsumerGroupRecord[] {
  return [
    { kind: 'consumerAssignment', group, memberId, value: null },
    { kind: 'consumerTarget', group, memberId, value: null },
    { kind: 'consumerMember', group, memberId, value: null },
  ]
}

/** Another one takes the place of a static member, with its target and what it has. */
export function withMemberReplaced(
  group: ConsumerGroup,
  before: ConsumerMember,
  after: ConsumerMember,
): ConsumerGroupRecord[] {
  const { groupId } = group
  const { memberId } = after
  const target = group.target.get(before.memberId) ?? noAssignment
  return [
    ...withoutMember(groupId, before.memberId),
    { kind: 'consumerMember', group: groupId, memberId, value: after },
    { kind: 'consumerTarget', group: groupId, memberId, value: target },
    { kind: 'consumerAssignment', group: groupId, memberId, value: after },
  ]
}

/** It keeps its partitions for whoever comes back in its name, and takes none that another has. */
export function leftForNow(group: string, member: ConsumerMember): ConsumerGroupRecord {
  const assigned = new Map(
    [...member.assigned].map(([topicId, partitions]) => [
      topicId,
      new Map([...partitions.keys()].map((partition) => [partition, 0])),
    ]),
  )
  const value = { ...member, memberEpoch: LEAVES_FOR_NOW, assigned, pendingRevocation: nothingAssigned }
  return { kind: 'consumerAssignment', group, memberId: member.memberId, value }
}

/** The whole group goes; `renamed` is told of each member, since one may have taken another's place. */
export function withoutGroup(
  group: ConsumerGroup,
  renamed: (memberId: string) => string = (memberId) => memberId,
): ConsumerGroupRecord[] {
  const { groupId } = group
  const ids = [...group.members.keys()].map(renamed)
  const each = (kind: 'consumerAssignment' | 'consumerTarget' | 'consumerMember') =>
    ids.map((memberId) => ({ kind, group: groupId, memberId, value: null }) as ConsumerGroupRecord)
  const regexes = [...group.regexes.keys()].map(
    (regex): ConsumerGroupRecord => ({ kind: 'consumerRegex', group: groupId, regex, value: null }),
  )
  return [
    ...each('consumerAssignment'),
    ...each('consumerTarget'),
    { kind: 'consumerTargetEpoch', group: groupId, value: null },
    ...each('consumerMember'),
    ...regexes,
    { kind: 'consumerPartitions', group: groupId, value: null },
    { kind: 'consumerEpoch', group: groupId, value: null },
  ]
}
