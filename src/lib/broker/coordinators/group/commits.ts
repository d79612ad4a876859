import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import type { TransactionalProducer } from '../coordinator-partition.ts'
import { appendError } from './append-error.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { CommitErrors, CommitWish, OffsetWish } from './commit-wish.ts'
import { checkConsumerCommit } from './consumer/consumer-commits.ts'
import type { CommitRecord } from './group-record.ts'
import type { GroupShard } from './group-shard.ts'
import type { Rebalances } from './rebalances.ts'

/** Commits, each in the order of the wish: NONE, or why it was not taken. Throws an ApiError that is about all. */
export class Commits {
  readonly #shard: GroupShard
  readonly #rebalances: Rebalances

  constructor(shard: GroupShard, rebalances: Rebalances) {
    this.#shard = shard
    this.#rebalances = rebalances
  }

  commit(wish: CommitWish, errors: CommitErrors): ErrorName[] {
    const consumers = this.#shard.consumers.get(wish.groupId)
    const { topics } = this.#shard.world
    if (consumers !== undefined) {
      return this.#write(wish, undefined, checkConsumerCommit(consumers, wish, { ...errors, topics }))
    }
    const group = this.#groupOf(wish, errors)
    if (group !== null) {
      this.#check(group, wish, false)
      this.#keepAlive(group, wish.memberId)
    }
    return this.#write(wish)
  }

  /** They count once the producer's transaction is committed. */
  commitInTransaction(wish: CommitWish, producer: TransactionalProducer): ErrorName[] {
    const consumers = this.#shard.consumers.get(wish.groupId)
    if (consumers !== undefined) {
      const how = { isTransactional: true, topics: this.#shard.world.topics }
      return this.#write(wish, producer, checkConsumerCommit(consumers, wish, how))
    }
    const group = this.#groupOf(wish, { noSuchGroup: 'ILLEGAL_GENERATION' })
    if (group !== null) this.#check(group, wish, true)
    return this.#write(wish, producer)
  }

  /** Null: the commit makes a group, one that has no members. */
  #groupOf({ groupId, generation }: CommitWish, { noSuchGroup }: CommitErrors): ClassicGroup | null {
    const group = this.#shard.groups.get(groupId)
    if (group !== undefined) return group
    // Share groups keep their offsets elsewhere.
    if (this.#shard.shares.get(groupId) !== undefined) throw new ApiError('GROUP_ID_NOT_FOUND')
    if (this.#shard.others.typeOf(groupId) !== undefined) {
      // Members of such a group cannot be with us; whoever commits from outside may.
      if (generation >= 0 || this.#shard.others.hasMembers(groupId)) throw new ApiError('UNKNOWN_MEMBER_ID')
      return null
    }
    if (generation >= 0) throw new ApiError(noSuchGroup)
    return null
  }

  #check(group: ClassicGroup, wish: CommitWish, isTransactional: boolean): void {
    const { generation, memberId, groupInstanceId } = wish
    if (generation < 0 && group.isIn('Empty')) return
    if (generation >= 0 || memberId !== '' || groupInstanceId !== null) {
      group.memberOf(memberId, groupInstanceId)
      if (generation !== group.generation) throw new ApiError('ILLEGAL_GENERATION')
    } else if (!isTransactional) {
      throw new ApiError('UNKNOWN_MEMBER_ID')
    }
    // It knows the new generation, and has yet to ask what it shall do in it.
    if (!isTransactional && group.isIn('CompletingRebalance')) throw new ApiError('REBALANCE_IN_PROGRESS')
  }

  #keepAlive(group: ClassicGroup, memberId: string): void {
    const member = group.members.get(memberId)
    if (member !== undefined && group.isIn('Stable', 'PreparingRebalance')) {
      this.#rebalances.keepAlive(group, member)
    }
  }

  #write(wish: CommitWish, producer?: TransactionalProducer, mayCommit = allMayCommit): ErrorName[] {
    const { clock, settings } = this.#shard.world
    const nowMs = clock.nowMs()
    const limit = settings.offsetMetadataMaxBytes
    const errors = wish.offsets.map((offset) => refusalOf(offset, mayCommit, limit))
    const taken = wish.offsets.filter((_, i) => errors[i] === 'NONE')
    try {
      const records = taken.map((offset) => commitRecord(wish, offset, nowMs))
      this.#shard.write(records, producer)
    } catch (cause) {
      throw new ApiError(commitError(cause))
    }
    return errors
  }
}

function allMayCommit(_offset: OffsetWish): void {}

/** Who may not commit of one partition has committed nothing, and throws. */
function refusalOf(offset: OffsetWish, mayCommit: typeof allMayCommit, limit: number): ErrorName {
  const { metadata } = offset
  if (metadata !== null && metadata.length > limit) return 'OFFSET_METADATA_TOO_LARGE'
  mayCommit(offset)
  return 'NONE'
}

function commitError(cause: unknown): ErrorName {
  if (!(cause instanceof ApiError)) return appendError(cause)
  const isTooLarge = cause.error === 'MESSAGE_TOO_LARGE' || cause.error === 'RECORD_LIST_TOO_LARGE'
  return isTooLarge ? 'INVALID_COMMIT_OFFSET_SIZE' : appendError(cause)
}

function commitRecord(wish: CommitWish, said: OffsetWish, nowMs: number): CommitRecord {
  const { topic, topicId, partition, offset, leaderEpoch, metadata } = said
  const expireTimestampMs = wish.retentionMs === null ? null : javaSum(nowMs, wish.retentionMs)
  const times = { commitTimestampMs: nowMs, expireTimestampMs }
  const commit = { offset, leaderEpoch, metadata: metadata ?? '', topicId, ...times }
  return { kind: 'commit', group: wish.groupId, topic, partition, commit }
}

/** Kafka's longs wrap around: who keeps offsets for ever and longer loses them at once. */
function javaSum(nowMs: number, retentionMs: number): number {
  return Number(BigInt.asIntN(64, BigInt(nowMs) + BigInt(retentionMs)))
}
