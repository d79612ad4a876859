import { dirname, join, resolve } from 'node:path'
import { FailedError, KtoolError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import { type LogDirectory, metaFile, openLogDirectory } from './log-directory.ts'
import { notSegments, openPartitionFolder, type PartitionFolder } from './partition-folder.ts'

const whatToName = 'name the folder of a partition, such as DIR/orders-0, or a log directory'

/** A partition's folder, and the log directory that it lies in; null where that is no broker's. */
export interface PartitionPlace {
  readonly folder: PartitionFolder
  readonly directory: LogDirectory | null
}

/** Where a partition's folder is: not opened yet, as any of many may be out of reach. */
export interface NamedPlace {
  readonly path: string
  readonly directory: LogDirectory | null
}

/** What a path names: the folder of one partition, or a log directory with many. */
export function namedPlaces(disk: ReadableDisk, path: string): NamedPlace[] {
  const stat = disk.stat(path)
  if (stat !== undefined && stat.kind !== 'folder') throw notAFolder(path)
  const folder = openPartitionFolder(disk, path)
  if (folder.files.length > 0) return [{ path, directory: directoryAround(disk, path) }]
  try {
    const directory = openLogDirectory(disk, path)
    return directory.partitions.map((named) => ({ path: named.path, directory }))
  } catch (cause) {
    if (cause instanceof FailedError && cause.code === 'not-a-log-directory') throw noSegments(disk, folder)
    throw cause
  }
}

export function openPlace(disk: ReadableDisk, { path, directory }: NamedPlace): PartitionPlace {
  return { folder: openPartitionFolder(disk, path), directory }
}

/** None where it cannot be listed: the folder itself was, and that is enough. */
function directoryAround(disk: ReadableDisk, path: string): LogDirectory | null {
  const around = dirname(resolve(path))
  if (disk.stat(join(around, metaFile)) === undefined) return null
  try {
    return openLogDirectory(disk, around)
  } catch (cause) {
    if (cause instanceof KtoolError) return null
    throw cause
  }
}

function notAFolder(path: string): FailedError {
  return new FailedError('not-a-folder', `${path} is no folder`, {
    hint: whatToName,
    details: { path },
  })
}

function noSegments(disk: ReadableDisk, folder: PartitionFolder): FailedError {
  const { path } = folder
  const inside = directoriesIn(disk, path)
  const found = notSegments(folder).map((each) => `; ${each}`)
  const message = `${path} has no segments, and no folders of partitions${found.join('')}`
  return new FailedError('no-segments', message, {
    hint: inside.length === 0 ? whatToName : `log directories in it: ${inside.slice(0, 8).join(' ')}`,
    details: { path },
  })
}

function directoriesIn(disk: ReadableDisk, path: string): string[] {
  return disk
    .list(path)
    .filter(({ name, kind }) => kind === 'folder' && disk.stat(join(path, name, metaFile)) !== undefined)
    .map(({ name }) => join(path, name))
}
