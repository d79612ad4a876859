import { dirname, resolve } from 'node:path'
import { CheckFailed, FailedError, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import {
  cleanShutdownFile,
  type LogDirectory,
  metaFile,
  openLogDirectory,
  readCheckpoints,
} from '../log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../partition-folder.ts'
import { boundsIn } from '../state/checkpoint-bounds.ts'
import type { PartitionVerdict } from './partition-verdict.ts'
import { type BesideFacts, type VerifyOptions, verifyPartition } from './verify-partition.ts'

export interface Verified {
  readonly rows: readonly PartitionVerdict[]
  readonly failures: readonly { readonly item: string; readonly error: KtoolError }[]
}

/** The partitions below each path, a partition's folder or a whole log directory, one after the other. */
export async function* verifyPaths(
  disk: ReadableDisk,
  paths: readonly string[],
  options: VerifyOptions,
): AsyncGenerator<Verified> {
  for (const path of paths) {
    let folders: string[]
    try {
      folders = partitionPaths(disk, path)
    } catch (error) {
      yield { rows: [], failures: [failureAt(path, error)] }
      continue
    }
    for (const folder of folders) yield await attempt(disk, folder, options)
  }
}

async function attempt(disk: ReadableDisk, path: string, options: VerifyOptions): Promise<Verified> {
  try {
    const folder = openPartitionFolder(disk, path)
    const verdict = await verifyPartition(disk, folder, besideFacts(disk, folder), options)
    return {
      rows: [verdict],
      failures: verdict.verdict === 'ok' ? [] : [{ item: path, error: trouble(verdict) }],
    }
  } catch (error) {
    return { rows: [], failures: [failureAt(path, error)] }
  }
}

function failureAt(item: string, error: unknown): { item: string; error: KtoolError } {
  if (error instanceof KtoolError) return { item, error }
  throw error
}

function partitionPaths(disk: ReadableDisk, path: string): string[] {
  const stat = disk.stat(path)
  if (stat !== undefined && stat.kind !== 'folder') throw notAFolder(path)
  const folder = openPartitionFolder(disk, path)
  if (folder.files.length > 0 || folder.said !== undefined) return [path]
  try {
    return openLogDirectory(disk, path).partitions.map((named) => named.path)
  } catch (cause) {
    if (cause instanceof FailedError && cause.code === 'not-a-log-directory') throw noSegments(folder)
    throw cause
  }
}

function besideFacts(disk: ReadableDisk, folder: PartitionFolder): BesideFacts {
  const around = dirname(resolve(folder.path))
  const checkpoints = readCheckpoints(disk, around)
  return { ...lineOf(checkpoints, folder), nextStart: nextStart(disk, around) }
}

function lineOf(
  checkpoints: LogDirectory['checkpoints'],
  folder: PartitionFolder,
): Omit<BesideFacts, 'nextStart'> {
  const { said } = folder
  const { highWatermark, logStartOffset } = boundsIn(checkpoints, folder)
  if (said === undefined || said.aside === 'delete' || said.aside === 'stray') {
    return { highWatermark, logStartOffset, recoveryPoint: undefined, cleanerOffset: undefined }
  }
  const name = `${said.topic}-${said.partition}`
  return {
    highWatermark,
    logStartOffset,
    recoveryPoint: checkpoints.recoveryPoint.value?.get(name),
    cleanerOffset: checkpoints.cleanerOffset.value?.get(name),
  }
}

function nextStart(disk: ReadableDisk, around: string): BesideFacts['nextStart'] {
  if (disk.stat(`${around}/${cleanShutdownFile}`) !== undefined) return 'clean'
  return disk.stat(`${around}/${metaFile}`) === undefined ? null : 'unclean'
}

function trouble({ findings, verdict }: PartitionVerdict): CheckFailed {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length
  const counts = [plural(count('error'), 'error'), plural(count('warning'), 'warning')].filter(
    (text) => text !== null,
  )
  const first = findings.find(({ severity }) => severity === verdict)
  return new CheckFailed(`log-${verdict}`, `${counts.join(', ')}: ${first?.file} ${first?.reason}`)
}

function plural(count: number, noun: string): string | null {
  if (count === 0) return null
  return `${count} ${noun}${count === 1 ? '' : 's'}`
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
