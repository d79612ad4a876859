import type { Int64 } from '../../bytes/int64.ts'
import { FailedError } from '../../errors.ts'
import type { Figure } from '../../model/figure.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import {
  mustHaveSegments,
  notSegments,
  openPartitionFolder,
  type PartitionFolder,
} from '../partition-folder.ts'
import { boundFigure, watermarkBound } from '../state/bound-figure.ts'
import { boundsBeside } from '../state/checkpoint-bounds.ts'
import { readLogBounds } from '../state/log-bounds.ts'
import { CountedDisk } from './counted-disk.ts'
import { findByOffset } from './find-by-offset.ts'
import { findByTime } from './find-by-time.ts'
import type { FoundBatch, FoundRecord, Lookup, SearchStep } from './found-record.ts'

/** What is looked for: a record at or behind an offset, or from a time on. */
export type Asked =
  | { readonly kind: 'offset'; readonly offset: Int64 }
  | { readonly kind: 'time'; readonly timeMs: Int64 }

/** The answer for one partition, with all that it rests on. */
export interface Finding {
  readonly offset: Int64 | null
  readonly timestamp: Int64 | null
  readonly control: boolean | null
  readonly leaderEpoch: number | null
  readonly batch: FoundBatch | null
  readonly reason: string | null
  /** What a scan finds where a broker, which looks into one segment only, does not. */
  readonly overlooked: Overlooked | null
  readonly path: readonly SearchStep[]
  readonly readBytes: number
  readonly logStartOffset: Figure
  readonly highWatermark: Figure
  /** Indexes and checkpoints that could not be used as they should. */
  readonly warnings: readonly string[]
  /** Damage of the log in the way of the search, or at its end. */
  readonly damages: readonly string[]
}

export interface Overlooked {
  readonly offset: Int64
  readonly timestamp: Int64
  readonly control: boolean
  readonly batch: FoundBatch
}

/** Looks into the folder of one partition, bounded by the checkpoints that lie beside it. */
export function findInPartition(disk: ReadableDisk, path: string, asked: Asked): Finding {
  const counted = new CountedDisk(disk)
  const folder = mustHaveSegments(openPartitionFolder(counted, mustBeFolder(disk, path)))
  const { bounds: checkpoints, problems } = boundsBeside(counted, folder)
  const bounds = readLogBounds(counted, folder, checkpoints)
  const lookup: Lookup & { readonly overlooked?: FoundRecord | null } =
    asked.kind === 'offset'
      ? findByOffset(counted, folder, bounds, asked.offset)
      : findByTime(counted, folder, bounds, asked.timeMs)
  const { found, overlooked } = lookup
  return {
    offset: found?.offset ?? null,
    timestamp: found?.timestamp ?? null,
    control: found?.isControl ?? null,
    leaderEpoch: found?.leaderEpoch ?? null,
    batch: found?.batch ?? null,
    reason: lookup.reason,
    overlooked: overlooked === null || overlooked === undefined ? null : overlookedOf(overlooked),
    path: lookup.steps,
    readBytes: counted.readBytes,
    logStartOffset: boundFigure(bounds.logStartOffset, bounds.notes.logStartOffset, 'asOf'),
    highWatermark: boundFigure(bounds.highWatermark, bounds.notes.highWatermark, watermarkBound(checkpoints)),
    warnings: [
      ...unnamed(folder),
      ...problems.map(({ message }) => `a checkpoint beside ${folder.path} is not used: ${message}`),
      ...new Set([...bounds.remarks, ...lookup.remarks]),
    ],
    damages: [...new Set([...bounds.damages, ...lookup.damages])],
  }
}

function mustBeFolder(disk: ReadableDisk, path: string): string {
  const stat = disk.stat(path)
  if (stat === undefined || stat.kind === 'folder') return path
  throw new FailedError('not-a-folder', `${path} is no folder`, {
    hint: 'name the folder of one partition, such as DIR/orders-0',
    details: { path },
  })
}

function overlookedOf({ offset, timestamp, isControl, batch }: FoundRecord): Overlooked {
  return { offset, timestamp, control: isControl, batch }
}

function unnamed(folder: PartitionFolder): string[] {
  const { said, name } = folder
  return [
    ...(said === undefined ? [`${name} is not the name of a partition: no checkpoint can tell of it`] : []),
    ...notSegments(folder).map((each) => `${each} and is left out`),
  ]
}
