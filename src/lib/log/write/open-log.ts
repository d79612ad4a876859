import { basename, dirname, join } from 'node:path'
import type { Int64 } from '../../bytes/int64.ts'
import { DataError, FailedError, type KtoolError } from '../../errors.ts'
import { isNameless, segmentFileName } from '../files/file-names.ts'
import { leaderEpochFile, parseLeaderEpochs } from '../files/leader-epoch-checkpoint.ts'
import { formatPartitionMetadata, partitionMetadataFile } from '../files/partition-metadata.ts'
import { readIfThere } from '../log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../partition-folder.ts'
import { LeaderEpochs } from '../start/leader-epochs.ts'
import { tidy } from '../start/leftovers.ts'
import { type LoadedLog, LogLoad } from '../start/log-load.ts'
import { UnreadableLength } from '../start/log-walk.ts'
import { Producers, UnexpectedWrite } from '../start/producers.ts'
import { OffsetOverflow } from '../start/recover-segment.ts'
import { SnapshotStore } from '../start/snapshot-store.ts'
import type { Turns } from '../turns.ts'
import { applyStart, indexKinds, type Start } from './apply-start.ts'
import { beginSegment } from './begin-segment.ts'
import { LogProducers } from './log-producers.ts'
import type { LogRoom } from './log-room.ts'
import { LogSegment } from './log-segment.ts'
import type { LogSettings } from './partition-log.ts'
import { recallBatches } from './recall-batches.ts'
import { replaceFile } from './replace-file.ts'
import { WritableLog } from './writable-log.ts'

export interface OpenLogFacts {
  /** The broker before this one has said goodbye: nothing needs to be looked at again. */
  readonly isClean: boolean
  /** As the checkpoints beside the folder have them. */
  readonly logStartOffset?: Int64 | undefined
  readonly recoveryPoint?: Int64 | undefined
  readonly highWatermark?: Int64 | undefined
  readonly cleanerOffset?: Int64 | undefined
  readonly turns: Turns
}

/** A log with nothing in it, in a folder of its own. */
export function createLog(
  room: LogRoom,
  path: string,
  settings: LogSettings,
  topicId: string,
  baseOffset = 0,
): WritableLog {
  room.disk.makeFolder(path)
  const metadata = join(path, partitionMetadataFile)
  replaceFile(room.disk, metadata, formatPartitionMetadata(topicId))
  const log = new WritableLog(room, path, settings, {
    segments: [begun(room, path, baseOffset, settings)],
    logStartOffset: baseOffset,
    logEndOffset: baseOffset,
    highWatermark: baseOffset,
    recoveryPoint: baseOffset,
    producers: new LogProducers(new Producers()),
    lastSnapshot: baseOffset,
    epochs: new LeaderEpochs([]),
  })
  log.willFlush(metadata)
  return log
}

/**
 * Opens the log in a folder as Kafka does when it starts, with recovery where it is due: what the prediction of
 * such a start computes, this one carries out.
 */
export async function openLog(
  room: LogRoom,
  path: string,
  settings: LogSettings,
  facts: OpenLogFacts,
): Promise<WritableLog> {
  const start = await computeStart(room, path, settings, facts)
  applyStart(room, start, settings.fileDeleteDelayMs)
  const log = startedLog(room, path, settings, start.loaded, facts, start.epochs)
  // A flush of the last segment leaves its indexes alone, which whoever writes to it makes safe when it ends.
  for (const index of rebuiltIndexes(path, start.loaded)) log.willFlush(index)
  // A killed broker may have made the folder and its files moments before: nobody knows whether their names are safe.
  if (!facts.isClean) log.willFlush(join(path, partitionMetadataFile))
  return log
}

function rebuiltIndexes(path: string, { segments }: LoadedLog): string[] {
  return segments.flatMap((segment) =>
    indexKinds
      .filter((kind) => segment[kind].rebuilt !== undefined)
      .map((kind) => join(path, segmentFileName(segment.baseOffset, kind))),
  )
}

async function computeStart(
  room: LogRoom,
  path: string,
  settings: LogSettings,
  facts: OpenLogFacts,
): Promise<Start> {
  const { disk, clock } = room
  const folder = openPartitionFolder(disk, path)
  mustBeNamed(folder)
  const { value, problem } = readIfThere(disk, join(path, leaderEpochFile), parseLeaderEpochs)
  if (problem !== null)
    throw cannotStart(path, `${leaderEpochFile} cannot be read: ${problem.message}`, problem)
  const tidied = tidy(disk, folder)
  const epochs = new LeaderEpochs(value ?? [])
  const store = new SnapshotStore(disk, folder.snapshots, tidied.snapshots, clock.nowMs())
  const intervalBytes = settings.indexIntervalBytes
  const load = new LogLoad(disk, tidied.segments, {
    ...facts,
    epochs,
    store,
    intervalBytes,
    skipsFlushed: true,
  })
  try {
    const loaded = await load.run()
    if (!facts.isClean) recallBatches(loaded)
    return { folder, tidied, epochs, store, loaded, isClean: facts.isClean }
  } catch (cause) {
    throw isDamage(cause) ? cannotStart(path, cause.message, cause) : cause
  } finally {
    load.close()
  }
}

function isDamage(cause: unknown): cause is Error {
  if (cause instanceof UnreadableLength || cause instanceof OffsetOverflow) return true
  return cause instanceof UnexpectedWrite || cause instanceof DataError
}

function mustBeNamed({ path, otherNames }: PartitionFolder): void {
  const nameless = otherNames.find(isNameless)
  if (nameless !== undefined) throw cannotStart(path, `${nameless} has no base offset in its name`)
}

function cannotStart(path: string, reason: string, cause?: unknown): KtoolError {
  return new FailedError('damaged-log', `no broker can start on ${path}: ${reason}`, {
    hint: `ktool segments verify ${path} tells all that is wrong; setting the folder ${basename(path)} aside gives up its records`,
    details: { path, directory: dirname(path) },
    cause,
  })
}

function startedLog(
  room: LogRoom,
  path: string,
  settings: LogSettings,
  loaded: LoadedLog,
  facts: OpenLogFacts,
  epochs: LeaderEpochs,
): WritableLog {
  const logStartOffset = Number(loaded.logStartOffset)
  const logEndOffset = Number(loaded.logEndOffset)
  const segments = loaded.segments.map(
    ({ baseOffset, sizeBytes }) => new LogSegment(room, path, Number(baseOffset), sizeBytes),
  )
  if (loaded.created !== null) segments.push(begun(room, path, Number(loaded.created), settings))
  const isFlushed = facts.isClean && loaded.created === null
  const checkpointed = Math.min(Number(facts.recoveryPoint ?? 0), logEndOffset)
  const highWatermark = Math.min(Number(facts.highWatermark ?? 0), logEndOffset)
  return new WritableLog(room, path, settings, {
    segments,
    logStartOffset,
    logEndOffset,
    highWatermark: Math.max(highWatermark, logStartOffset),
    recoveryPoint: isFlushed ? logEndOffset : checkpointed,
    cleanedOffset: facts.cleanerOffset === undefined ? undefined : Number(facts.cleanerOffset),
    producers: new LogProducers(loaded.producers),
    lastSnapshot: Number(loaded.lastSnapshot),
    epochs,
  })
}

/** Of which nothing is open until it is written to. */
function begun(room: LogRoom, path: string, baseOffset: number, settings: LogSettings): LogSegment {
  const segment = beginSegment(room, path, baseOffset, settings)
  segment.release()
  return segment
}
