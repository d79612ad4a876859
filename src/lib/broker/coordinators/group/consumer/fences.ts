import { BugError, KtoolError } from '../../../../errors.ts'
import { ApiError } from '../../../api-error.ts'
import { appendError } from '../append-error.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'
import type { ConsumerGroupRecord } from './consumer-record.ts'
import type { ConsumerWorld } from './consumer-world.ts'
import { toClassicGroup } from './downgrade.ts'
import { withoutMember } from './member-records.ts'

/** Kafka's timers try again so much later where the log takes nothing. */
const RETRY_MS = 500

/** Members that go, by their own wish or for having been silent, and the clocks that watch them. */
export class Fences {
  readonly #world: ConsumerWorld

  constructor(world: ConsumerWorld) {
    this.#world = world
  }

  /** In one step, with one epoch for all of them; a group that is left with classic members becomes a classic one. */
  remove(group: ConsumerGroup, members: readonly ConsumerMember[]): void {
    if (members.length === 0) return
    if (this.#isLeftToClassic(group, members)) toClassicGroup(this.#world, group, { leaving: members })
    else this.#world.shard.write(this.#removal(group, members))
    for (const { memberId } of members) this.cancelAll(group.groupId, memberId)
  }

  /** It was heard from. */
  keepAlive(groupId: string, memberId: string, timeoutMs: number): void {
    this.#schedule('session', groupId, memberId, timeoutMs)
  }

  /** It has so long to give up what it shall not have any more. */
  awaitRevocation(groupId: string, { memberId, memberEpoch, rebalanceTimeoutMs }: ConsumerMember): void {
    const mustGo = (member: ConsumerMember) => member.memberEpoch === memberEpoch
    this.#schedule('revocation', groupId, memberId, rebalanceTimeoutMs, mustGo)
  }

  endRevocation(groupId: string, memberId: string): void {
    this.#world.timers.cancel(keyOf('revocation', groupId, memberId))
  }

  /** A classic member has so long to join again. */
  awaitJoin(groupId: string, { memberId, rebalanceTimeoutMs }: ConsumerMember): void {
    if (this.#world.timers.isScheduled(keyOf('join', groupId, memberId))) return
    this.#schedule('join', groupId, memberId, rebalanceTimeoutMs)
  }

  /** A classic member has joined, and has so long to ask for its assignment. */
  awaitSync(groupId: string, { memberId, rebalanceTimeoutMs }: ConsumerMember): void {
    this.#world.timers.cancel(keyOf('join', groupId, memberId))
    this.#schedule('sync', groupId, memberId, rebalanceTimeoutMs)
  }

  endSync(groupId: string, memberId: string): void {
    this.#world.timers.cancel(keyOf('sync', groupId, memberId))
  }

  cancelAll(groupId: string, memberId: string): void {
    for (const what of whats) this.#world.timers.cancel(keyOf(what, groupId, memberId))
  }

  #removal(group: ConsumerGroup, members: readonly ConsumerMember[]): ConsumerGroupRecord[] {
    const { groupId } = group
    const records = members.flatMap(({ memberId }) => withoutMember(groupId, memberId))
    const subscriptions = group.subscriptions.copy()
    for (const { subscribedTopicNames } of members) subscriptions.moveNames(subscribedTopicNames, [])
    for (const regex of goneRegexes(group, members)) {
      records.push({ kind: 'consumerRegex', group: groupId, regex, value: null })
      subscriptions.moveMatches(group.regexes.get(regex)?.topics ?? [], [])
    }
    const metadataHash = this.#world.shard.world.topics.hashOf(subscriptions.names())
    return [
      ...records,
      { kind: 'consumerEpoch', group: groupId, value: { epoch: group.epoch + 1, metadataHash } },
    ]
  }

  #isLeftToClassic(group: ConsumerGroup, members: readonly ConsumerMember[]): boolean {
    const left = group.members.size - members.length
    const leaving = new Set(members.map(({ memberId }) => memberId))
    const classic = group.classicMembers().filter(({ memberId }) => !leaving.has(memberId))
    const { consumer, settings } = this.#world.shard.world
    return left > 0 && classic.length === left && consumer.mayDowngrade && left <= settings.maxSize
  }

  #schedule(
    what: What,
    groupId: string,
    memberId: string,
    delayMs: number,
    mustGo: (member: ConsumerMember) => boolean = () => true,
  ): void {
    const run = () => {
      const group = this.#world.shard.consumers.get(groupId)
      const member = group?.members.get(memberId)
      if (group === undefined || member === undefined || !mustGo(member)) return
      try {
        this.remove(group, [member])
      } catch (cause) {
        if (!isRefusal(cause)) throw cause
        const facts = { group: groupId, member: memberId, error: appendError(cause) }
        this.#world.shard.world.log.log('warn', 'a silent member cannot be removed yet', facts)
        this.#schedule(what, groupId, memberId, RETRY_MS, mustGo)
      }
    }
    this.#world.timers.schedule(keyOf(what, groupId, memberId), delayMs, run)
  }
}

const whats = ['session', 'revocation', 'join', 'sync'] as const
type What = (typeof whats)[number]

function keyOf(what: What, groupId: string, memberId: string): string {
  return JSON.stringify([what, groupId, memberId])
}

function isRefusal(cause: unknown): boolean {
  return cause instanceof ApiError || (cause instanceof KtoolError && !(cause instanceof BugError))
}

/** Nobody else has them. */
function goneRegexes(group: ConsumerGroup, members: readonly ConsumerMember[]): string[] {
  const counts = new Map<string, number>()
  for (const { subscribedTopicRegex } of members) {
    const regex = subscribedTopicRegex ?? ''
    if (regex !== '') counts.set(regex, (counts.get(regex) ?? 0) + 1)
  }
  return [...counts]
    .filter(([regex, count]) => group.regexMembers.get(regex) === count)
    .map(([regex]) => regex)
}
