import { toInt64 } from '../../../bytes/int64.ts'
import type { ShareBatch } from '../../../log/groups/share-batches.ts'
import { shareSnapshot, shareUpdate } from '../../../protocol/records/share-state-records.ts'
import type { CoordinatorEntry } from '../coordinator-partition.ts'
import type { SharePartitionKey } from './share-partition-key.ts'
import type { ShareState, ShareStateUpdate } from './share-state.ts'

const SNAPSHOT = 0
const UPDATE = 1

/** What one record of `__share_group_state` says. A snapshot of null takes the state away. */
export type ShareStateRecord =
  | { readonly kind: 'snapshot'; readonly key: SharePartitionKey; readonly state: ShareState | null }
  | { readonly kind: 'update'; readonly key: SharePartitionKey; readonly update: ShareStateUpdate }

export function encodeShareState(record: ShareStateRecord): CoordinatorEntry {
  const { groupId, topicId, partition } = record.key
  if (record.kind === 'update') {
    const key = shareUpdate.key.encodeFramed({ groupId, topicId, partition }, 0)
    return { key, value: shareUpdate.value.encodeFramed(wireUpdate(record.update), 0) }
  }
  const key = shareSnapshot.key.encodeFramed({ groupId, topicId, partition }, 0)
  return { key, value: record.state === null ? null : encodeSnapshot(record.state) }
}

/** Null for what only a later Kafka knows. */
export function decodeShareState(key: Buffer, value: Buffer | null): ShareStateRecord | null {
  const type = key.length < 2 ? -1 : key.readInt16BE(0)
  if (type === SNAPSHOT) {
    const of = shareSnapshot.key.decodeFramed(key).value
    if (value === null) return { kind: 'snapshot', key: of, state: null }
    return isKnown(value) ? { kind: 'snapshot', key: of, state: decodeSnapshot(value) } : null
  }
  if (type !== UPDATE || value === null || !isKnown(value)) return null
  const { stateBatches, ...rest } = shareUpdate.value.decodeFramed(value).value
  const update = { ...rest, startOffset: toInt64(rest.startOffset), batches: stateBatches.map(batchOf) }
  return { kind: 'update', key: shareUpdate.key.decodeFramed(key).value, update }
}

function isKnown(value: Buffer): boolean {
  return value.length >= 2 && value.readInt16BE(0) === 0
}

function encodeSnapshot(state: ShareState): Buffer {
  const value = {
    ...wireUpdate(state),
    stateEpoch: state.stateEpoch,
    createTimestamp: BigInt(state.createMs),
    writeTimestamp: BigInt(state.writeMs),
  }
  return shareSnapshot.value.encodeFramed(value, 0)
}

function decodeSnapshot(bytes: Buffer): ShareState {
  const { value } = shareSnapshot.value.decodeFramed(bytes)
  return {
    snapshotEpoch: value.snapshotEpoch,
    stateEpoch: value.stateEpoch,
    leaderEpoch: value.leaderEpoch,
    startOffset: toInt64(value.startOffset),
    deliveryCompleteCount: value.deliveryCompleteCount,
    batches: value.stateBatches.map(batchOf),
    createMs: Number(value.createTimestamp),
    writeMs: Number(value.writeTimestamp),
  }
}

function wireUpdate(update: ShareStateUpdate) {
  return {
    snapshotEpoch: update.snapshotEpoch,
    leaderEpoch: update.leaderEpoch,
    startOffset: BigInt(update.startOffset),
    deliveryCompleteCount: update.deliveryCompleteCount,
    stateBatches: update.batches.map(wireBatch),
  }
}

export interface WireBatch {
  readonly firstOffset: bigint
  readonly lastOffset: bigint
  readonly deliveryState: number
  readonly deliveryCount: number
}

export function wireBatch({ firstOffset, lastOffset, deliveryState, deliveryCount }: ShareBatch): WireBatch {
  return { firstOffset: BigInt(firstOffset), lastOffset: BigInt(lastOffset), deliveryState, deliveryCount }
}

export function batchOf({ firstOffset, lastOffset, deliveryState, deliveryCount }: WireBatch): ShareBatch {
  return { firstOffset: toInt64(firstOffset), lastOffset: toInt64(lastOffset), deliveryState, deliveryCount }
}
