import { join } from 'node:path'
import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import type { DescribedSegment, PartitionDescription } from './partition-description.ts'

type Files = Pick<
  PartitionDescription,
  'segments' | 'sizeBytes' | 'folderBytes' | 'checkpoints' | 'leftovers' | 'otherFiles'
>

/** Kafka's own, beside those of the segments. */
const known: ReadonlySet<string> = new Set(['leader-epoch-checkpoint', 'partition.metadata', 'quorum-state'])

/** What is in the folder, by names and sizes alone. */
export function describeFiles(disk: ReadableDisk, folder: PartitionFolder, logEndOffset: Int64): Files {
  const { path, segments, files, checkpoints, otherNames } = folder
  const others = otherNames.map((name) => disk.stat(join(path, name))).filter((stat) => stat !== undefined)
  return {
    segments: segments.map((segment, i) => describeSegment(segment, segments[i + 1], logEndOffset)),
    sizeBytes: sizeOf(segments.map(({ log }) => log)),
    folderBytes: sizeOf([...files, ...others]),
    checkpoints: checkpoints.map(({ name: file, baseOffset: offset, epoch, sizeBytes }) => {
      return { file, offset, epoch, sizeBytes }
    }),
    leftovers: files.flatMap(({ name: file, leftover: step, sizeBytes }) =>
      step === null ? [] : [{ file, step, sizeBytes }],
    ),
    otherFiles: otherNames.filter((name) => !known.has(name)),
  }
}

function describeSegment(segment: Segment, next: Segment | undefined, logEndOffset: Int64): DescribedSegment {
  const { baseOffset, log, index, timeindex, txnindex } = segment
  return {
    file: log.name,
    baseOffset,
    nextOffset: next?.baseOffset ?? logEndOffset,
    sizeBytes: log.sizeBytes,
    indexBytes: index?.sizeBytes ?? null,
    timeIndexBytes: timeindex?.sizeBytes ?? null,
    txnIndexBytes: txnindex?.sizeBytes ?? null,
    modifiedMs: Math.floor(log.modifiedMs),
    isActive: next === undefined,
  }
}

function sizeOf(files: readonly { readonly sizeBytes: number }[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
