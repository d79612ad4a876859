import { CheckFailed, FailedError, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { openLogDirectory } from '../log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../partition-folder.ts'
import type { Turns } from '../turns.ts'
import { type ListedSegment, listLeftover, listSegment, type SegmentRow } from './segment-row.ts'

export interface Listed {
  readonly rows: readonly SegmentRow[]
  readonly failures: readonly { readonly item: string; readonly error: KtoolError }[]
}

/** The segments below each path, the folder of a partition or a log directory, as they are gone through. */
export async function* listSegments(
  disk: ReadableDisk,
  paths: readonly string[],
  turns: Turns,
): AsyncGenerator<Listed> {
  for (const path of paths) {
    const { found: folders, failures } = attempt(path, () => partitionFolders(disk, path))
    if (failures.length > 0) yield { rows: [], failures }
    for (const folder of folders ?? []) yield* listFolder(disk, folder, turns)
  }
}

function partitionFolders(disk: ReadableDisk, path: string): PartitionFolder[] {
  const stat = disk.stat(path)
  if (stat !== undefined && stat.kind !== 'folder') throw notAFolder(path)
  const folder = openPartitionFolder(disk, path)
  if (folder.files.length > 0) return [folder]
  try {
    return openLogDirectory(disk, path).partitions.map((named) => openPartitionFolder(disk, named.path))
  } catch (cause) {
    if (cause instanceof FailedError && cause.code === 'not-a-log-directory') throw noSegments(folder)
    throw cause
  }
}

async function* listFolder(
  disk: ReadableDisk,
  folder: PartitionFolder,
  turns: Turns,
): AsyncGenerator<Listed> {
  for (const segment of folder.segments) {
    yield await attemptListing(segment.log.path, () => listSegment(disk, folder, segment, turns))
  }
  for (const file of folder.files.filter(({ leftover }) => leftover !== null)) {
    yield await attemptListing(file.path, () => listLeftover(disk, folder, file, turns))
  }
}

async function attemptListing(item: string, list: () => Promise<ListedSegment>): Promise<Listed> {
  try {
    const { row, damages } = await list()
    return { rows: [row], failures: damages.map((damage) => ({ item, error: damaged(damage) })) }
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return { rows: [], failures: [{ item, error }] }
  }
}

function attempt<T>(item: string, find: () => T): { found?: T; failures: Listed['failures'] } {
  try {
    return { found: find(), failures: [] }
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return { failures: [{ item, error }] }
  }
}

function damaged(finding: string): CheckFailed {
  return new CheckFailed('damaged-log', finding, {
    hint: 'ktool segments verify tells all that is wrong with it',
  })
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
