import { UsageError } from '../errors.ts'
import { SteadyDisk } from '../log/steady-disk.ts'
import { diskViews } from '../log/views/disk-views.ts'
import type { Views } from '../model/views.ts'
import type { ReadableDisk } from '../ports/disk.ts'

/** What the shared flags of a place said. */
export interface PlaceFlags {
  readonly 'log-dir'?: readonly string[] | undefined
}

interface World {
  readonly disk: ReadableDisk
}

/** The place that was named, as what it can tell. */
export function openPlace(flags: PlaceFlags, { disk }: World): Views {
  const paths = (flags['log-dir'] ?? []).flatMap((path) => asLogDirs(disk, path))
  if (paths.length === 0 || paths.some(isNothing)) throw noPlace()
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
    hint: "they stand in the broker's server.properties as log.dirs; reading a live cluster comes later",
  })
}
