import type { Group, GroupMember, TopicPartition } from '../../model/groups.ts'
import { brokerAssigned, reconcilingState } from './assigned-groups.ts'
import { sorted } from './assignments.ts'
import type { StoredGroup } from './stored-group.ts'

interface Task {
  readonly subtopologyId: string
  readonly partitions: readonly number[]
}

/** A streams group of KIP-1071: members are given tasks, and a task reads its subtopology's source topics. */
export function streamsGroup(stored: StoredGroup): Group {
  const { group, streams, topology } = stored
  const topicsOf = sourceTopics(topology)
  const members = [...streams.members].map(([memberId, said]): GroupMember => {
    const current = streams.current.get(memberId)
    return {
      memberId,
      instanceId: said.instanceId,
      rackId: said.rackId,
      clientId: said.clientId,
      host: said.clientHost,
      epoch: current?.memberEpoch ?? null,
      subscribedTopics: [...new Set([...topicsOf.values()].flat())].sort(),
      subscribedRegex: null,
      assignment: partitionsOf(current?.activeTasks, topicsOf),
      target: partitionsOf(streams.targets.get(memberId)?.activeTasks, topicsOf),
    }
  })
  return {
    ...brokerAssigned(group, members, streams),
    type: 'Streams',
    protocolType: 'streams',
    state: members.length > 0 && topology === null ? 'NotReady' : reconcilingState(streams),
    assignor: null,
  }
}

function sourceTopics(topology: StoredGroup['topology']): Map<string, string[]> {
  return new Map(
    (topology?.subtopologies ?? []).map(({ subtopologyId, sourceTopics, repartitionSourceTopics }) => [
      subtopologyId,
      [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)],
    ]),
  )
}

function partitionsOf(
  tasks: readonly Task[] | undefined,
  topicsOf: ReadonlyMap<string, readonly string[]>,
): TopicPartition[] {
  return sorted(
    (tasks ?? []).flatMap(({ subtopologyId, partitions }) =>
      (topicsOf.get(subtopologyId) ?? []).flatMap((topic) =>
        partitions.map((partition) => ({ topic, partition })),
      ),
    ),
  )
}
