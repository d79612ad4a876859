import { dirname, join, resolve } from 'node:path'
import { FailedError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import { type LogDirectory, metaFile, openLogDirectory } from './log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from './partition-folder.ts'

/** A partition's folder, and the log directory that it lies in; null where that is no broker's. */
export interface PartitionPlace {
  readonly folder: PartitionFolder
  readonly directory: LogDirectory | null
}

/** What a path names: the folder of one partition, or a log directory with many. */
export function partitionPlaces(disk: ReadableDisk, path: string): PartitionPlace[] {
  const stat = disk.stat(path)
  if (stat !== undefined && stat.kind !== 'folder') throw notAFolder(path)
  const folder = openPartitionFolder(disk, path)
  if (folder.files.length > 0) return [{ folder, directory: directoryAround(disk, path) }]
  try {
    const directory = openLogDirectory(disk, path)
    return directory.partitions.map((named) => ({ folder: openPartitionFolder(disk, named.path), directory }))
  } catch (cause) {
    if (cause instanceof FailedError && cause.code === 'not-a-log-directory') throw noSegments(folder)
    throw cause
  }
}

function directoryAround(disk: ReadableDisk, path: string): LogDirectory | null {
  const around = dirname(resolve(path))
  return disk.stat(join(around, metaFile)) === undefined ? null : openLogDirectory(disk, around)
}

function notAFolder(path: string): FailedError {
  return new FailedError('not-a-folder', `${path} is no folder`, {
    hint: 'name the folder of a partition, such as DIR/orders-0, or a log directory',
    details: { path },
  })
}

function noSegments({ path, otherNames }: PartitionFolder): FailedError {
  const unnamed = otherNames.filter((name) => name.endsWith('.log'))
  const found = unnamed.length === 0 ? '' : `; ${unnamed.join(', ')} has no base offset in its name`
  return new FailedError('no-segments', `${path} has no segments, and no folders of partitions${found}`, {
    hint: 'name the folder of a partition, such as DIR/orders-0, or a log directory',
    details: { path },
  })
}
