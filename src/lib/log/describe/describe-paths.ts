import { KtoolError } from '../../errors.ts'
import type { ItemFailure } from '../../model/outcome.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { damagedLog } from '../damaged-log.ts'
import { mustHaveSegments } from '../partition-folder.ts'
import { type NamedPlace, namedPlaces, openPlace, type PartitionPlace } from '../partition-places.ts'
import { describePartition } from './describe-partition.ts'
import type { PartitionDescription } from './partition-description.ts'

export interface Described {
  readonly rows: readonly PartitionDescription[]
  readonly failures: readonly ItemFailure[]
}

/** The partitions that the paths name, each by its folder or with all of its log directory. */
export async function* describePaths(
  disk: ReadableDisk,
  paths: readonly string[],
): AsyncGenerator<Described> {
  for (const path of paths) {
    const places = attempt(path, () => namedPlaces(disk, path))
    if ('rows' in places) yield places
    else for (const place of places) yield describePlace(disk, place)
  }
}

/** What was in the way is trouble, though the rest could be told. */
function describePlace(disk: ReadableDisk, place: NamedPlace): Described {
  const { path } = place
  const row = attempt(path, () => describePartition(disk, withSegments(openPlace(disk, place))))
  if ('rows' in row) return row
  return {
    rows: [row],
    failures: row.warnings.map((warning) => ({ item: path, error: damagedLog(warning) })),
  }
}

/** What is to be deleted may have lost them already. */
function withSegments(place: PartitionPlace): PartitionPlace {
  if (place.folder.said?.aside !== 'delete') mustHaveSegments(place.folder)
  return place
}

function attempt<T>(item: string, find: () => T): T | Described {
  try {
    return find()
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return { rows: [], failures: [{ item, error }] }
  }
}
