import { KtoolError } from '../../errors.ts'
import type { ItemFailure } from '../../model/outcome.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { damagedLog } from '../damaged-log.ts'
import { hollowLogs, mustHaveSegments, type PartitionFolder } from '../partition-folder.ts'
import { type NamedPlace, namedPlaces, openPlace } from '../partition-places.ts'
import type { Turns } from '../turns.ts'
import { type ListedSegment, listLeftover, listSegment, type SegmentRow } from './segment-row.ts'

export interface Listed {
  readonly rows: readonly SegmentRow[]
  readonly failures: readonly ItemFailure[]
}

/** The segments below each path, the folder of a partition or a log directory, as they are gone through. */
export async function* listSegments(
  disk: ReadableDisk,
  paths: readonly string[],
  turns: Turns,
): AsyncGenerator<Listed> {
  for (const path of paths) {
    const { found: places, failures } = attempt(path, () => namedPlaces(disk, path))
    if (failures.length > 0) yield { rows: [], failures }
    for (const place of places ?? []) yield* listPlace(disk, place, turns)
  }
}

async function* listPlace(disk: ReadableDisk, place: NamedPlace, turns: Turns): AsyncGenerator<Listed> {
  const { found, failures } = attempt(place.path, () => withFiles(openPlace(disk, place).folder))
  if (found !== undefined) yield* listFolder(disk, found, turns)
  else yield { rows: [], failures }
}

/** What is to be deleted may be empty already. */
function withFiles(folder: PartitionFolder): PartitionFolder {
  return folder.files.length > 0 || folder.said?.aside === 'delete' ? folder : mustHaveSegments(folder)
}

/** For columns that are to stand as wide as all rows need: there is nothing to be seen before the last. */
export async function* together(listed: AsyncIterable<Listed>): AsyncGenerator<Listed> {
  const all = { rows: [] as SegmentRow[], failures: [] as ItemFailure[] }
  for await (const { rows, failures } of listed) {
    all.rows.push(...rows)
    all.failures.push(...failures)
  }
  yield all
}

async function* listFolder(
  disk: ReadableDisk,
  folder: PartitionFolder,
  turns: Turns,
): AsyncGenerator<Listed> {
  const hollow = hollowLogs(folder)
  if (hollow.length > 0) yield { rows: [], failures: hollow }
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
    return { rows: [row], failures: damages.map((damage) => ({ item, error: damagedLog(damage) })) }
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    // It was there when its folder was listed: a live broker has deleted it.
    if (error.code === 'file-not-found') return { rows: [], failures: [] }
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
