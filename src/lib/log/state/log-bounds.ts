import { join } from 'node:path'
import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseLeaderEpochs } from '../files/leader-epoch-checkpoint.ts'
import { readIfThere } from '../log-directory.ts'
import { segmentEnd } from '../lookup/last-batch.ts'
import { Search } from '../lookup/search.ts'
import type { PartitionFolder } from '../partition-folder.ts'

/** What the checkpoints of a log directory say of one partition; nothing where they have no line of it. */
export interface CheckpointBounds {
  readonly highWatermark?: Int64 | undefined
  readonly logStartOffset?: Int64 | undefined
}

/** Where a log starts and ends. A note says what an offset is where it is not the plain fact. */
export interface LogBounds {
  readonly logStartOffset: Int64
  readonly logEndOffset: Int64
  readonly highWatermark: Int64
  /** The newest that the leader epoch file or the last batch names; −1 where neither does. */
  readonly lastLeaderEpoch: number
  /** Who wrote the last batch; −1 where it does not say, or where there is none. */
  readonly endLeaderEpoch: number
  readonly notes: {
    readonly logStartOffset: string | null
    readonly logEndOffset: string | null
    readonly highWatermark: string | null
  }
  /** Sentences about files that could not be used as they should. */
  readonly remarks: readonly string[]
  /** Sentences about damage of the log itself: what is in there is lost. */
  readonly damages: readonly string[]
}

const epochFile = 'leader-epoch-checkpoint'

/** By checkpoints, names and the end of the last segment: little is read, however large the log. */
export function readLogBounds(
  disk: ReadableDisk,
  folder: PartitionFolder,
  checkpoints: CheckpointBounds = {},
): LogBounds {
  const end = readLogEnd(disk, folder)
  const start = startOf(folder, checkpoints, end.endOffset)
  const highWatermark = highWatermarkOf(checkpoints, start.offset, end.endOffset)
  return {
    logStartOffset: start.offset,
    logEndOffset: end.endOffset,
    highWatermark: highWatermark.offset,
    lastLeaderEpoch: Math.max(end.leaderEpoch, lastEpochIn(disk, folder)),
    endLeaderEpoch: end.leaderEpoch,
    notes: { logStartOffset: start.note, logEndOffset: end.note, highWatermark: highWatermark.note },
    remarks: end.remarks,
    damages: end.damages,
  }
}

interface Said {
  readonly offset: Int64
  readonly note: string | null
}

function startOf(folder: PartitionFolder, { logStartOffset }: CheckpointBounds, endOffset: Int64): Said {
  const base = folder.segments[0]?.baseOffset ?? 0
  if (logStartOffset === undefined) {
    return { offset: base, note: 'no checkpoint has it: the first base offset' }
  }
  if (logStartOffset > endOffset) {
    const note = 'the checkpoint lies beyond the log end: a broker deletes all segments and starts there'
    return { offset: logStartOffset, note }
  }
  return { offset: logStartOffset > base ? logStartOffset : base, note: null }
}

function highWatermarkOf({ highWatermark }: CheckpointBounds, start: Int64, end: Int64): Said {
  if (highWatermark === undefined) return { offset: end, note: 'no checkpoint has it: the log end offset' }
  if (highWatermark >= end) {
    return { offset: end, note: highWatermark > end ? 'the checkpoint lies beyond the log end' : null }
  }
  const offset = highWatermark > start ? highWatermark : start
  return { offset, note: 'as of the last checkpoint; a broker writes one every five seconds' }
}

/** An active segment without a batch sends one to the segments before it, for the epoch. */
function readLogEnd(disk: ReadableDisk, folder: PartitionFolder) {
  const search = new Search(disk, folder)
  let endOffset = folder.segments.at(-1)?.baseOffset ?? 0
  let leaderEpoch = -1
  for (const segment of folder.segments.toReversed()) {
    const end = search.in(segment, segmentEnd)
    if (end.leaderEpoch === null) continue
    endOffset = end.endOffset > endOffset ? end.endOffset : endOffset
    leaderEpoch = end.leaderEpoch
    break
  }
  const damages = [...search.damages]
  return { endOffset, leaderEpoch, note: damages[0] ?? null, remarks: [...search.remarks], damages }
}

function lastEpochIn(disk: ReadableDisk, folder: PartitionFolder): number {
  const { value } = readIfThere(disk, join(folder.path, epochFile), parseLeaderEpochs)
  return value?.at(-1)?.epoch ?? -1
}
