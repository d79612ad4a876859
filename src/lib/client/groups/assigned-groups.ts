import type { GroupMember } from '../../model/groups.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { consumerGroupDescribe } from '../../protocol/apis/consumer-group-describe.ts'
import { shareGroupDescribe } from '../../protocol/apis/share-group-describe.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'
import { assigned, type GroupAsTold, stateOf } from './group-words.ts'

type ToldConsumer = AnswerOf<typeof consumerGroupDescribe>['groups'][number]
type ToldShare = AnswerOf<typeof shareGroupDescribe>['groups'][number]

/** Groups of KIP-848, whose members the broker assigns. */
export async function askConsumerGroups(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
): Promise<Map<string, GroupAsTold | Refusal>> {
  if (!connection.versions.has(consumerGroupDescribe)) return new Map()
  const { groups: told } = await cluster.askOf(connection, consumerGroupDescribe, { groupIds: [...groups] })
  return new Map(
    told.map((group) => [
      group.groupId,
      orRefusal(group.errorCode, () => consumerGroup(group), group.errorMessage),
    ]),
  )
}

/** Groups of KIP-932. */
export async function askShareGroups(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
): Promise<Map<string, GroupAsTold | Refusal>> {
  if (!connection.versions.has(shareGroupDescribe)) return new Map()
  const { groups: told } = await cluster.askOf(connection, shareGroupDescribe, { groupIds: [...groups] })
  return new Map(
    told.map((group) => [
      group.groupId,
      orRefusal(group.errorCode, () => shareGroup(group), group.errorMessage),
    ]),
  )
}

function consumerGroup(told: ToldConsumer): GroupAsTold {
  const members = told.members.map((member): GroupMember => {
    const { instanceId, rackId, subscribedTopicNames, subscribedTopicRegex } = member
    return {
      memberId: member.memberId,
      instanceId,
      rackId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: member.memberEpoch,
      subscribedTopics: subscribedTopicNames,
      subscribedRegex: subscribedTopicRegex === '' ? null : subscribedTopicRegex,
      assignment: assigned(member.assignment.topicPartitions),
      target: assigned(member.targetAssignment.topicPartitions),
    }
  })
  return { ...assignedGroup(told, members), type: 'Consumer', protocolType: 'consumer' }
}

/** Its members share partitions: none has to give one up, and so they have what they are to have. */
function shareGroup(told: ToldShare): GroupAsTold {
  const members = told.members.map((member): GroupMember => {
    const assignment = assigned(member.assignment.topicPartitions)
    return {
      memberId: member.memberId,
      instanceId: null,
      rackId: member.rackId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: member.memberEpoch,
      subscribedTopics: member.subscribedTopicNames,
      subscribedRegex: null,
      assignment,
      target: null,
    }
  })
  return { ...assignedGroup(told, members), type: 'Share', protocolType: 'share' }
}

interface ToldGroup {
  readonly groupId: string
  readonly groupState: string
  readonly groupEpoch: number
  readonly assignmentEpoch: number
  readonly assignorName?: string
}

export function assignedGroup(told: ToldGroup, members: readonly GroupMember[]) {
  return {
    group: told.groupId,
    state: stateOf(told.groupState),
    memberCount: { value: members.length, from: 'broker', bound: 'exact' } as const,
    assignor: told.assignorName || null,
    generation: null,
    leader: null,
    epoch: told.groupEpoch,
    targetEpoch: told.assignmentEpoch,
    members,
  }
}
