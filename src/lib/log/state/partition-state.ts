import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { floorSegment } from '../lookup/find-by-offset.ts'
import { Search } from '../lookup/search.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import { type CheckpointBounds, type LogBounds, readLogBounds } from './log-bounds.ts'
import { newestSnapshot } from './newest-snapshot.ts'
import {
  type EndedTransaction,
  firstTimestampOf,
  type ProducerState,
  ProducerStates,
} from './producer-states.ts'

/** What a partition's folder tells of it: where it starts and ends, and who is writing to it. */
export interface PartitionState extends LogBounds {
  /** Where readers that want committed records only have to stop. */
  readonly lastStableOffset: Int64
  /** By first offset. */
  readonly openTransactions: readonly OpenTransaction[]
  /** By producer id. Of those who wrote long ago a broker forgets; here all are that it remembered. */
  readonly producers: readonly ProducerState[]
  readonly notes: LogBounds['notes'] & { readonly lastStableOffset: string | null }
}

export interface OpenTransaction {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly firstOffset: Int64
  /** Of the batch that opened it; null where only a snapshot still knows of it. */
  readonly startTimestamp: Int64 | null
  /** Of its producer's last batch. */
  readonly lastTimestamp: Int64
  /** Null where no coordinator has ended a transaction of this producer yet. */
  readonly coordinatorEpoch: number | null
}

/**
 * As a broker knows it after it has loaded the log: from the newest producer snapshot and the batches behind it.
 * The checkpoints' lines are the caller's to find (`boundsIn`, `boundsBeside`).
 */
export function readPartitionState(
  disk: ReadableDisk,
  folder: PartitionFolder,
  checkpoints: CheckpointBounds = {},
): PartitionState {
  const bounds = readLogBounds(disk, folder, checkpoints)
  const snapshot = newestSnapshot(disk, folder, bounds)
  const search = new Search(disk, folder)
  const states = new ProducerStates(snapshot.producers)
  const late = replay(search, states, snapshot.offset ?? bounds.logStartOffset, bounds)
  const producers = states.all()
  const openTransactions = producers
    .flatMap((state) => openTransactionOf(search, states, state))
    .sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  return {
    ...bounds,
    ...stable(bounds, openTransactions, late, states),
    openTransactions,
    producers,
    remarks: [...new Set([...bounds.remarks, ...snapshot.remarks, ...search.remarks])],
    damages: [...new Set([...bounds.damages, ...search.damages])],
  }
}

/** Gives the transactions that were ended where followers may not have been yet. */
function replay(search: Search, states: ProducerStates, from: Int64, bounds: LogBounds): EndedTransaction[] {
  const late: EndedTransaction[] = []
  const { segments } = search.folder
  for (const segment of segments.slice(floorSegment(segments, from))) {
    search.in(segment, (open) => {
      const start = from > segment.baseOffset ? open.startFor(from).position : 0
      for (const batch of open.batches(start)) {
        if (batch.lastOffset < from) continue
        const ended = states.add(batch)
        if (ended !== undefined && ended.lastOffset >= bounds.highWatermark) late.push(ended)
      }
    })
  }
  return late
}

function openTransactionOf(search: Search, states: ProducerStates, state: ProducerState): OpenTransaction[] {
  const { producerId, producerEpoch, currentTransactionStartOffset: firstOffset } = state
  if (firstOffset === null) return []
  const { lastTimestamp, coordinatorEpoch } = state
  const startTimestamp = states.startTimestamp(producerId) ?? timestampAt(search, firstOffset)
  return [{ producerId, producerEpoch, firstOffset, startTimestamp, lastTimestamp, coordinatorEpoch }]
}

/** A snapshot may remember a transaction whose first batches were deleted since. */
function timestampAt(search: Search, offset: Int64): Int64 | null {
  const { segments } = search.folder
  const segment = segments[floorSegment(segments, offset)]
  if (segment === undefined || segment.baseOffset > offset) return null
  return search.in(segment, (open) => {
    for (const batch of open.batches(open.startFor(offset).position)) {
      if (batch.lastOffset >= offset) return batch.baseOffset === offset ? firstTimestampOf(batch) : null
    }
    return null
  })
}

function stable(
  bounds: LogBounds,
  open: readonly OpenTransaction[],
  late: readonly EndedTransaction[],
  { unreadableMarkers }: ProducerStates,
): Pick<PartitionState, 'lastStableOffset' | 'notes'> {
  let lastStableOffset = bounds.highWatermark
  for (const { firstOffset } of [...open, ...late]) {
    if (firstOffset < lastStableOffset) lastStableOffset = firstOffset
  }
  const unreadable = unreadableMarkers[0]
  const doubt = unreadable === undefined ? null : `the marker at offset ${unreadable} cannot be read`
  const isAtLimit = lastStableOffset === bounds.highWatermark
  const note = doubt ?? (isAtLimit ? bounds.notes.highWatermark : null)
  return { lastStableOffset, notes: { ...bounds.notes, lastStableOffset: note } }
}
