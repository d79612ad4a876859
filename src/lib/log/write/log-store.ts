import { dirname, join } from 'node:path'
import { FailedError, KtoolError } from '../../errors.ts'
import type { MetaProperties } from '../files/meta-properties.ts'
import type { OffsetCheckpoint } from '../files/offset-checkpoint.ts'
import { parsePartitionMetadata, partitionMetadataFile } from '../files/partition-metadata.ts'
import {
  cleanShutdownFile,
  type LogDirectory,
  type NamedFolder,
  openLogDirectory,
  readIfThere,
} from '../log-directory.ts'
import { readSmallFile } from '../read-small-file.ts'
import { asidePath } from './aside-path.ts'
import { writeCheckpoint } from './checkpoint-files.ts'
import { clockTurns } from './clock-turns.ts'
import type { LogPorts } from './log-ports.ts'
import { type LogRoom, openLogRoom } from './log-room.ts'
import { createLog, openLog } from './open-log.ts'
import type { LogSettings } from './partition-log.ts'
import { replaceFileSafely } from './replace-file.ts'
import { severalAtOnce } from './several-at-once.ts'
import type { WritableLog } from './writable-log.ts'

/** What becomes of a folder that is found at the start: the settings of its log, or null where nobody knows it. */
export type WantedLog = (topic: string, partition: number, topicId: string) => LogSettings | null

const metadataTopic = '__cluster_metadata'
/** Kafka's own id of it. */
const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const NO_EPOCH = -1

/**
 * The logs of a data directory, and the files beside them. First the metadata log is opened, which says which
 * others there should be; then these are loaded.
 */
export class LogStore {
  readonly path: string
  readonly meta: MetaProperties
  /** The broker before this one has said goodbye. */
  readonly isCleanStart: boolean
  /** That broker's epoch, if it said so; else −1. */
  readonly previousBrokerEpoch: number
  readonly #room: LogRoom
  readonly #directory: LogDirectory
  readonly #logs = new Map<string, WritableLog>()
  #metadataLog: WritableLog | undefined
  /** The cleaner's checkpoint is written by one at a time. */
  #cleanerWrites: Promise<void> = Promise.resolve()
  /** It names a log that is gone, whose name another may get. */
  #isCleanerStale = false
  /** Where the logs ended that were open when they were looked at last. */
  readonly #ends = new Map<WritableLog, number>()

  constructor(ports: LogPorts, directory: LogDirectory, meta: MetaProperties, brokerEpoch: number) {
    this.path = directory.path
    this.meta = meta
    this.isCleanStart = directory.isCleanShutdown
    this.previousBrokerEpoch = brokerEpoch
    this.#room = openLogRoom(ports)
    this.#directory = directory
  }

  /** It is loaded without regard to how the broker stopped, and stands in no checkpoint. */
  async openMetadataLog(settings: LogSettings): Promise<WritableLog> {
    const path = join(this.path, `${metadataTopic}-0`)
    const isThere = this.#room.disk.stat(path) !== undefined
    this.#metadataLog = isThere
      ? await openLog(this.#room, path, settings, { isClean: false, turns: clockTurns(this.#room.clock) })
      : createLog(this.#room, path, settings, METADATA_TOPIC_ID)
    return this.#metadataLog
  }

  /** Opens the logs that are wanted. Folders that nobody knows are set aside, as a broker does. */
  async load(wanted: WantedLog): Promise<void> {
    for (const folder of this.#directory.partitions) {
      if (folder.topic === metadataTopic) continue
      if (folder.aside === 'delete') this.#room.deletions.after(DELETE_DELAY_MS, [folder.path])
      if (folder.aside === null) await this.#loadOne(folder, wanted)
    }
  }

  get(topic: string, partition: number): WritableLog | undefined {
    return this.#logs.get(`${topic}-${partition}`)
  }

  all(): Iterable<WritableLog> {
    return this.#logs.values()
  }

  create(topic: string, partition: number, topicId: string, settings: LogSettings): WritableLog {
    const name = `${topic}-${partition}`
    const log = createLog(this.#room, join(this.path, name), settings, topicId)
    this.#logs.set(name, log)
    return log
  }

  /** Its folder is renamed now, and goes after the delay. */
  delete(topic: string, partition: number): void {
    const name = `${topic}-${partition}`
    const log = this.#logs.get(name)
    if (log === undefined) return
    this.#tidyUp(log)
    const aside = asidePath(log, 'delete', this.#room.random)
    this.#room.disk.rename(log.path, aside)
    log.retire(aside)
    this.#logs.delete(name)
    if (log.cleanedOffset !== undefined) this.#isCleanerStale = true
    this.#ends.delete(log)
    this.#room.deletions.after(log.settings.fileDeleteDelayMs, [aside])
  }

  /** All four files; what they say is true once this resolves. */
  async writeCheckpoints(): Promise<void> {
    await this.writeCheckpoint('recoveryPoint')
    await this.writeCheckpoint('highWatermark')
    await this.writeCheckpoint('logStartOffset')
  }

  async writeCheckpoint(file: OffsetCheckpoint): Promise<void> {
    if (file === 'recoveryPoint') await severalAtOnce(this.#logs.values(), (log) => log.prepareCheckpoint())
    await writeCheckpoint(this.#room.disk, this.path, file, this.#logs.values())
  }

  /** How far each log is compacted, once something of that has changed. */
  writeCleanerOffsets(): Promise<void> {
    this.#isCleanerStale = false
    const write = () => this.writeCheckpoint('cleanerOffset')
    const writing = this.#cleanerWrites.then(write, write)
    this.#cleanerWrites = writing.catch(() => undefined)
    return writing
  }

  /** Flushes what was written since the last time, and closes the files of logs that nobody writes to. */
  async flushDirty(): Promise<void> {
    const logs = [...this.#logs.values()]
    // A log that the metadata does not know is set aside at the next start.
    if (this.#metadataLog?.isDirty === true) await this.#metadataLog.flush()
    for (const log of logs) if (log.isOpen) log.writeIndexes()
    await severalAtOnce(
      logs.filter((log) => log.isDirty),
      (log) => log.flush(),
    )
    for (const log of logs) {
      if (!log.isOpen) continue
      if (this.#ends.get(log) === log.logEndOffset) log.rest()
      else this.#ends.set(log, log.logEndOffset)
    }
    if (this.#isCleanerStale) await this.writeCleanerOffsets()
  }

  /** Says goodbye: everything is on the disk, and the next start has nothing to look at again. */
  async close(brokerEpoch: number): Promise<void> {
    try {
      await this.#close(brokerEpoch)
    } catch (cause) {
      this.discard()
      throw cause
    }
  }

  /** Lets go of all files, for a directory that nobody will want again, or whose next start is to recover it. */
  discard(): void {
    this.#room.deletions.close()
    for (const log of this.#logs.values()) log.retire(log.path)
    this.#metadataLog?.retire(this.#metadataLog.path)
    this.#room.files.close()
  }

  async #close(brokerEpoch: number): Promise<void> {
    this.#room.deletions.close()
    const logs = this.#metadataLog === undefined ? [] : [this.#metadataLog]
    await severalAtOnce([...this.#logs.values(), ...logs], (log) => log.close())
    this.#room.files.close()
    await this.writeCheckpoints()
    if (this.#isCleanerStale) await this.writeCleanerOffsets()
    const mark = Buffer.from(JSON.stringify({ version: 0, brokerEpoch }))
    await replaceFileSafely(this.#room.disk, join(this.path, cleanShutdownFile), mark)
  }

  /** A disk that is full takes nothing, and is to get room by the deletion. */
  #tidyUp(log: WritableLog): void {
    try {
      log.tidyUp()
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
    }
  }

  async #loadOne(folder: NamedFolder, wanted: WantedLog): Promise<void> {
    const { topic, partition, path, name } = folder
    const { disk, clock, random, log } = this.#room
    const topicId = topicIdOf(disk, path)
    const settings = topicId === null ? null : wanted(topic, partition, topicId)
    if (settings === null) {
      const aside = asidePath({ path, topic, partition }, 'stray', random)
      log.log('warn', 'a folder of a partition that the metadata does not know was set aside', {
        path,
        aside,
      })
      disk.rename(path, aside)
      return
    }
    const { checkpoints } = this.#directory
    const facts = {
      isClean: this.isCleanStart,
      recoveryPoint: checkpoints.recoveryPoint.value?.get(name),
      logStartOffset: checkpoints.logStartOffset.value?.get(name),
      highWatermark: checkpoints.highWatermark.value?.get(name),
      cleanerOffset: checkpoints.cleanerOffset.value?.get(name),
      turns: clockTurns(clock),
    }
    this.#logs.set(name, await openLog(this.#room, path, settings, facts))
  }
}

const DELETE_DELAY_MS = 60_000

/**
 * Opens a formatted data directory. The mark of a clean stop is taken away at once: whoever crashes on the way
 * has not stopped cleanly.
 */
export async function openLogStore(ports: LogPorts, path: string): Promise<LogStore> {
  const { disk } = ports
  const directory = openLogDirectory(disk, path)
  const { value: meta, problem } = directory.meta
  if (problem !== null) throw problem
  if (meta === null) throw notFormatted(path)
  for (const { problem } of Object.values(directory.checkpoints)) if (problem !== null) throw problem
  const markPath = join(path, cleanShutdownFile)
  const brokerEpoch = directory.isCleanShutdown ? brokerEpochIn(readSmallFile(disk, markPath)) : NO_EPOCH
  if (directory.isCleanShutdown) {
    disk.remove(markPath)
    await disk.flushFolder(path)
  }
  return new LogStore(ports, directory, meta, brokerEpoch)
}

/** Before 3.7 the mark was an empty file. */
function brokerEpochIn(mark: Buffer): number {
  const [, digits] = /"brokerEpoch"\s*:\s*(\d{1,15})/.exec(mark.toString('utf8')) ?? []
  return digits === undefined ? NO_EPOCH : Number(digits)
}

function topicIdOf(disk: LogPorts['disk'], path: string): string | null {
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

function notFormatted(path: string): FailedError {
  return new FailedError(
    'not-formatted',
    `${path} has no meta.properties: it is no data directory of a broker`,
    {
      hint: 'name an empty directory, or one that a broker has used',
      details: { path },
    },
  )
}
