import { dirname, join } from 'node:path'
import { FailedError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parsePartitionMetadata, partitionMetadataFile } from '../files/partition-metadata.ts'
import { type NamedFolder, readIfThere } from '../log-directory.ts'
import { asidePath } from './aside-path.ts'
import { clockTurns } from './clock-turns.ts'
import type { DataDirectory } from './data-directory.ts'
import type { LogRoom } from './log-room.ts'
import { openLog } from './open-log.ts'
import type { LogSettings } from './partition-log.ts'
import type { WritableLog } from './writable-log.ts'

/** What becomes of a folder that is found at the start: the settings of its log, or null where nobody knows it. */
export type WantedLog = (topic: string, partition: number, topicId: string) => LogSettings | null

/** By `<topic>-<partition>`. */
export interface LoadedLogs {
  readonly logs: Map<string, WritableLog>
  /** On their way to another directory: as far as they have come. */
  readonly futures: Map<string, WritableLog[]>
}

export const metadataTopic = '__cluster_metadata'
const DELETE_DELAY_MS = 60_000

/** Opens the logs that are wanted. Folders that nobody knows are set aside, as a broker does. */
export async function loadLogs(
  room: LogRoom,
  directories: readonly DataDirectory[],
  wanted: WantedLog,
): Promise<LoadedLogs> {
  const loaded: LoadedLogs = { logs: new Map(), futures: new Map() }
  for (const directory of directories) {
    for (const folder of directory.found.partitions) {
      if (folder.topic === metadataTopic) continue
      if (folder.aside === 'delete') room.deletions.after(DELETE_DELAY_MS, [folder.path])
      if (folder.aside !== null && folder.aside !== 'future') continue
      const log = await loadOne(room, directory, folder, wanted)
      if (log !== undefined) keep(loaded, folder, log)
    }
  }
  return loaded
}

function keep({ logs, futures }: LoadedLogs, { topic, partition, aside }: NamedFolder, log: WritableLog) {
  const name = `${topic}-${partition}`
  if (aside === null) logs.set(name, log)
  else futures.set(name, [...(futures.get(name) ?? []), log])
}

async function loadOne(
  room: LogRoom,
  { found, isCleanStart }: DataDirectory,
  folder: NamedFolder,
  wanted: WantedLog,
): Promise<WritableLog | undefined> {
  const { topic, partition, path } = folder
  const topicId = topicIdOf(room.disk, path)
  const settings = topicId === null ? null : wanted(topic, partition, topicId)
  if (settings === null) {
    setStrayAside(room, folder)
    return undefined
  }
  const name = `${topic}-${partition}`
  const { checkpoints } = found
  return openLog(room, path, settings, {
    isClean: isCleanStart,
    recoveryPoint: checkpoints.recoveryPoint.value?.get(name),
    logStartOffset: checkpoints.logStartOffset.value?.get(name),
    highWatermark: checkpoints.highWatermark.value?.get(name),
    cleanerOffset: checkpoints.cleanerOffset.value?.get(name),
    turns: clockTurns(room.clock),
  })
}

function setStrayAside({ disk, random, log }: LogRoom, { path, topic, partition }: NamedFolder): void {
  const aside = asidePath({ path, topic, partition }, 'stray', random)
  log.log('warn', 'a folder of a partition that the metadata does not know was set aside', { path, aside })
  disk.rename(path, aside)
}

/** Which topic a folder is of; null where it does not say. */
export function topicIdOf(disk: ReadableDisk, path: string): string | null {
  const metadata = join(path, partitionMetadataFile)
  // A power cut soon after the folder was made: the first flush of a log flushes this file, and has not been.
  if (disk.stat(metadata)?.sizeBytes === 0) return null
  const { value, problem } = readIfThere(disk, metadata, parsePartitionMetadata)
  if (problem !== null) {
    throw new FailedError('damaged-log', `${path} cannot be opened: ${problem.message}`, {
      details: { path, directory: dirname(path) },
      cause: problem,
    })
  }
  return value
}
