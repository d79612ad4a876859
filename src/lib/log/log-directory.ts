import { join } from 'node:path'
import type { Int64 } from '../bytes/int64.ts'
import { FailedError, KtoolError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import { type PartitionFolderName, parseFolderName } from './files/folder-names.ts'
import { type MetaProperties, parseMetaProperties } from './files/meta-properties.ts'
import { type OffsetCheckpoint, offsetCheckpoints, parseOffsetCheckpoint } from './files/offset-checkpoint.ts'
import { readSmallFile } from './read-small-file.ts'

/** One entry of a broker's `log.dirs`. Partition folders are named, not opened. */
export interface LogDirectory {
  readonly path: string
  readonly meta: Read<MetaProperties>
  /** The broker said goodbye: it will skip recovery when it starts. */
  readonly isCleanShutdown: boolean
  readonly checkpoints: { readonly [file in OffsetCheckpoint]: Read<CheckpointOffsets> }
  readonly partitions: readonly NamedFolder[]
}

/** A file's content; null where there is no such file, or where it is not one. */
export interface Read<T> {
  readonly value: T | null
  readonly problem: KtoolError | null
}

export interface NamedFolder extends PartitionFolderName {
  readonly name: string
  readonly path: string
}

/** Offsets of a checkpoint, by `<topic>-<partition>`. */
export type CheckpointOffsets = ReadonlyMap<string, Int64>

export const metaFile = 'meta.properties'
export const cleanShutdownFile = '.kafka_cleanshutdown'

export function openLogDirectory(disk: ReadableDisk, path: string): LogDirectory {
  const entries = disk.list(path)
  const names = new Set(entries.map(({ name }) => name))
  const partitions = entries.flatMap(({ name, kind }) => {
    const said = kind === 'folder' ? parseFolderName(name) : undefined
    return said === undefined ? [] : [{ ...said, name, path: join(path, name) }]
  })
  if (partitions.length === 0 && !names.has(metaFile)) throw notALogDirectory(path)
  return {
    path,
    meta: readIfThere(disk, join(path, metaFile), parseMetaProperties),
    isCleanShutdown: names.has(cleanShutdownFile),
    checkpoints: readCheckpoints(disk, path),
    partitions,
  }
}

/** The four checkpoints of the directory that a partition folder lies in. They may be missing. */
export function readCheckpoints(disk: ReadableDisk, path: string): LogDirectory['checkpoints'] {
  const read = (file: OffsetCheckpoint) =>
    readIfThere(disk, join(path, offsetCheckpoints[file]), parseCheckpointOffsets)
  return {
    recoveryPoint: read('recoveryPoint'),
    highWatermark: read('highWatermark'),
    logStartOffset: read('logStartOffset'),
    cleanerOffset: read('cleanerOffset'),
  }
}

/** One of Kafka's small files, beside which the rest can go on if it is missing or broken. */
export function readIfThere<T>(disk: ReadableDisk, path: string, parse: (bytes: Buffer) => T): Read<T> {
  if (disk.stat(path) === undefined) return { value: null, problem: null }
  try {
    return { value: parse(readSmallFile(disk, path)), problem: null }
  } catch (cause) {
    if (cause instanceof KtoolError) return { value: null, problem: cause }
    throw cause
  }
}

function parseCheckpointOffsets(bytes: Buffer): CheckpointOffsets {
  return new Map(
    parseOffsetCheckpoint(bytes).map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]),
  )
}

function notALogDirectory(path: string): FailedError {
  return new FailedError('not-a-log-directory', `${path} is no log directory of a broker`, {
    hint: `it should hold ${metaFile} and a folder for each partition, as an entry of log.dirs does`,
    details: { path },
  })
}
