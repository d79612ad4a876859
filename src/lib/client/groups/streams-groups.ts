import type { GroupMember, TopicPartition } from '../../model/groups.ts'
import { byPartition } from '../../model/partitions.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { streamsGroupDescribe } from '../../protocol/apis/streams-group-describe.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'
import { assignedGroup } from './assigned-groups.ts'
import type { GroupAsTold } from './group-words.ts'

type Told = AnswerOf<typeof streamsGroupDescribe>['groups'][number]

/** Groups of KIP-1071: members are given tasks, and a task reads the source topics of its subtopology. */
export async function askStreamsGroups(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
): Promise<Map<string, GroupAsTold | Refusal>> {
  if (!connection.versions.has(streamsGroupDescribe)) return new Map()
  const { groups: told } = await cluster.askOf(connection, streamsGroupDescribe, { groupIds: [...groups] })
  return new Map(
    told.map((group) => [
      group.groupId,
      orRefusal(group.errorCode, () => streamsGroup(group), group.errorMessage),
    ]),
  )
}

function streamsGroup(told: Told): GroupAsTold {
  const sources = sourceTopics(told)
  const members = told.members.map(
    (member): GroupMember => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      rackId: member.rackId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: member.memberEpoch,
      subscribedTopics: [...new Set([...sources.values()].flat())].sort(),
      subscribedRegex: null,
      assignment: partitionsOf(member.assignment.activeTasks, sources),
      target: partitionsOf(member.targetAssignment.activeTasks, sources),
    }),
  )
  return { ...assignedGroup(told, members), type: 'Streams', protocolType: 'streams' }
}

function sourceTopics({ topology }: Told): Map<string, string[]> {
  return new Map(
    (topology?.subtopologies ?? []).map(({ subtopologyId, sourceTopics, repartitionSourceTopics }) => [
      subtopologyId,
      [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)],
    ]),
  )
}

function partitionsOf(
  tasks: readonly { readonly subtopologyId: string; readonly partitions: readonly number[] }[],
  sources: ReadonlyMap<string, readonly string[]>,
): TopicPartition[] {
  return tasks
    .flatMap(({ subtopologyId, partitions }) =>
      (sources.get(subtopologyId) ?? []).flatMap((topic) =>
        partitions.map((partition) => ({ topic, partition })),
      ),
    )
    .sort(byPartition)
}
