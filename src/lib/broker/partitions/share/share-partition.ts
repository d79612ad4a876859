import type { Clock } from '../../../ports/clock.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import type { ShareGroupConfigs } from '../../configs/share-group-configs.ts'
import { appendError } from '../../coordinators/group/append-error.ts'
import type { SharePartitionKey } from '../../coordinators/share/share-partition-key.ts'
import type { ShareStateRead } from '../../coordinators/share/share-state-answers.ts'
import type { ShareStateCoordinator } from '../../coordinators/share/share-state-coordinator.ts'
import type { Partition } from '../partition.ts'
import { type Acknowledgement, acknowledge } from './acknowledge.ts'
import { type AcquireWish, acquire } from './acquire.ts'
import type { AcquiredRecords } from './acquired-records.ts'
import type { Locking } from './in-flight-batch.ts'
import type { AcquisitionLock } from './in-flight-state.ts'
import { releaseLocked, releaseOf, Settlement } from './settle.ts'
import { startOffsetOf } from './share-start.ts'
import { ShareWindow } from './share-window.ts'

export interface SharePartitionFacts {
  readonly key: SharePartitionKey
  readonly partition: Partition
  readonly clock: Clock
  readonly states: ShareStateCoordinator
  readonly configs: ShareGroupConfigs
}

/** A partition as one share group sees it (KIP-932). What it does with records is in `__share_group_state` first. */
export class SharePartition {
  readonly key: SharePartitionKey
  readonly partition: Partition
  readonly window: ShareWindow
  readonly #facts: SharePartitionFacts
  readonly #stateEpoch: number
  readonly #leaderEpoch: number
  readonly #waiting = new Set<() => void>()
  #isClosed = false

  /** Throws an ApiError where the state of it cannot be had. */
  constructor(facts: SharePartitionFacts) {
    const { key, partition, clock, configs } = facts
    this.key = key
    this.partition = partition
    this.#facts = facts
    this.#leaderEpoch = partition.leaderEpoch
    const { startOffset, stateEpoch, batches } = this.#asServed(() => this.#read())
    this.#stateEpoch = stateEpoch
    const start =
      startOffset === -1 ? startOffsetOf(partition, configs.start, clock.nowMs()) : Number(startOffset)
    this.window = new ShareWindow(start, { locking: this.#locking, monotonicMs: () => clock.monotonicMs() })
    this.#restore(batches)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Null: as many records are in flight as may be. */
  nextFetchOffset(): number | null {
    const { window } = this
    const offset = window.nextFetchOffset()
    const mayBeNew = window.inFlightCount < this.#facts.configs.maxRecordLocks
    return mayBeNew || offset !== window.endOffset + 1 ? offset : null
  }

  acquire(wish: AcquireWish): AcquiredRecords[] {
    const { deliveryCountLimit, maxRecordLocks } = this.#facts.configs
    const world = {
      locking: this.#locking,
      maxDeliveryCount: deliveryCountLimit,
      maxInFlight: maxRecordLocks,
    }
    return acquire(this.window, wish, world)
  }

  /** All of it, or an ApiError. It is written when this returns, and holds for others once it is as safe as promised. */
  acknowledge(memberId: string, acknowledgements: readonly Acknowledgement[]): Promise<void> {
    const { mayRenew } = this.#facts.configs
    return this.#settle((settlement) => acknowledge(settlement, acknowledgements, { memberId, mayRenew }))
  }

  release(memberId: string): Promise<void> {
    return this.#settle((settlement) => releaseOf(settlement, memberId))
  }

  /** Runs once, when there may be more to acquire, or nothing any more. */
  onceChanged(run: () => void): () => void {
    this.#waiting.add(run)
    return () => this.#waiting.delete(run)
  }

  /** Nobody asks it any more: whoever acquired something finds it acquired by nobody. */
  close(): void {
    this.#isClosed = true
    for (const { whole, each } of this.window.inFlight) {
      whole?.unlock()
      for (const state of each?.values() ?? []) state.unlock()
    }
    this.wake()
  }

  wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const run of waiting) run()
  }

  #read(): ShareStateRead {
    const { states } = this.#facts
    states.createTopic()
    return states.read({ ...this.key, leaderEpoch: this.#leaderEpoch })
  }

  #restore(batches: ShareStateRead['batches']): void {
    try {
      this.window.restore(batches)
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      const { groupId, topicId, partition } = this.key
      const message = `Failed to initialize the share partition ${groupId}-${topicId}:${this.partition.topic}-${partition}`
      throw new ApiError('UNKNOWN_SERVER_ERROR', message)
    }
  }

  readonly #locking: Locking = (firstOffset, lastOffset, delayMs) => {
    const { clock, configs } = this.#facts
    const lockedMs = delayMs ?? configs.recordLockMs
    const cancel = clock.after(lockedMs, () => this.#timeOut(firstOffset, lastOffset))
    return { dueMs: clock.monotonicMs() + lockedMs, cancel } satisfies AcquisitionLock
  }

  /** The records are free again even where that cannot be written: their member had its time. */
  #timeOut(firstOffset: number, lastOffset: number): void {
    const settlement = this.#settlement()
    releaseLocked(settlement, firstOffset, lastOffset)
    if (settlement.batches.length === 0) return
    settlement.finish()
    try {
      this.#write(settlement)
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
    }
    this.window.advanceStart()
    this.wake()
  }

  async #settle(work: (settlement: Settlement) => void): Promise<void> {
    const settlement = this.#settlement()
    try {
      work(settlement)
      if (settlement.batches.length > 0) this.#asServed(() => this.#write(settlement))
    } catch (cause) {
      settlement.undo()
      throw cause
    }
    try {
      await this.#facts.states.durable(this.key)
    } finally {
      settlement.finish()
      this.window.advanceStart()
      this.wake()
    }
  }

  #settlement(): Settlement {
    const maxDeliveryCount = this.#facts.configs.deliveryCountLimit
    return new Settlement(this.window, { locking: this.#locking, maxDeliveryCount })
  }

  #write({ batches, window }: Settlement): void {
    const { startOffset, deliveryCompleteCount } = window
    this.#facts.states.write({
      ...this.key,
      ...{ stateEpoch: this.#stateEpoch, leaderEpoch: this.#leaderEpoch },
      ...{ startOffset, deliveryCompleteCount, batches },
    })
  }

  /** Clients know some of the share coordinator's errors by other names. */
  #asServed<T>(ask: () => T): T {
    try {
      return ask()
    } catch (cause) {
      const error = appendError(cause)
      const message = cause instanceof ApiError ? cause.message : ''
      throw new ApiError(servedErrors[error] ?? 'UNKNOWN_SERVER_ERROR', message)
    }
  }
}

const servedErrors: { readonly [name in ErrorName]?: ErrorName } = {
  NOT_COORDINATOR: 'COORDINATOR_NOT_AVAILABLE',
  COORDINATOR_NOT_AVAILABLE: 'COORDINATOR_NOT_AVAILABLE',
  COORDINATOR_LOAD_IN_PROGRESS: 'COORDINATOR_NOT_AVAILABLE',
  GROUP_ID_NOT_FOUND: 'GROUP_ID_NOT_FOUND',
  UNKNOWN_TOPIC_OR_PARTITION: 'UNKNOWN_TOPIC_OR_PARTITION',
  FENCED_LEADER_EPOCH: 'NOT_LEADER_OR_FOLLOWER',
  FENCED_STATE_EPOCH: 'NOT_LEADER_OR_FOLLOWER',
}
