import { dirname } from 'node:path'
import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { FailedError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { BatchFeed } from '../batch-feed.ts'
import { type EpochEntry, parseLeaderEpochs } from '../files/leader-epoch-checkpoint.ts'
import { parsePartitionMetadata } from '../files/partition-metadata.ts'
import { readCheckpoints, readIfThere } from '../log-directory.ts'
import {
  mustHaveSegments,
  openPartitionFolder,
  type PartitionFolder,
  type Segment,
} from '../partition-folder.ts'

/** One copy of a partition, with what stands around its records. */
export interface Replica {
  readonly folder: PartitionFolder
  readonly topicId: string | null
  readonly logStartOffset: Int64
  /** Behind the last batch that can be believed. */
  readonly logEndOffset: Int64
  /** As its broker wrote it down last; null where it has not. */
  readonly highWatermark: Int64 | null
  /** Ascending; empty where nothing tells them. */
  readonly epochs: readonly EpochEntry[]
  /** For people, one sentence each. */
  readonly notes: readonly string[]
}

const epochFile = 'leader-epoch-checkpoint'
const metadataFile = 'partition.metadata'

export function openReplica(disk: ReadableDisk, path: string): Replica {
  if (disk.stat(path)?.kind !== 'folder') throw notAFolder(path)
  const folder = mustHaveSegments(openPartitionFolder(disk, path))
  const checkpoints = readCheckpoints(disk, dirname(path))
  const name = `${folder.said?.topic}-${folder.said?.partition}`
  const start = checkpoints.logStartOffset.value?.get(name)
  const first = folder.segments[0]?.baseOffset ?? 0
  const epochs = readIfThere(disk, `${path}/${epochFile}`, parseLeaderEpochs)
  return {
    folder,
    topicId: readIfThere(disk, `${path}/${metadataFile}`, parsePartitionMetadata).value,
    logStartOffset: start !== undefined && start > first ? start : first,
    logEndOffset: endOf(disk, folder),
    highWatermark: checkpoints.highWatermark.value?.get(name) ?? null,
    epochs: epochs.value ?? [],
    notes: epochs.value === null ? [noEpochs(path, epochs.problem?.message)] : [],
  }
}

/** Of the last segment that has a batch: the one that is written to may be empty. */
function endOf(disk: ReadableDisk, folder: PartitionFolder): Int64 {
  const last = folder.segments.at(-1)
  if (last === undefined) return 0
  return endOfSegment(disk, last) ?? last.baseOffset
}

function endOfSegment(disk: ReadableDisk, segment: Segment): Int64 | undefined {
  const file = disk.openToRead(segment.log.path)
  try {
    let end: Int64 | undefined
    for (const found of new BatchFeed(file)) {
      if (found.kind === 'damage') break
      end = addInt64(found.lastOffset, 1)
    }
    return end
  } finally {
    file.close()
  }
}

function noEpochs(path: string, problem: string | undefined): string {
  return `${path} has no ${epochFile} that can be read${problem === undefined ? '' : ` (${problem})`}: what it would truncate as a follower is not known.`
}

function notAFolder(path: string): FailedError {
  return new FailedError('not-a-partition-folder', `${path} is no folder`, {
    hint: "name a partition's folder of each copy, such as A/orders-0 and B/orders-0",
    details: { path },
  })
}
