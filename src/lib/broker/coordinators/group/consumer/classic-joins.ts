import { DataError } from '../../../../errors.ts'
import { ApiError } from '../../../api-error.ts'
import { type JoinAnswer, refusedJoin } from '../group-answers.ts'
import type { JoinWish } from '../joins.ts'
import { admitMember } from './admit-member.ts'
import { type ClassicSubscription, ownedById, readSubscription } from './classic-forms.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'
import type { ConsumerGroupRecord } from './consumer-record.ts'
import type { ConsumerWorld } from './consumer-world.ts'
import { toClassicGroup } from './downgrade.ts'
import type { MemberChange } from './epochs.ts'
import type { Fences } from './fences.ts'
import type { Memberships } from './memberships.ts'

/** JoinGroup of a member that comes to a consumer group, or comes back. */
export class ClassicJoins {
  readonly #world: ConsumerWorld
  readonly #fences: Fences
  readonly #memberships: Memberships

  constructor(world: ConsumerWorld, fences: Fences, memberships: Memberships) {
    this.#world = world
    this.#fences = fences
    this.#memberships = memberships
  }

  /** The answer is good once it is durable. Throws an ApiError, and then nothing has changed. */
  join(group: ConsumerGroup, wish: JoinWish, isUnknown: boolean): JoinAnswer {
    const { memberId, groupInstanceId } = wish
    this.#mustBeLetIn(group, wish)
    if (wish.mustKnowItsId && isUnknown && groupInstanceId === null) {
      return refusedJoin('MEMBER_ID_REQUIRED', memberId)
    }
    const records: ConsumerGroupRecord[] = []
    const isJoining = groupInstanceId === null || isUnknown
    const applicant = { memberId, memberEpoch: -1, instanceId: groupInstanceId, owned: [], isJoining }
    const before = admitMember(group, { ...applicant, isClassic: true }, records)
    const said = subscriptionOf(wish)
    const change = { before, after: subscribedAs(before, wish, said) }
    const after = this.#write(group, change, { said, mayDescribe: wish.mayDescribe }, records)
    return this.#answer(wish, after)
  }

  #mustBeLetIn(group: ConsumerGroup, { memberId, protocolType, protocols }: JoinWish): void {
    const { mayUpgrade, mayDowngrade } = this.#world.shard.world.consumer
    if (!mayUpgrade && !mayDowngrade) throw new ApiError('INCONSISTENT_GROUP_PROTOCOL')
    this.#memberships.mustHaveRoom(group, memberId)
    const classic = group.classicMembers()
    const allSpeak = (name: string) =>
      classic.every((member) => member.classic?.protocols.some((each) => each.name === name) === true)
    if (protocolType === 'consumer' && protocols.some(({ name }) => allSpeak(name))) return
    throw new ApiError('INCONSISTENT_GROUP_PROTOCOL')
  }

  #write(
    group: ConsumerGroup,
    change: MemberChange,
    { said, mayDescribe }: { said: ClassicSubscription; mayDescribe: JoinWish['mayDescribe'] },
    records: ConsumerGroupRecord[],
  ): ConsumerMember {
    const replaced = group.staticMember(change.after.instanceId)
    const isLastToGo = replaced !== undefined && this.#isLeftToClassic(group, replaced)
    const hasNewNames = this.#memberships.subscribe(group, change, records)
    const regex = this.#memberships.updateRegexes(group, change, mayDescribe, records)
    const hasSubscriptionChanged = hasNewNames || regex !== 'same'
    const step = this.#memberships.step(group, change, hasSubscriptionChanged, records)
    const how = { hasSubscriptionChanged, owned: ownedById(said.owned, this.#world.shard.world.topics) }
    if (isLastToGo) {
      const mustRebalance = group.targetEpoch < step.epoch
      const to = { epoch: group.targetEpoch, target: group.targetOf(change.after) }
      const after = mustRebalance
        ? change.after
        : this.#memberships.reconcile(group, change.after, { ...how, to }, records)
      toClassicGroup(this.#world, group, { joining: after, mustRebalance, records })
      for (const memberId of group.members.keys()) this.#fences.cancelAll(group.groupId, memberId)
      return after
    }
    const to = this.#memberships.target(group, change, step, records)
    const after = this.#memberships.reconcile(group, change.after, { ...how, to }, records)
    this.#world.shard.write(records)
    const timeoutMs = after.classic?.sessionTimeoutMs ?? 0
    this.#fences.keepAlive(group.groupId, after.memberId, timeoutMs)
    this.#fences.awaitSync(group.groupId, after)
    return after
  }

  /** With the one that is replaced, the last member of the newer protocol goes. */
  #isLeftToClassic(group: ConsumerGroup, replaced: ConsumerMember): boolean {
    const { consumer, settings } = this.#world.shard.world
    const isLast = replaced.classic === null && group.classicMembers().length === group.members.size - 1
    return isLast && consumer.mayDowngrade && group.members.size <= settings.maxSize
  }

  #answer({ memberId }: JoinWish, { memberEpoch, classic }: ConsumerMember): JoinAnswer {
    return {
      error: 'NONE',
      memberId,
      generation: memberEpoch,
      protocolType: 'consumer',
      protocol: classic?.protocols[0]?.name ?? null,
      leader: '',
      skipAssignment: false,
      members: [],
    }
  }
}

/** Under the protocol that it likes best. */
function subscriptionOf({ protocols }: JoinWish): ClassicSubscription {
  try {
    return readSubscription(protocols[0]?.metadata ?? Buffer.alloc(0))
  } catch (cause) {
    if (cause instanceof DataError) throw new ApiError('UNKNOWN_SERVER_ERROR')
    throw cause
  }
}

function subscribedAs(member: ConsumerMember, wish: JoinWish, said: ClassicSubscription): ConsumerMember {
  const rackId = said.rackId === null || said.rackId === '' ? member.rackId : said.rackId
  return {
    ...member,
    instanceId: wish.groupInstanceId ?? member.instanceId,
    rackId,
    rebalanceTimeoutMs: wish.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : wish.rebalanceTimeoutMs,
    subscribedTopicNames: new Set(said.topics),
    subscribedTopicRegex: '',
    clientId: wish.clientId,
    clientHost: wish.clientHost,
    classic: { sessionTimeoutMs: wish.sessionTimeoutMs, protocols: wish.protocols },
  }
}
