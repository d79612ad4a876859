import { join, resolve } from 'node:path'
import { FailedError, KtoolError, UsageError } from '../../errors.ts'
import type { Unread } from '../../model/views.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseFileName } from '../files/file-names.ts'
import { type LogDirectory, metaFile, openLogDirectory } from '../log-directory.ts'

export interface OpenedDirectories {
  readonly directories: readonly LogDirectory[]
  /** A disk that failed takes its directory away; those on the other disks can be told of without it. */
  readonly unread: readonly Unread[]
}

/** Log directories of one cluster. What cannot be read together is refused before anything is read. */
export function openEach(disk: ReadableDisk, paths: readonly string[]): OpenedDirectories {
  const whole = paths.map((path) => resolve(path))
  const twice = paths.find((_, i) => whole.indexOf(whole[i] ?? '') !== i)
  if (twice !== undefined) throw givenTwice(`${twice} is given twice`, { path: twice })
  const { directories, unread } = openThose(disk, paths)
  refuseSameFolder(
    disk,
    directories.map(({ path }) => path),
  )
  refuseCopies(directories)
  refuseOtherClusters(directories)
  refuseOtherTimes(directories)
  return { directories, unread }
}

function openThose(disk: ReadableDisk, paths: readonly string[]): OpenedDirectories {
  const directories: LogDirectory[] = []
  const unread: Unread[] = []
  for (const path of paths) {
    try {
      directories.push(openOne(disk, path))
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      unread.push({ item: path, error })
    }
  }
  const [first] = unread
  if (directories.length === 0 && first !== undefined) throw first.error
  return { directories, unread }
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

/** A symbolic link is another path to it. */
function refuseSameFolder(disk: ReadableDisk, paths: readonly string[]): void {
  const seen = new Map<string, string>()
  for (const path of paths) {
    const identity = disk.stat(path)?.identity
    if (identity === undefined) continue
    const folder = `${identity.device}:${identity.inode}`
    const other = seen.get(folder)
    if (other !== undefined) throw givenTwice(`${other} and ${path} are the same directory`, { path, other })
    seen.set(folder, path)
  }
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

/** Whoever writes version 1 knows his cluster's id, and gave it to every directory before. */
function refuseOtherTimes(directories: readonly LogDirectory[]): void {
  const later = directories.find(({ meta }) => meta.value?.version === 1)
  const earlier = directories.find(({ meta }) => meta.value?.version === 0 && meta.value.clusterId === null)
  if (later === undefined || earlier === undefined) return
  throw new UsageError(
    'different-clusters',
    `${earlier.path} is of ZooKeeper's time and names no cluster, ${later.path} belongs to the cluster ${later.meta.value?.clusterId}`,
    {
      hint: 'read the directories of one cluster at a time',
      details: { path: earlier.path, other: later.path },
    },
  )
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
