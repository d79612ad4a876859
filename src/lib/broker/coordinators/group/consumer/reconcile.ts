import { ApiError } from '../../../api-error.ts'
import type { Assignment, TopicPartitions } from '../modern/assignment.ts'
import { type ConsumerMember, type EpochAssignment, nothingAssigned } from './consumer-member.ts'

export interface ReconcileFacts {
  readonly targetEpoch: number
  readonly target: Assignment
  /** What the member may have at all. */
  readonly subscribedTopicIds: ReadonlySet<string>
  /** It names something, or its pattern matches; whether there is such a topic or not. */
  readonly isSubscribed: boolean
  readonly hasSubscriptionChanged: boolean
  /** Null: the member does not say. */
  readonly owned: readonly TopicPartitions[] | null
  isOwned(topicId: string, partition: number): boolean
}

/** The next step of a member towards its target: give up what it shall not have, then take what others gave up. */
export function reconcile(member: ConsumerMember, facts: ReconcileFacts): ConsumerMember {
  const { targetEpoch, hasSubscriptionChanged, owned } = facts
  const { memberEpoch } = member
  switch (member.state) {
    case 'STABLE':
      if (memberEpoch !== targetEpoch) return nextAssignment(member, memberEpoch, facts)
      return hasSubscriptionChanged ? withoutUnsubscribed(member, facts) : member
    case 'UNREVOKED_PARTITIONS':
      if (!stillOwns(member.pendingRevocation, owned)) return nextAssignment(member, memberEpoch, facts)
      return hasSubscriptionChanged ? withoutUnsubscribed(member, facts) : member
    case 'UNRELEASED_PARTITIONS':
      return nextAssignment(member, memberEpoch, facts)
    case 'UNKNOWN':
      // A state of a Kafka to come: only who owns nothing can begin anew.
      if (owned !== null && owned.length === 0) return nextAssignment(member, targetEpoch, facts)
      throw new ApiError(
        'FENCED_MEMBER_EPOCH',
        'The consumer group member is in a unknown state. The member must abandon all its partitions and rejoin.',
      )
  }
}

function stillOwns(revoked: EpochAssignment, owned: readonly TopicPartitions[] | null): boolean {
  if (owned === null) return true
  return owned.some(({ topicId, partitions }) =>
    partitions.some((partition) => revoked.get(topicId)?.has(partition) === true),
  )
}

/** At once, without waiting for a new target: it may not read what it does not subscribe to. */
function withoutUnsubscribed(member: ConsumerMember, facts: ReconcileFacts): ConsumerMember {
  const { subscribedTopicIds, isSubscribed, owned } = facts
  const gone = [...member.assigned].filter(([topicId]) => !subscribedTopicIds.has(topicId))
  const isBare = !isSubscribed && member.pendingRevocation.size === 0
  if (gone.length === 0 && !(isBare && member.assigned !== nothingAssigned)) return member
  const assigned = new Map([...member.assigned].filter(([topicId]) => subscribedTopicIds.has(topicId)))
  const pendingRevocation = new Map(member.pendingRevocation)
  for (const [topicId, partitions] of gone) {
    pendingRevocation.set(topicId, new Map([...(pendingRevocation.get(topicId) ?? []), ...partitions]))
  }
  const { memberEpoch } = member
  const next = { ...member, memberEpoch, previousMemberEpoch: memberEpoch, assigned }
  const isAwaited = pendingRevocation.size > 0 && stillOwns(pendingRevocation, owned)
  return isAwaited ? { ...next, state: 'UNREVOKED_PARTITIONS', pendingRevocation } : next
}

interface Step {
  readonly kept: Map<string, Map<number, number>>
  readonly revoked: Map<string, Map<number, number>>
  readonly free: [string, number][]
  /** Others have yet to give up what this one shall have. */
  readonly isUnreleased: boolean
}

function nextAssignment(member: ConsumerMember, memberEpoch: number, facts: ReconcileFacts): ConsumerMember {
  const { targetEpoch, owned } = facts
  const { kept, revoked, free, isUnreleased } = stepTo(member, facts)
  if (revoked.size > 0 && stillOwns(revoked, owned)) {
    return {
      ...member,
      state: 'UNREVOKED_PARTITIONS',
      memberEpoch,
      previousMemberEpoch: member.memberEpoch,
      assigned: kept,
      pendingRevocation: revoked,
    }
  }
  for (const [topicId, partition] of free) {
    const partitions = kept.get(topicId) ?? new Map<number, number>()
    kept.set(topicId, partitions.set(partition, targetEpoch))
  }
  return {
    ...member,
    state: isUnreleased ? 'UNRELEASED_PARTITIONS' : 'STABLE',
    memberEpoch: targetEpoch,
    previousMemberEpoch: member.memberEpoch,
    assigned: kept,
    pendingRevocation: nothingAssigned,
  }
}

function stepTo({ assigned, pendingRevocation }: ConsumerMember, facts: ReconcileFacts): Step {
  const kept: Step['kept'] = new Map()
  const revoked: Step['revoked'] = new Map()
  const free: Step['free'] = []
  let isUnreleased = false
  for (const topicId of new Set([...facts.target.keys(), ...assigned.keys()])) {
    const wanted = facts.subscribedTopicIds.has(topicId) ? facts.target.get(topicId) : undefined
    const had = [...(assigned.get(topicId) ?? [])]
    const stays = had.filter(([partition]) => wanted?.has(partition) === true)
    const goes = had.filter(([partition]) => wanted?.has(partition) !== true)
    if (stays.length > 0) kept.set(topicId, new Map(stays))
    if (goes.length > 0) revoked.set(topicId, new Map(goes))
    for (const partition of wanted ?? []) {
      if (assigned.get(topicId)?.has(partition) === true) continue
      const isOwn = pendingRevocation.get(topicId)?.has(partition) === true
      if (!isOwn && facts.isOwned(topicId, partition)) isUnreleased = true
      else free.push([topicId, partition])
    }
  }
  return { kept, revoked, free, isUnreleased }
}
