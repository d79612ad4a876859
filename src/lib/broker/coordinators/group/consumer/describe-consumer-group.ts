import { javaHash } from '../../../../bytes/java-hash.ts'
import { inJavaMapOrder } from '../../../java-map-order.ts'
import { type Assignment, noAssignment, topicPartitionsOf } from '../modern/assignment.ts'
import type { TopicsView } from '../modern/topics-view.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, withoutEpochs } from './consumer-member.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import { preferredAssignor } from './epochs.ts'

export interface DescribedConsumerGroup {
  readonly groupState: string
  readonly groupEpoch: number
  readonly assignmentEpoch: number
  readonly assignorName: string
  readonly members: readonly DescribedConsumerMember[]
}

export interface DescribedConsumerMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly memberEpoch: number
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: string[]
  readonly subscribedTopicRegex: string | null
  readonly assignment: DescribedAssignment
  readonly targetAssignment: DescribedAssignment
  /** 0 speaks the classic protocol, 1 the newer one. */
  readonly memberType: number
}

interface DescribedAssignment {
  readonly topicPartitions: { topicId: string; topicName: string; partitions: number[] }[]
}

export function describeConsumerGroup(
  group: ConsumerGroup,
  { topics, consumer }: { readonly topics: TopicsView; readonly consumer: ConsumerSettings },
): DescribedConsumerGroup {
  const [first = ''] = consumer.assignors.keys()
  return {
    groupState: group.state,
    groupEpoch: group.epoch,
    assignmentEpoch: group.targetEpoch,
    assignorName: preferredAssignor(group) ?? first,
    members: Array.from(group.members, ([memberId, member]) =>
      describeMember(member, group.target.get(memberId) ?? noAssignment, topics),
    ),
  }
}

/** What it has yet to give up it still has. */
function describeMember(
  member: ConsumerMember,
  target: Assignment,
  topics: TopicsView,
): DescribedConsumerMember {
  const { memberId, instanceId, rackId, memberEpoch, clientId, clientHost, subscribedTopicRegex } = member
  const assigned = withoutEpochs(member.assigned)
  for (const [topicId, partitions] of member.pendingRevocation) {
    assigned.set(topicId, new Set([...(assigned.get(topicId) ?? []), ...partitions.keys()]))
  }
  return {
    ...{ memberId, instanceId, rackId, memberEpoch, clientId, clientHost, subscribedTopicRegex },
    subscribedTopicNames: inJavaMapOrder([...member.subscribedTopicNames], javaHash),
    assignment: named(assigned, topics),
    targetAssignment: named(target, topics),
    memberType: member.classic === null ? 1 : 0,
  }
}

/** Of topics that are there. */
function named(assignment: Assignment, topics: TopicsView): DescribedAssignment {
  return {
    topicPartitions: topicPartitionsOf(assignment).flatMap(({ topicId, partitions }) => {
      const topicName = topics.byId(topicId)?.name
      return topicName === undefined ? [] : [{ topicId, topicName, partitions }]
    }),
  }
}
