import type { Group, GroupMember } from '../../model/groups.ts'
import { readClassicAssignment, readClassicSubscription } from '../../protocol/records/read-classic-member.ts'
import { writtenCount } from './assignments.ts'
import type { StoredGroup } from './stored-group.ts'

type ClassicGroup = NonNullable<StoredGroup['classic']>
type ClassicMember = ClassicGroup['members'][number]

/**
 * A classic group as a coordinator takes it up from its log: Stable with members, Empty without. The steps of
 * a rebalance are never written. Without a record of its own a group only has commits.
 */
export function classicGroup(group: string, stored: ClassicGroup | null): Group {
  const members = stored?.members ?? []
  const isConsumer = stored?.protocolType === 'consumer'
  return {
    group,
    coordinator: null,
    type: 'Classic',
    protocolType: stored?.protocolType ?? '',
    state: members.length > 0 ? 'Stable' : 'Empty',
    memberCount: writtenCount(members.length),
    assignor: stored?.protocol ?? null,
    generation: stored?.generation ?? null,
    leader: stored?.leader ?? null,
    epoch: null,
    targetEpoch: null,
    members: members.map((member) => classicMember(member, isConsumer)),
  }
}

function classicMember(member: ClassicMember, isConsumer: boolean): GroupMember {
  const { memberId, groupInstanceId, clientId, clientHost } = member
  const said = isConsumer ? readClassicSubscription(member.subscription) : null
  return {
    memberId,
    instanceId: groupInstanceId,
    rackId: said?.rackId ?? null,
    clientId,
    host: clientHost,
    epoch: null,
    subscribedTopics: said?.topics ?? [],
    subscribedRegex: null,
    assignment: isConsumer ? readClassicAssignment(member.assignment) : [],
    target: null,
  }
}
