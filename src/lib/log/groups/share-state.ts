import { type Int64, toInt64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { shareSnapshot, shareUpdate } from '../../protocol/records/share-state-records.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { damagedLog, type Replayed, replayLog } from '../coordinators/replay-log.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import { combinedBatches, type ShareBatch } from './share-batches.ts'

/** How far a share group is in a partition. */
export interface SharePartition {
  /** −1 as long as nobody has fetched. */
  readonly startOffset: Int64
  /** −1 where it was written by a Kafka that does not count. */
  readonly deliveryCompleteCount: number
  readonly batches: readonly ShareBatch[]
}

export interface ReadShareState {
  /** By group, id of the topic and partition: see `shareKey`. */
  readonly partitions: ReadonlyMap<string, SharePartition>
  /** What could not be read, and why. */
  readonly problems: readonly KtoolError[]
}

const SNAPSHOT = 0
const UPDATE = 1

/** `__share_group_state`: the last snapshot of each share partition, and the updates since. */
export function readShareState(disk: ReadableDisk, folder: PartitionFolder): ReadShareState {
  const replaying = new Replaying()
  const problems = replayLog(disk, folder, replaying)
  const undecoded = [...replaying.problems].map((problem) => damagedLog(folder.path, problem))
  return { partitions: replaying.partitions, problems: [...problems, ...undecoded] }
}

/** Kafka's coordinators go by the same string. */
export function shareKey(group: string, topicId: string, partition: number): string {
  return `${group}:${topicId}:${partition}`
}

class Replaying implements Replayed {
  readonly partitions = new Map<string, SharePartition>()
  readonly problems = new Set<string>()

  record({ key, value }: RecordCursor): void {
    if (key === null || key.length < 2) return
    try {
      const type = key.readInt16BE(0)
      if (type === SNAPSHOT) this.#snapshot(key, value)
      else if (type === UPDATE && value !== null) this.#update(key, value)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      this.problems.add(cause.message)
    }
  }

  /** No transaction writes here. */
  marker(): void {}

  #snapshot(key: Buffer, value: Buffer | null): void {
    const { groupId, topicId, partition } = shareSnapshot.key.decodeFramed(key).value
    const name = shareKey(groupId, topicId, partition)
    if (value === null) this.partitions.delete(name)
    else this.partitions.set(name, stateOf(shareSnapshot.value.decodeFramed(value).value))
  }

  #update(key: Buffer, value: Buffer): void {
    const { groupId, topicId, partition } = shareUpdate.key.decodeFramed(key).value
    const name = shareKey(groupId, topicId, partition)
    const update = stateOf(shareUpdate.value.decodeFramed(value).value)
    const before = this.partitions.get(name)
    this.partitions.set(name, before === undefined ? update : merged(before, update))
  }
}

interface Said {
  readonly startOffset: bigint
  readonly deliveryCompleteCount: number
  readonly stateBatches: readonly {
    readonly firstOffset: bigint
    readonly lastOffset: bigint
    readonly deliveryState: number
    readonly deliveryCount: number
  }[]
}

function stateOf({ startOffset, deliveryCompleteCount, stateBatches }: Said): SharePartition {
  const batches = stateBatches.map(({ firstOffset, lastOffset, ...rest }) => ({
    ...rest,
    firstOffset: toInt64(firstOffset),
    lastOffset: toInt64(lastOffset),
  }))
  return { startOffset: toInt64(startOffset), deliveryCompleteCount, batches }
}

/** An update has what changed; without a start offset that is still the old one. */
function merged(before: SharePartition, update: SharePartition): SharePartition {
  const startOffset = update.startOffset < 0 ? before.startOffset : update.startOffset
  return {
    startOffset,
    deliveryCompleteCount: update.deliveryCompleteCount,
    batches: combinedBatches(before.batches, update.batches, startOffset),
  }
}
