import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import { appendError } from './append-error.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { CommitPlace } from './committed-offsets.ts'
import type { ConsumerGroup } from './consumer/consumer-group.ts'
import { withoutGroup } from './consumer/member-records.ts'
import type { CommitRecord, CommittedOffset, WrittenRecord } from './group-record.ts'
import type { GroupShard } from './group-shard.ts'
import type { Rebalances } from './rebalances.ts'

/** A tombstone of the longest names is below 1 kB, and a batch may have a million bytes. */
const REMOVED_AT_ONCE = 500

/** Groups and commits that are deleted, by someone or by time. */
export class Removals {
  readonly #shard: GroupShard
  readonly #rebalances: Rebalances

  constructor(shard: GroupShard, rebalances: Rebalances) {
    this.#shard = shard
    this.#rebalances = rebalances
  }

  deleteGroup(groupId: string): ErrorName {
    const group = this.#shard.groups.get(groupId)
    const consumers = this.#shard.consumers.get(groupId)
    if (consumers !== undefined) return this.#deleteConsumers(consumers)
    if (group === undefined) return this.#refusalOfOther(groupId)
    if (!group.isIn('Empty')) return 'NON_EMPTY_GROUP'
    try {
      this.#remove(this.#placesOf(groupId), group)
      return 'NONE'
    } catch (cause) {
      return appendError(cause)
    }
  }

  #deleteConsumers(group: ConsumerGroup): ErrorName {
    if (group.members.size > 0) return 'NON_EMPTY_GROUP'
    try {
      this.#removeConsumers(this.#placesOf(group.groupId), group)
      return 'NONE'
    } catch (cause) {
      return appendError(cause)
    }
  }

  /** By place: NONE, or why it stays. Throws an ApiError that is about the group. */
  deleteOffsets(groupId: string, places: readonly CommitPlace[]): ErrorName[] {
    const isSubscribed = this.#subscriptionsOf(groupId)
    const errors = places.map(
      ({ topic }): ErrorName => (isSubscribed(topic) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : 'NONE'),
    )
    const removed = places.filter((place, i) => errors[i] === 'NONE' && this.#isKnown(place))
    try {
      this.#remove(removed, null)
      return errors
    } catch (cause) {
      throw new ApiError(appendError(cause))
    }
  }

  #subscriptionsOf(groupId: string): (topic: string) => boolean {
    const consumers = this.#shard.consumers.get(groupId)
    if (consumers !== undefined) return (topic) => consumers.subscriptions.has(topic)
    const group = this.#shard.groups.get(groupId)
    if (group === undefined) throw new ApiError('GROUP_ID_NOT_FOUND')
    if (!group.isIn('Empty') && group.protocolType !== 'consumer') throw new ApiError('NON_EMPTY_GROUP')
    return (topic) => group.isSubscribedTo(topic)
  }

  /** A topic is gone, and what was committed of it means nothing to the next one of its name. */
  deleteTopic(topic: string): void {
    const places = [...this.#shard.offsets.groups()].flatMap((group) =>
      this.#placesOf(group).filter((place) => place.topic === topic),
    )
    const pending = [...this.#shard.offsets.pendingPlaces()].filter((place) => place.topic === topic)
    this.#remove(distinct([...places, ...pending]), null)
  }

  /** What nobody has used for longer than `offsets.retention.minutes`; groups that nothing is left of. */
  expire(): void {
    const { offsets, groups } = this.#shard
    for (const group of [...groups.values()]) {
      const places = this.#placesOf(group.groupId).filter((place) => this.#isExpired(group, place))
      const isLeft = places.length < countOf(offsets.ofGroup(group.groupId))
      const isBare =
        !isLeft && group.isIn('Empty') && group.pendingJoins.size === 0 && !offsets.hasPending(group.groupId)
      this.#remove(places, isBare ? group : null)
    }
    for (const group of [...this.#shard.consumers.values()]) this.#expireConsumers(group)
  }

  #expireConsumers(group: ConsumerGroup): void {
    const { offsets } = this.#shard
    const { groupId } = group
    const isUsed = ({ topic, partition }: CommitPlace) =>
      group.subscriptions.has(topic) || offsets.isPending(groupId, topic, partition)
    const places = this.#placesOf(groupId).filter((place) => !isUsed(place) && this.#isOld(place))
    const isLeft = places.length < countOf(offsets.ofGroup(groupId))
    const isBare = !isLeft && group.members.size === 0 && !offsets.hasPending(groupId)
    this.#removeConsumers(places, isBare ? group : null)
  }

  #isOld({ group, topic, partition }: CommitPlace): boolean {
    const { offsets, world } = this.#shard
    const commit = offsets.get(group, topic, partition)
    if (commit === undefined) return false
    const nowMs = world.clock.nowMs()
    if (commit.expireTimestampMs !== null) return nowMs >= commit.expireTimestampMs
    return nowMs - commit.commitTimestampMs >= world.settings.offsetsRetentionMs
  }

  #removeConsumers(places: readonly CommitPlace[], group: ConsumerGroup | null): void {
    const pending = group === null ? [] : this.#pendingOf(group.groupId)
    const last = group === null ? [] : withoutGroup(group)
    this.#write([...distinct([...places, ...pending]).map(tombstone), ...last])
  }

  #refusalOfOther(groupId: string): ErrorName {
    const { others } = this.#shard
    if (others.typeOf(groupId) === undefined) return 'GROUP_ID_NOT_FOUND'
    return others.hasMembers(groupId) ? 'NON_EMPTY_GROUP' : 'GROUP_ID_NOT_FOUND'
  }

  #isKnown({ group, topic, partition }: CommitPlace): boolean {
    const { offsets } = this.#shard
    return offsets.get(group, topic, partition) !== undefined || offsets.isPending(group, topic, partition)
  }

  #isExpired(group: ClassicGroup, { topic, partition }: CommitPlace): boolean {
    const { offsets, world } = this.#shard
    const commit = offsets.get(group.groupId, topic, partition)
    if (commit === undefined || group.isSubscribedTo(topic)) return false
    if (offsets.isPending(group.groupId, topic, partition)) return false
    const unusedSinceMs = unusedSince(group, commit)
    if (unusedSinceMs === null) return false
    const nowMs = world.clock.nowMs()
    if (commit.expireTimestampMs !== null) return nowMs >= commit.expireTimestampMs
    return nowMs - unusedSinceMs >= world.settings.offsetsRetentionMs
  }

  #placesOf(group: string): CommitPlace[] {
    const topics = [...(this.#shard.offsets.ofGroup(group) ?? [])]
    return topics.flatMap(([topic, partitions]) =>
      [...partitions.keys()].map((partition) => ({ group, topic, partition })),
    )
  }

  /** The group goes last: as long as it is there, so may be what belongs to it. */
  #remove(places: readonly CommitPlace[], group: ClassicGroup | null): void {
    const pending = group === null ? [] : this.#pendingOf(group.groupId)
    const records = distinct([...places, ...pending]).map(tombstone)
    const last = group === null ? [] : [{ kind: 'classicGroup' as const, group: group.groupId, stored: null }]
    this.#write([...records, ...last])
    if (group !== null) this.#rebalances.abandon(group)
  }

  #write(records: readonly WrittenRecord[]): void {
    for (let i = 0; i < records.length; i += REMOVED_AT_ONCE) {
      this.#shard.write(records.slice(i, i + REMOVED_AT_ONCE))
    }
  }

  #pendingOf(group: string): CommitPlace[] {
    return [...this.#shard.offsets.pendingPlaces()].filter((place) => place.group === group)
  }
}

/** Null: nothing of the group expires as it is now. */
function unusedSince(group: ClassicGroup, commit: CommittedOffset): number | null {
  if (group.protocolType === null) return commit.commitTimestampMs
  if (group.isIn('Empty')) {
    return group.stateTimestampMs < 0 ? commit.commitTimestampMs : group.stateTimestampMs
  }
  const isReadable = group.protocolType === 'consumer' && group.knowsSubscriptions()
  return group.isIn('Stable') && isReadable ? commit.commitTimestampMs : null
}

function tombstone({ group, topic, partition }: CommitPlace): CommitRecord {
  return { kind: 'commit', group, topic, partition, commit: null }
}

function distinct(places: readonly CommitPlace[]): CommitPlace[] {
  return [
    ...new Map(places.map((place) => [`${place.topic} ${place.partition} ${place.group}`, place])).values(),
  ]
}

function countOf(topics: ReadonlyMap<string, ReadonlyMap<number, unknown>> | undefined): number {
  let count = 0
  for (const partitions of topics?.values() ?? []) count += partitions.size
  return count
}
