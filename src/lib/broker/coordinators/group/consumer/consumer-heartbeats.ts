import { ApiError } from '../../../api-error.ts'
import { randomId } from '../../../controller/random-id.ts'
import { topicPartitionsOf } from '../modern/assignment.ts'
import { admitMember, mustBeInstance } from './admit-member.ts'
import {
  type ConsumerMember,
  LEAVES,
  LEAVES_FOR_NOW,
  sameEpochAssignment,
  withoutEpochs,
} from './consumer-member.ts'
import type { ConsumerWorld } from './consumer-world.ts'
import type { Fences } from './fences.ts'
import type { ConsumerHeartbeat, HeartbeatAnswer } from './heartbeat-answers.ts'
import { leftForNow } from './member-records.ts'
import type { Memberships } from './memberships.ts'

/** Members of the newer protocol: each heartbeat says what has changed, and is answered with what shall. */
export class ConsumerHeartbeats {
  readonly #world: ConsumerWorld
  readonly #fences: Fences
  readonly #memberships: Memberships

  constructor(world: ConsumerWorld, fences: Fences, memberships: Memberships) {
    this.#world = world
    this.#fences = fences
    this.#memberships = memberships
  }

  /** Throws an ApiError with Kafka's words, and then nothing has changed. */
  beat(said: ConsumerHeartbeat): HeartbeatAnswer {
    const { memberEpoch } = said
    return memberEpoch === LEAVES || memberEpoch === LEAVES_FOR_NOW ? this.#leave(said) : this.#stay(said)
  }

  #stay(said: ConsumerHeartbeat): HeartbeatAnswer {
    const { groupId, memberEpoch, topicPartitions: owned } = said
    const isJoining = memberEpoch === 0
    const opened = this.#memberships.open(groupId, isJoining)
    const { group, consumerRecords: records } = opened
    this.#memberships.mustHaveRoom(group, said.memberId)
    const memberId = said.memberId === '' ? randomId(this.#world.shard.world.random) : said.memberId
    const applicant = {
      memberId,
      memberEpoch,
      instanceId: said.instanceId,
      owned,
      isJoining,
      isClassic: false,
    }
    const before = admitMember(group, applicant, records)
    const subscribed = subscribedAs(before, said)
    const change = { before, after: subscribed }
    const hasNewNames = this.#memberships.subscribe(group, change, records)
    const regex = this.#memberships.updateRegexes(group, change, said.mayDescribe, records)
    const isBumped = hasNewNames || regex === 'resolved'
    const step = this.#memberships.step(group, change, isBumped, records)
    const to = this.#memberships.target(group, change, step, records)
    const how = { to, hasSubscriptionChanged: hasNewNames || regex !== 'same', owned }
    const after = this.#memberships.reconcile(group, subscribed, how, records)
    this.#memberships.write(opened)
    this.#memberships.watchRevocation(groupId, subscribed, after)
    const { consumer } = this.#world.shard.world
    this.#fences.keepAlive(groupId, memberId, consumer.sessionTimeoutMs(groupId))
    const isTold = isJoining || isFull(said) || !sameEpochAssignment(before.assigned, after.assigned)
    return {
      memberId,
      memberEpoch: after.memberEpoch,
      heartbeatIntervalMs: consumer.heartbeatIntervalMs(groupId),
      assignment: isTold ? topicPartitionsOf(withoutEpochs(after.assigned)) : null,
    }
  }

  #leave({ groupId, memberId, memberEpoch, instanceId }: ConsumerHeartbeat): HeartbeatAnswer {
    const group = this.#world.shard.consumers.get(groupId)
    if (group === undefined) throw this.#noConsumerGroup(groupId)
    const answer = { memberId, memberEpoch, heartbeatIntervalMs: 0, assignment: null }
    const member =
      instanceId === null
        ? group.memberOf(memberId)
        : mustBeInstance(group.staticMember(instanceId), memberId, instanceId)
    if (instanceId !== null && memberEpoch === LEAVES_FOR_NOW) {
      this.#world.shard.write([leftForNow(groupId, member)])
      return answer
    }
    this.#fences.remove(group, [member])
    return answer
  }

  #noConsumerGroup(groupId: string): ApiError {
    const { shard } = this.#world
    const isThere = shard.groups.has(groupId) || shard.typeOfOther(groupId) !== undefined
    const message = isThere ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`
    return new ApiError('GROUP_ID_NOT_FOUND', message)
  }
}

/** What it does not say stays as it was. */
function subscribedAs(member: ConsumerMember, said: ConsumerHeartbeat): ConsumerMember {
  const names = said.subscribedTopicNames
  return {
    ...member,
    instanceId: said.instanceId ?? member.instanceId,
    rackId: said.rackId ?? member.rackId,
    rebalanceTimeoutMs: said.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : said.rebalanceTimeoutMs,
    serverAssignor: said.serverAssignor ?? member.serverAssignor,
    subscribedTopicNames: names === null ? member.subscribedTopicNames : new Set(names),
    subscribedTopicRegex: said.subscribedTopicRegex ?? member.subscribedTopicRegex,
    clientId: said.clientId,
    clientHost: said.clientHost,
    classic: null,
  }
}

/** Who says all that there is to say wants to hear all. */
function isFull(said: ConsumerHeartbeat): boolean {
  const { rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, topicPartitions } = said
  const isSubscribed = subscribedTopicNames !== null || subscribedTopicRegex !== null
  return rebalanceTimeoutMs !== -1 && isSubscribed && topicPartitions !== null
}
