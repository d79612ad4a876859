import { join, resolve } from 'node:path'
import { FailedError, UsageError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseFileName } from '../files/file-names.ts'
import { type LogDirectory, metaFile, openLogDirectory } from '../log-directory.ts'

/** Log directories of one cluster. What cannot be read together is refused before anything is read. */
export function openEach(disk: ReadableDisk, paths: readonly string[]): LogDirectory[] {
  const whole = paths.map((path) => resolve(path))
  const twice = paths.find((_, i) => whole.indexOf(whole[i] ?? '') !== i)
  if (twice !== undefined) throw givenTwice(`${twice} is given twice`, { path: twice })
  const directories = paths.map((path) => openOne(disk, path))
  refuseCopies(directories)
  refuseOtherClusters(directories)
  return directories
}

/** Null in ZooKeeper's time, when a directory did not always name its cluster. */
export function clusterIdOf(directories: readonly LogDirectory[]): string | null {
  return directories.find(({ meta }) => meta.value?.clusterId)?.meta.value?.clusterId ?? null
}

/** Beside a folder called `node-1` even the parent of log directories looks like one. */
function openOne(disk: ReadableDisk, path: string): LogDirectory {
  const stat = disk.stat(path)
  if (stat !== undefined && stat.kind !== 'folder') throw noFolder(path)
  if (disk.stat(join(path, metaFile)) !== undefined) return openLogDirectory(disk, path)
  const entries = disk.list(path)
  const inside = entries
    .filter(({ name, kind }) => kind === 'folder' && disk.stat(join(path, name, metaFile)) !== undefined)
    .map(({ name }) => join(path, name))
  if (inside.length > 0) throw parent(path, inside)
  if (entries.some(({ name }) => parseFileName(name)?.kind === 'log')) throw partitionFolder(path)
  return openLogDirectory(disk, path)
}

/** Two states of one directory would be counted as two replicas. */
function refuseCopies(directories: readonly LogDirectory[]): void {
  const seen = new Map<string, string>()
  for (const { path, meta } of directories) {
    const id = meta.value?.directoryId ?? null
    if (id === null) continue
    const other = seen.get(id)
    if (other !== undefined)
      throw givenTwice(`${other} and ${path} are the same directory: both have the id ${id}`, { path, other })
    seen.set(id, path)
  }
}

function refuseOtherClusters(directories: readonly LogDirectory[]): void {
  const clusterId = clusterIdOf(directories)
  for (const { path, meta } of directories) {
    const id = meta.value?.clusterId ?? null
    if (id === null || id === clusterId) continue
    const first = directories.find((each) => each.meta.value?.clusterId === clusterId)?.path ?? ''
    throw new UsageError(
      'different-clusters',
      `${first} belongs to the cluster ${clusterId}, ${path} to the cluster ${id}`,
      { hint: 'read the directories of one cluster at a time', details: { clusterId, other: id, path } },
    )
  }
}

function givenTwice(message: string, details: Record<string, unknown>): UsageError {
  return new UsageError('same-directory-twice', message, { hint: 'name each directory once', details })
}

function noFolder(path: string): FailedError {
  return new FailedError('not-a-log-directory', `${path} is no folder`, {
    hint: `name an entry of log.dirs: it holds ${metaFile} and a folder for each partition`,
    details: { path },
  })
}

function parent(path: string, inside: readonly string[]): FailedError {
  const shown = inside.slice(0, 8).map((each) => `--log-dir ${each}`)
  return new FailedError('not-a-log-directory', `${path} is no log directory, but holds ${inside.length}`, {
    hint: `name them: ${shown.join(' ')}${inside.length > shown.length ? ' …' : ''}`,
    details: { path, inside },
  })
}

function partitionFolder(path: string): FailedError {
  return new FailedError('not-a-log-directory', `${path} is the folder of one partition`, {
    hint: `name the log directory that it lies in: --log-dir ${join(path, '..')}`,
    details: { path },
  })
}
