import { type ClusterFlags, clusterIsNamed } from '../config/read-cluster-settings.ts'
import { UsageError } from '../errors.ts'
import type { Views } from '../model/views.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import type { ClusterSurroundings } from './open-cluster.ts'

/** What the shared flags of a place said. */
export interface PlaceFlags extends ClusterFlags {
  readonly 'log-dir'?: readonly string[] | undefined
}

/** The place that was named, as what it can tell: log directories, or else a live cluster. */
export async function openPlace(flags: PlaceFlags, surroundings: ClusterSurroundings): Promise<Views> {
  const { disk } = surroundings
  const named = flags['log-dir']
  if (named === undefined) {
    const { openCluster } = await import('./open-cluster.ts')
    return (await openCluster(flags, surroundings)).views
  }
  if (clusterIsNamed(flags)) throw twoPlaces()
  const paths = named.flatMap((path) => asLogDirs(disk, path))
  if (paths.length === 0 || paths.some(isNothing)) throw noPlace()
  return openDirectories(disk, paths)
}

async function openDirectories(disk: ReadableDisk, paths: readonly string[]): Promise<Views> {
  const { SteadyDisk } = await import('../log/steady-disk.ts')
  const { diskViews } = await import('../log/views/disk-views.ts')
  return diskViews(new SteadyDisk(disk), paths)
}

/** What a variable that is not set leaves of a path. */
function isNothing(path: string): boolean {
  return path.trim() === ''
}

/** Commas part them in the broker's own log.dirs, though a name may have one. */
function asLogDirs(disk: ReadableDisk, path: string): string[] {
  if (!path.includes(',') || disk.stat(path) !== undefined) return [path]
  return path
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function noPlace(): UsageError {
  return new UsageError('no-place', 'name the log directories to read: --log-dir DIR, once for each', {
    hint: "they stand in the broker's server.properties as log.dirs",
  })
}

function twoPlaces(): UsageError {
  return new UsageError(
    'two-places',
    '--log-dir reads from disk, and the cluster is named too: say which is meant',
  )
}
