import type { GroupMember } from '../../model/groups.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeGroups } from '../../protocol/apis/describe-groups.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { readClassicAssignment, readClassicSubscription } from '../../protocol/records/read-classic-member.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { Refusal } from '../routing/refusal.ts'
import { type GroupAsTold, stateOf } from './group-words.ts'

type Told = AnswerOf<typeof describeGroups>['groups'][number]
type ToldMember = Told['members'][number]

export async function askClassicGroups(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
): Promise<Map<string, GroupAsTold | Refusal>> {
  const { groups: told } = await cluster.askOf(connection, describeGroups, { groups: [...groups] })
  return new Map(told.map((group) => [group.groupId, groupOf(group)]))
}

/** Before version 6 (KIP-1043) a group that is not there, or of another type, is a dead one. */
function groupOf(told: Told): GroupAsTold | Refusal {
  if (told.errorCode !== errorCodes.NONE) return new Refusal(told.errorCode, told.errorMessage)
  const state = stateOf(told.groupState)
  if (state === 'Dead') return new Refusal(errorCodes.GROUP_ID_NOT_FOUND)
  const isConsumer = told.protocolType === 'consumer'
  return {
    group: told.groupId,
    type: 'Classic',
    protocolType: told.protocolType,
    state,
    memberCount: { value: told.members.length, from: 'broker', bound: 'exact' },
    assignor: told.protocolData === '' ? null : told.protocolData,
    // Only members are told these two.
    generation: null,
    leader: null,
    epoch: null,
    targetEpoch: null,
    members: told.members.map((member) => memberOf(member, isConsumer)),
  }
}

function memberOf(told: ToldMember, isConsumer: boolean): GroupMember {
  const said = isConsumer ? readClassicSubscription(told.memberMetadata) : null
  return {
    memberId: told.memberId,
    instanceId: told.groupInstanceId,
    rackId: said?.rackId ?? null,
    clientId: told.clientId,
    host: told.clientHost,
    epoch: null,
    subscribedTopics: said?.topics ?? [],
    subscribedRegex: null,
    assignment: isConsumer ? readClassicAssignment(told.memberAssignment) : [],
    target: null,
  }
}
