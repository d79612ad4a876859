import type { Int64 } from '../../../bytes/int64.ts'
import { KtoolError } from '../../../errors.ts'
import { combinedBatches } from '../../../log/groups/share-batches.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { LogSink } from '../../../ports/log-sink.ts'
import { openRecords } from '../../../records/open-records.ts'
import type { RecordBatch } from '../../../records/record-batch.ts'
import type { CoordinatorPartition } from '../coordinator-partition.ts'
import type { SharePartitionKey } from './share-partition-key.ts'
import type {
  InitialiseShareState,
  ReadShareState,
  ShareStateRead,
  ShareStateSummary,
  WriteShareState,
} from './share-state-answers.ts'
import { noShareState } from './share-state-answers.ts'
import {
  checkBatches,
  checkInitialise,
  checkPresence,
  checkRead,
  checkWrite,
  type KnownSharePartition,
} from './share-state-checks.ts'
import { decodeShareState, encodeShareState, type ShareStateRecord } from './share-state-records.ts'
import { type KeptShareState, NEVER_HEARD, ShareStates } from './share-states.ts'

export interface ShareStateStore extends CoordinatorPartition {
  readonly logStartOffset: number
  readonly logEndOffset: number
  /** What is done with. Returns the new log start. */
  deleteRecordsBelow(offset: number): number
}

export interface ShareStateWorld {
  readonly clock: Clock
  readonly log: LogSink
  readonly updatesPerSnapshot: () => number
  /** Of the topic; 0 where it is not there. */
  readonly partitionCount: (topicId: string) => number
}

/** Kafka's coordinators number the records of every batch from here, though nobody looks at it. */
const BASE_SEQUENCE = 0

/** The share partitions of one partition of `__share_group_state`. */
export class ShareStateShard {
  readonly store: ShareStateStore
  readonly #world: ShareStateWorld
  readonly #states: ShareStates

  constructor(store: ShareStateStore, world: ShareStateWorld) {
    this.store = store
    this.#world = world
    this.#states = new ShareStates(world.updatesPerSnapshot)
  }

  load(): void {
    for (const batch of this.store.batches()) {
      try {
        if (!batch.isControl) this.#replayBatch(batch)
      } catch (cause) {
        if (!(cause instanceof KtoolError)) throw cause
        this.#warn(cause)
      }
    }
  }

  initialise(wish: InitialiseShareState): void {
    checkInitialise(wish, this.#known(wish))
    const before = this.#states.get(wish)
    const nowMs = this.#world.clock.nowMs()
    const { stateEpoch, startOffset } = wish
    const state = {
      snapshotEpoch: before === undefined ? 0 : before.state.snapshotEpoch + 1,
      ...{ stateEpoch, startOffset, leaderEpoch: 0, batches: [], createMs: nowMs, writeMs: nowMs },
      deliveryCompleteCount: startOffset === -1 ? -1 : 0,
    }
    this.#write([{ kind: 'snapshot', key: keyOf(wish), state }])
  }

  /** A leader that reads has led from then on: those before it are refused, so its epoch is written first. */
  read(wish: ReadShareState): ShareStateRead {
    checkRead(wish, this.#known(wish))
    const kept = this.#states.get(wish) as KeptShareState
    const { stateEpoch, startOffset, batches, deliveryCompleteCount } = kept.state
    if (wish.leaderEpoch !== -1 && wish.leaderEpoch !== kept.leaderEpoch) {
      const { leaderEpoch } = wish
      this.#change(kept, { leaderEpoch, startOffset, deliveryCompleteCount, batches: [] })
    }
    return { stateEpoch, startOffset, batches }
  }

  write(wish: WriteShareState): void {
    checkWrite(wish, this.#known(wish))
    const kept = this.#states.get(wish) as KeptShareState
    checkBatches(wish, kept.state)
    this.#change(kept, { ...wish, leaderEpoch: kept.state.leaderEpoch })
  }

  summary(wish: SharePartitionKey): ShareStateSummary {
    checkPresence(wish, this.#known(wish))
    return this.#states.get(wish)?.state ?? noShareState
  }

  delete(wish: SharePartitionKey): void {
    checkPresence(wish, this.#known(wish))
    if (this.#states.get(wish) !== undefined)
      this.#write([{ kind: 'snapshot', key: keyOf(wish), state: null }])
  }

  deleteTopic(topicId: string): void {
    const gone = [...this.#states.all()].filter(({ key }) => key.topicId === topicId)
    this.#write(gone.map(({ key }) => ({ kind: 'snapshot', key, state: null })))
  }

  /** Of share partitions that nothing happens to: what is before their last snapshot need not be kept for them. */
  snapshotCold(intervalMs: number): void {
    const kept = [...this.#states.all()]
    if (kept.every(({ state }) => state.createMs !== state.writeMs)) return
    const nowMs = this.#world.clock.nowMs()
    const cold = kept.filter(({ state }) => nowMs - state.writeMs >= intervalMs)
    this.#write(
      cold.map(({ key, state }) => ({
        kind: 'snapshot',
        key,
        state: { ...state, snapshotEpoch: state.snapshotEpoch + 1, writeMs: nowMs },
      })),
    )
  }

  prune(): void {
    const offset = this.#states.redundant.offset
    if (offset !== null && offset > this.store.logStartOffset) this.store.deleteRecordsBelow(offset)
  }

  #change(
    kept: KeptShareState,
    change: Pick<WriteShareState, 'leaderEpoch' | 'startOffset' | 'deliveryCompleteCount' | 'batches'>,
  ): void {
    const { key, state } = kept
    const isSnapshotDue = kept.updatesSinceSnapshot >= this.#world.updatesPerSnapshot()
    const { leaderEpoch, deliveryCompleteCount, batches } = change
    if (!isSnapshotDue) {
      const { startOffset } = change
      const combined = combinedBatches([], batches, startOffset)
      const update = {
        snapshotEpoch: state.snapshotEpoch,
        leaderEpoch,
        startOffset,
        deliveryCompleteCount,
        batches: combined,
      }
      this.#write([{ kind: 'update', key, update }])
      return
    }
    const nowMs = this.#world.clock.nowMs()
    const startOffset: Int64 = change.startOffset === -1 ? state.startOffset : change.startOffset
    const snapshot = {
      snapshotEpoch: state.snapshotEpoch + 1,
      stateEpoch: state.stateEpoch,
      ...{ leaderEpoch, startOffset, deliveryCompleteCount, createMs: nowMs, writeMs: nowMs },
      batches: combinedBatches(state.batches, batches, startOffset),
    }
    this.#write([{ kind: 'snapshot', key, state: snapshot }])
  }

  /** In the log first; then, and only then, it is so. */
  #write(records: readonly ShareStateRecord[]): void {
    if (records.length === 0) return
    const first = this.store.logEndOffset
    this.store.append(records.map(encodeShareState), undefined, BASE_SEQUENCE)
    records.forEach((record, i) => {
      this.#states.replay(record, first + i)
    })
  }

  #known(key: SharePartitionKey): KnownSharePartition {
    const kept = this.#states.get(key)
    return {
      isInitialised: kept !== undefined,
      leaderEpoch: kept?.leaderEpoch ?? NEVER_HEARD,
      stateEpoch: kept?.stateEpoch ?? NEVER_HEARD,
      partitionCount: this.#world.partitionCount(key.topicId),
    }
  }

  #replayBatch(batch: RecordBatch): void {
    const cursor = openRecords(batch, { checkCrc: false })
    while (cursor.next()) {
      try {
        const record = cursor.key === null ? null : decodeShareState(cursor.key, cursor.value)
        if (record !== null) this.#states.replay(record, Number(cursor.offset))
      } catch (cause) {
        if (!(cause instanceof KtoolError)) throw cause
        this.#warn(cause)
      }
    }
  }

  #warn(cause: KtoolError): void {
    const facts = { partition: this.store.partition, reason: cause.message }
    this.#world.log.log('warn', 'a record of share partitions cannot be read', facts)
  }
}

function keyOf({ groupId, topicId, partition }: SharePartitionKey): SharePartitionKey {
  return { groupId, topicId, partition }
}
