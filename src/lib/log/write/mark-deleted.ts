import type { Disk } from '../../ports/disk.ts'

/** Gives those of the files that are there the names by which a start knows them as deleted. Returns these. */
export function markDeleted(disk: Disk, paths: readonly string[]): string[] {
  const there = paths.filter((path) => disk.stat(path) !== undefined)
  for (const path of there) disk.rename(path, `${path}.deleted`)
  return there.map((path) => `${path}.deleted`)
}
