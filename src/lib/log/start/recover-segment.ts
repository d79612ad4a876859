import { addInt64, type Int64, readInt64, writeInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { LegacyRecordBatch } from '../../records/legacy-record-batch.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { EntryBytes } from '../files/entry-bytes.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'
import { type AbortedTransaction, formatTransactionIndex } from '../files/transaction-index.ts'
import type { Turns } from '../turns.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import { type LogWalk, UnreadableLength } from './log-walk.ts'
import type { ProducerState } from './producer-state.ts'
import type { ResumePoint } from './resume-point.ts'
import type { StartSegment } from './start-segment.ts'
import { hasTornOffset } from './torn-offset.ts'

/** An entry that no index of the segment can hold: Kafka tries to split the segment then. */
export class OffsetOverflow extends Error {}

export interface RecoveryOptions {
  readonly intervalBytes: number
  readonly turns: Turns
  /** From the beginning where there is none. */
  readonly from?: ResumePoint | undefined
  /** An offset that a power cut has torn is damage as well. Kafka believes it. */
  readonly doubtsOffsets?: boolean
}

/** An index takes offsets in ascending order only. */
class Unordered extends Error {}

interface OffsetOfEntry {
  readonly relative: number
}

interface TimeOfEntry extends OffsetOfEntry {
  readonly timestamp: Int64
}

interface Rebuilt {
  validBytes: number
  readonly offsets: EntryBytes
  lastOffset: OffsetOfEntry | undefined
  readonly times: EntryBytes
  lastTime: TimeOfEntry | undefined
  readonly aborted: AbortedTransaction[]
}

/** As if all before had been read. */
function rebuiltUpTo({ position, offsets, times, aborted }: ResumePoint): Rebuilt {
  const time = times.length - TIME_ENTRY_BYTES
  const lastTime =
    time < 0 ? undefined : { timestamp: readInt64(times, time), relative: times.readInt32BE(time + 8) }
  return {
    validBytes: position,
    offsets: new EntryBytes(OFFSET_ENTRY_BYTES, offsets),
    lastOffset: { relative: offsets.readInt32BE(offsets.length - OFFSET_ENTRY_BYTES) },
    times: new EntryBytes(TIME_ENTRY_BYTES, times),
    lastTime,
    aborted: [...aborted],
  }
}

function nothingRebuilt(): Rebuilt {
  const offsets = new EntryBytes(OFFSET_ENTRY_BYTES)
  const times = new EntryBytes(TIME_ENTRY_BYTES)
  return { validBytes: 0, offsets, lastOffset: undefined, times, lastTime: undefined, aborted: [] }
}

/**
 * Reads a segment as Kafka's recovery does: indexes and producers anew, and an end at the first batch whose CRC
 * is wrong. Returns how many bytes are cut off. It empties a segment as a whole where it comes upon an index
 * entry that is out of order, since it takes that for a broken segment.
 */
export async function recoverSegment(
  segment: StartSegment,
  state: ProducerState,
  epochs: LeaderEpochs,
  options: RecoveryOptions,
): Promise<number> {
  const sizeBytes = segment.sizeBytes
  const rebuilt = options.from === undefined ? nothingRebuilt() : rebuiltUpTo(options.from)
  try {
    await rebuild(segment, rebuilt, { ...options, state, epochs })
  } catch (cause) {
    if (!(cause instanceof Unordered)) throw cause
    return empty(segment)
  }
  segment.sizeBytes = rebuilt.validBytes
  segment.setIndex(rebuilt.offsets.written())
  segment.timeindex.rebuilt = rebuilt.times.written()
  segment.txnindex.rebuilt = formatTransactionIndex(rebuilt.aborted)
  state.takeSnapshot()
  return sizeBytes - rebuilt.validBytes
}

function empty(segment: StartSegment): number {
  const { sizeBytes } = segment
  const walk = segment.walk()
  let position = 0
  for (let batch = walk.next(); batch !== undefined; batch = walk.next()) {
    position = batch.position
    if (batch.lastOffset >= segment.baseOffset) break
  }
  segment.sizeBytes = position
  segment.setIndex(Buffer.alloc(0))
  segment.timeindex.rebuilt = Buffer.alloc(0)
  segment.txnindex.rebuilt = Buffer.alloc(0)
  return sizeBytes - position
}

interface Learning extends RecoveryOptions {
  readonly state: ProducerState
  readonly epochs: LeaderEpochs
}

async function rebuild(segment: StartSegment, rebuilt: Rebuilt, learning: Learning): Promise<void> {
  const { turns, intervalBytes, doubtsOffsets = false } = learning
  let due = segment.baseOffset
  let indexedBytes = rebuilt.validBytes
  let largest: TimeOfEntry = rebuilt.lastTime ?? { timestamp: -1, relative: 0 }
  const walk = segment.walk(rebuilt.validBytes)
  try {
    for (let batch = walk.next(); batch !== undefined && walk.isSound(batch); batch = walk.next()) {
      if (doubtsOffsets && hasTornOffset(batch, due)) break
      due = addInt64(batch.lastOffset, 1)
      const relative = relativeIn(segment, batch)
      if (batch.maxTimestamp > largest.timestamp) largest = { timestamp: batch.maxTimestamp, relative }
      if (rebuilt.validBytes - indexedBytes > intervalBytes) {
        addOffset(rebuilt, relative)
        addTime(rebuilt, largest)
        indexedBytes = rebuilt.validBytes
      }
      rebuilt.validBytes += batch.sizeBytes
      if (!(batch instanceof LegacyRecordBatch)) learn(batch, walk, rebuilt, learning)
      if (turns.isDue()) await turns.turn(rebuilt.validBytes, segment.sizeBytes)
    }
  } catch (cause) {
    if (!(cause instanceof UnreadableLength || cause instanceof DataError)) throw cause
  }
  addTime(rebuilt, largest)
}

function relativeIn(segment: StartSegment, { lastOffset, position }: RecordBatch): number {
  const relative = segment.relative(lastOffset)
  if (relative !== undefined) return relative
  const { name } = segment.log
  throw new OffsetOverflow(
    `the offset ${lastOffset} at position ${position} of ${name} is too far from the one in its name`,
  )
}

function learn(batch: RecordBatch, walk: LogWalk, rebuilt: Rebuilt, { state, epochs, from }: Learning): void {
  const { lastOffset, partitionLeaderEpoch } = batch
  if (from !== undefined && lastOffset < from.offset) return
  epochs.seen(partitionLeaderEpoch, batch.baseOffset ?? lastOffset)
  const aborted = state.producers.add(batch, () => walk.whole(batch))
  if (aborted !== null) rebuilt.aborted.push(aborted)
  state.mapEnd = addInt64(lastOffset, 1)
}

function addOffset(rebuilt: Rebuilt, relative: number): void {
  const { offsets, lastOffset, validBytes } = rebuilt
  if (lastOffset !== undefined && relative <= lastOffset.relative) throw new Unordered()
  rebuilt.lastOffset = { relative }
  offsets.add((bytes, at) => {
    bytes.writeInt32BE(relative, at)
    bytes.writeInt32BE(validBytes | 0, at + 4)
  })
}

function addTime(rebuilt: Rebuilt, largest: TimeOfEntry): void {
  const { times, lastTime } = rebuilt
  const { timestamp, relative } = largest
  if (lastTime !== undefined && relative < lastTime.relative) throw new Unordered()
  if (timestamp <= (lastTime?.timestamp ?? -1)) return
  rebuilt.lastTime = largest
  times.add((bytes, at) => {
    writeInt64(bytes, at, timestamp)
    bytes.writeInt32BE(relative, at + 8)
  })
}
