import { join } from 'node:path'
import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { isNameless } from '../files/file-names.ts'
import { leaderEpochFile, parseLeaderEpochs } from '../files/leader-epoch-checkpoint.ts'
import { parsePartitionMetadata } from '../files/partition-metadata.ts'
import { readIfThere } from '../log-directory.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import type { Turns } from '../turns.ts'
import { indexIntervalBytes } from './index-interval.ts'
import { LeaderEpochs } from './leader-epochs.ts'
import { tidy } from './leftovers.ts'
import { type LoadedLog, LogLoad } from './log-load.ts'
import { UnreadableLength } from './log-walk.ts'
import { UnexpectedWrite } from './producers.ts'
import { OffsetOverflow } from './recover-segment.ts'
import { SnapshotStore } from './snapshot-store.ts'
import type { StartOutcome, StartPrediction } from './start-prediction.ts'
import type { KnownBatches } from './start-segment.ts'
import { startedFiles } from './started-files.ts'

export interface StartFacts {
  /** As the checkpoints beside the folder have them. */
  readonly logStartOffset?: Int64 | undefined
  readonly recoveryPoint?: Int64 | undefined
  /** Which checkpoint beside the folder cannot be read, and why: the directory is taken offline for it. */
  readonly unreadable?: string | undefined
  /** Between index entries, where it is known; else what the indexes show. */
  readonly indexIntervalBytes?: number | undefined
  /** Producers that were idle for a day are forgotten. */
  readonly nowMs: number
  readonly turns: Turns
  /** By the path of a log. */
  readonly known?: ReadonlyMap<string, KnownBatches>
}

const metadataFile = 'partition.metadata'
const metadataTopic = '__cluster_metadata'

/** Goes through what Kafka 4.3 does when it loads a log, without doing it. */
export async function predictStart(
  disk: ReadableDisk,
  folder: PartitionFolder,
  facts: StartFacts,
): Promise<StartPrediction> {
  if (folder.said?.aside === 'delete') {
    const outcome = toBeDeleted(folder)
    return { clean: outcome, unclean: outcome }
  }
  const intervalBytes = facts.indexIntervalBytes ?? indexIntervalBytes(disk, folder)
  const unclean = await predict(disk, folder, { ...facts, isClean: false, intervalBytes })
  // The metadata log is loaded by the raft client, which takes no notice of the mark.
  if (folder.said?.topic === metadataTopic) return { clean: unclean, unclean }
  return { clean: await predict(disk, folder, { ...facts, isClean: true, intervalBytes }), unclean }
}

interface Start extends StartFacts {
  readonly isClean: boolean
  readonly intervalBytes: number
}

async function predict(disk: ReadableDisk, folder: PartitionFolder, start: Start): Promise<StartOutcome> {
  if (start.unreadable !== undefined) return down(start.unreadable)
  const nameless = folder.otherNames.find(isNameless)
  if (nameless !== undefined) return down(`${nameless} has no base offset in its name`)
  const read = readIfThere(disk, join(folder.path, leaderEpochFile), parseLeaderEpochs)
  if (read.problem !== null) return down(`${leaderEpochFile} cannot be read: ${read.problem.message}`)
  const metadata = readIfThere(disk, join(folder.path, metadataFile), parsePartitionMetadata)
  if (metadata.problem !== null) return down(`${metadataFile} cannot be read: ${metadata.problem.message}`)
  let load: LogLoad | undefined
  try {
    const tidied = tidy(disk, folder)
    const epochs = new LeaderEpochs(read.value ?? [])
    const store = new SnapshotStore(disk, folder.snapshots, tidied.snapshots, start.nowMs)
    load = new LogLoad(disk, tidied.segments, { ...start, epochs, store })
    const loaded = await load.run()
    return up(loaded, startedFiles(disk, folder, { tidied, loaded, epochs, store }))
  } catch (cause) {
    const reason = reasonOf(cause)
    if (reason === undefined) throw cause
    return down(reason)
  } finally {
    load?.close()
  }
}

function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof UnreadableLength || cause instanceof OffsetOverflow) return cause.message
  if (cause instanceof UnexpectedWrite || cause instanceof DataError) return cause.message
  return undefined
}

function up({ logStartOffset, logEndOffset }: LoadedLog, files: StartOutcome['files']): StartOutcome {
  return { comesUp: true, reason: null, logStartOffset, logEndOffset, files }
}

function down(reason: string): StartOutcome {
  return { comesUp: false, reason, logStartOffset: null, logEndOffset: null, files: null }
}

function toBeDeleted({ files, segments }: PartitionFolder): StartOutcome {
  const baseOffset = segments[0]?.baseOffset ?? 0
  return {
    comesUp: true,
    reason: 'the folder is to be deleted, with all that is in it',
    logStartOffset: baseOffset,
    logEndOffset: baseOffset,
    files: files.map(({ name, sizeBytes }) => ({ name, action: 'delete', sizeBytes, renamedTo: null })),
  }
}
