import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import { appendError } from './append-error.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { CommitPlace } from './committed-offsets.ts'
import type { CommitRecord, CommittedOffset } from './group-record.ts'
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
    if (group === undefined) return this.#refusalOfOther(groupId)
    if (!group.isIn('Empty')) return 'NON_EMPTY_GROUP'
    try {
      this.#remove(this.#placesOf(groupId), group)
      return 'NONE'
    } catch (cause) {
      return appendError(cause)
    }
  }

  /** By place: NONE, or why it stays. Throws an ApiError that is about the group. */
  deleteOffsets(groupId: string, places: readonly CommitPlace[]): ErrorName[] {
    const group = this.#shard.groups.get(groupId)
    if (group === undefined) throw new ApiError('GROUP_ID_NOT_FOUND')
    if (!group.isIn('Empty') && group.protocolType !== 'consumer') throw new ApiError('NON_EMPTY_GROUP')
    const errors = places.map(
      ({ topic }): ErrorName => (group.isSubscribedTo(topic) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : 'NONE'),
    )
    const removed = places.filter((place, i) => errors[i] === 'NONE' && this.#isKnown(place))
    try {
      this.#remove(removed, null)
      return errors
    } catch (cause) {
      throw new ApiError(appendError(cause))
    }
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
    const all = [...records, ...last]
    for (let i = 0; i < all.length; i += REMOVED_AT_ONCE) this.#shard.write(all.slice(i, i + REMOVED_AT_ONCE))
    if (group !== null) this.#rebalances.abandon(group)
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
