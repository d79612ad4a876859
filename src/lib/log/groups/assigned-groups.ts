import type { Group, GroupMember, GroupState } from '../../model/groups.ts'
import { namedPartitions, type TopicName, writtenCount } from './assignments.ts'
import type { StoredGroup } from './stored-group.ts'

const STABLE_MEMBER = 0
/** What a broker takes where no member names an assignor, unless it is configured otherwise. */
const DEFAULT_ASSIGNOR = 'uniform'

/** A consumer group of KIP-848. */
export function consumerGroup({ group, consumer }: StoredGroup, nameOf: TopicName): Group {
  const members = [...consumer.members].map(([memberId, said]): GroupMember => {
    const current = consumer.current.get(memberId)
    return {
      memberId,
      instanceId: said.instanceId,
      rackId: said.rackId,
      clientId: said.clientId,
      host: said.clientHost,
      epoch: current?.memberEpoch ?? null,
      subscribedTopics: said.subscribedTopicNames,
      subscribedRegex: said.subscribedTopicRegex === '' ? null : said.subscribedTopicRegex,
      // What it is to give up it holds until it says that it has.
      assignment: namedPartitions(
        [...(current?.assignedPartitions ?? []), ...(current?.partitionsPendingRevocation ?? [])],
        nameOf,
      ),
      target: namedPartitions(consumer.targets.get(memberId)?.topicPartitions, nameOf),
    }
  })
  return {
    ...brokerAssigned(group, members, consumer),
    type: 'Consumer',
    protocolType: 'consumer',
    state: reconcilingState(consumer),
    assignor: assignorOf([...consumer.members.values()]),
  }
}

/** A share group of KIP-932: its members share partitions, so nobody has to give one up first. */
export function shareGroup({ group, share }: StoredGroup, nameOf: TopicName): Group {
  const members = [...share.members].map(([memberId, said]): GroupMember => {
    const current = share.current.get(memberId)
    return {
      memberId,
      instanceId: null,
      rackId: said.rackId,
      clientId: said.clientId,
      host: said.clientHost,
      epoch: current?.memberEpoch ?? null,
      subscribedTopics: said.subscribedTopicNames,
      subscribedRegex: null,
      assignment: namedPartitions(current?.assignedPartitions, nameOf),
      target: namedPartitions(share.targets.get(memberId)?.topicPartitions, nameOf),
    }
  })
  return {
    ...brokerAssigned(group, members, share),
    type: 'Share',
    protocolType: 'share',
    state: members.length === 0 ? 'Empty' : 'Stable',
    assignor: null,
  }
}

export interface Stored {
  readonly metadata: { readonly epoch: number } | null
  readonly targetEpoch: number | null
  readonly members: ReadonlyMap<string, unknown>
  readonly current: ReadonlyMap<string, { readonly memberEpoch: number; readonly state: number }>
}

export function brokerAssigned(group: string, members: readonly GroupMember[], stored: Stored) {
  return {
    group,
    coordinator: null,
    memberCount: writtenCount(members.length),
    generation: null,
    leader: null,
    epoch: stored.metadata?.epoch ?? null,
    targetEpoch: stored.targetEpoch,
    members,
  }
}

/** The group's epoch moves first, then the target assignment's, then that of each member. */
export function reconcilingState({ metadata, targetEpoch, members, current }: Stored): GroupState {
  if (members.size === 0) return 'Empty'
  if ((metadata?.epoch ?? 0) > (targetEpoch ?? 0)) return 'Assigning'
  const isReconciled = [...members.keys()].every((memberId) => {
    const member = current.get(memberId)
    return member?.state === STABLE_MEMBER && member.memberEpoch === targetEpoch
  })
  return isReconciled ? 'Stable' : 'Reconciling'
}

/** That of the most members. */
function assignorOf(members: readonly { readonly serverAssignor: string | null }[]): string {
  const votes = new Map<string, number>()
  for (const { serverAssignor } of members) {
    if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1)
  }
  const [most] = [...votes].sort(([, a], [, b]) => b - a)
  return most?.[0] ?? DEFAULT_ASSIGNOR
}
