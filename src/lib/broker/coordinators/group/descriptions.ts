import { TimelineMap } from '../../timeline-map.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { GroupShard } from './group-shard.ts'

export interface DescribedGroup {
  readonly state: string
  readonly protocolType: string
  readonly protocol: string
  readonly members: readonly DescribedMember[]
}

export interface DescribedMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly metadata: Buffer
  readonly assignment: Buffer
}

export interface ListedGroup {
  readonly groupId: string
  readonly protocolType: string
  readonly state: string
  readonly type: string
}

/** Which protocol it is, and what members said under it, is settled only while the group is stable. */
export function describeGroup(group: ClassicGroup): DescribedGroup {
  const protocol = group.isIn('Stable') ? group.protocol : null
  const members = group.inKafkasOrder().map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    metadata: protocol === null ? Buffer.alloc(0) : member.metadataOf(protocol),
    assignment: member.assignment,
  }))
  return { state: group.state, protocolType: group.protocolType ?? '', protocol: protocol ?? '', members }
}

/**
 * In the order in which Kafka's coordinator goes through its groups. Of another type it is only known that it is there,
 * and whether anybody is in it.
 */
export function listGroups({ groups, consumers, others }: GroupShard): ListedGroup[] {
  const classic = [...groups.values()].map(({ groupId, protocolType, state }) => ({
    groupId,
    protocolType: protocolType ?? '',
    state,
    type: 'classic',
  }))
  const rest = [...others.all()].map(({ group, type }) => ({
    groupId: group,
    protocolType: type,
    state: others.hasMembers(group) ? 'Stable' : 'Empty',
    type,
  }))
  const newer = [...consumers.values()].map(({ groupId, state }) => ({
    ...{ groupId, protocolType: 'consumer', state },
    type: 'consumer',
  }))
  const inOrder = new TimelineMap<ListedGroup>()
  for (const group of [...classic, ...newer, ...rest]) inOrder.set(group.groupId, group)
  return [...inOrder.values()]
}
