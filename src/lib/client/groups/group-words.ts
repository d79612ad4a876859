import {
  type Group,
  type GroupState,
  type GroupType,
  groupStates,
  groupTypes,
  type TopicPartition,
} from '../../model/groups.ts'
import { byPartition } from '../../model/partitions.ts'

/** What a coordinator tells of a group; which one that is, whoever has asked it knows. */
export type GroupAsTold = Omit<Group, 'coordinator'>

/** In whatever case a broker writes it, and some do not write it in ours. */
export function stateOf(text: string): GroupState {
  return groupStates.find((state) => state.toLowerCase() === text.toLowerCase()) ?? 'Unknown'
}

/** Brokers that do not tell know no other type. */
export function typeOf(text: string): GroupType {
  return groupTypes.find((type) => type.toLowerCase() === text.toLowerCase()) ?? 'Classic'
}

interface AssignedTopic {
  readonly topicName: string
  readonly partitions: readonly number[]
}

export function assigned(topics: readonly AssignedTopic[]): TopicPartition[] {
  return topics
    .flatMap(({ topicName, partitions }) => partitions.map((partition) => ({ topic: topicName, partition })))
    .sort(byPartition)
}
