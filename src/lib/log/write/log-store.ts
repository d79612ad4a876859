import { dirname, join } from 'node:path'
import type { OffsetCheckpoint } from '../files/offset-checkpoint.ts'
import { clockTurns } from './clock-turns.ts'
import { type DataDirectory, openDataDirectory } from './data-directory.ts'
import { loadLogs, metadataTopic, type WantedLog } from './load-logs.ts'
import { LogMoves } from './log-moves.ts'
import { LogPlaces } from './log-places.ts'
import type { LogPorts } from './log-ports.ts'
import { type LogRoom, openLogRoom } from './log-room.ts'
import { createLog, openLog } from './open-log.ts'
import type { LogSettings } from './partition-log.ts'
import { setAside } from './set-aside.ts'
import { severalAtOnce } from './several-at-once.ts'
import type { WritableLog } from './writable-log.ts'

/** Kafka's own id of it. */
const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const NO_EPOCH = -1

/** Where a broker keeps its logs. */
export interface DataDirs {
  /** Its `log.dirs`. */
  readonly logDirs: readonly string[]
  /** Where its metadata log lies: one of these as a rule. */
  readonly metadataDir: string
}

/**
 * The logs of a broker, in one or several directories, and the files beside them. First the metadata log is opened,
 * which says which others there should be; then these are loaded.
 */
export class LogStore {
  readonly directories: readonly DataDirectory[]
  readonly moves: LogMoves
  readonly #metadataDir: string
  readonly #room: LogRoom
  readonly #places: LogPlaces
  readonly #logs = new Map<string, WritableLog>()
  #metadataLog: WritableLog | undefined
  /** It names a log that is gone, whose name another may get. */
  #isCleanerStale = false
  /** Where the logs ended that were open when they were looked at last. */
  readonly #ends = new WeakMap<WritableLog, number>()

  constructor(ports: LogPorts, directories: readonly DataDirectory[], metadataDir: string) {
    this.directories = directories
    this.#metadataDir = metadataDir
    this.#room = openLogRoom(ports)
    this.#places = new LogPlaces(directories.map(({ path }) => path))
    this.moves = new LogMoves(this.#room, this.#logs)
  }

  /** The broker before this one has said goodbye. */
  get isCleanStart(): boolean {
    return this.directories.every(({ isCleanStart }) => isCleanStart)
  }

  /** That broker's epoch, if it said the same everywhere; else −1. */
  get previousBrokerEpoch(): number {
    const [epoch = NO_EPOCH, ...others] = this.directories.map((each) => each.previousBrokerEpoch)
    return others.every((other) => other === epoch) ? epoch : NO_EPOCH
  }

  /** It is loaded without regard to how the broker stopped, and stands in no checkpoint. */
  async openMetadataLog(settings: LogSettings): Promise<WritableLog> {
    const path = join(this.#metadataDir, `${metadataTopic}-0`)
    const isThere = this.#room.disk.stat(path) !== undefined
    this.#metadataLog = isThere
      ? await openLog(this.#room, path, settings, { isClean: false, turns: clockTurns(this.#room.clock) })
      : createLog(this.#room, path, settings, METADATA_TOPIC_ID)
    return this.#metadataLog
  }

  /** Opens the logs that are wanted, and takes up those moves that were under way. */
  async load(wanted: WantedLog): Promise<void> {
    const { logs, futures } = await loadLogs(this.#room, this.directories, wanted)
    for (const [name, log] of logs) this.#logs.set(name, log)
    await this.moves.takeUp(futures)
  }

  get(topic: string, partition: number): WritableLog | undefined {
    return this.#logs.get(`${topic}-${partition}`)
  }

  all(): Iterable<WritableLog> {
    return this.#logs.values()
  }

  /** In which of the directories a log lies. */
  directoryOf(log: Pick<WritableLog, 'path'>): DataDirectory | undefined {
    const path = dirname(log.path)
    return this.directories.find((directory) => directory.path === path)
  }

  /** Where a log of this name is to be made once there is need of one. */
  prefer(topic: string, partition: number, path: string): void {
    this.#places.prefer(`${topic}-${partition}`, path)
  }

  /** No new logs go to these directories. */
  cordon(paths: Iterable<string>): void {
    this.#places.cordon(paths)
  }

  create(topic: string, partition: number, topicId: string, settings: LogSettings): WritableLog {
    const name = `${topic}-${partition}`
    const directory = this.#places.choose(name, this.#withCopies())
    const log = createLog(this.#room, join(directory, name), settings, topicId)
    this.#logs.set(name, log)
    return log
  }

  /** Its folder is renamed now, and goes after the delay; and so does the copy that is being made. */
  delete(topic: string, partition: number): void {
    const name = `${topic}-${partition}`
    const log = this.#logs.get(name)
    if (log === undefined) return
    this.moves.giveUp(name)
    setAside(this.#room, log)
    this.#logs.delete(name)
    if (log.cleanedOffset !== undefined) this.#isCleanerStale = true
  }

  /** All but the cleaner's; what they say is true once this resolves. */
  async writeCheckpoints(): Promise<void> {
    await this.writeCheckpoint('recoveryPoint')
    await this.writeCheckpoint('highWatermark')
    await this.writeCheckpoint('logStartOffset')
  }

  /** In each of the directories. */
  async writeCheckpoint(file: OffsetCheckpoint): Promise<void> {
    if (file === 'recoveryPoint') await severalAtOnce(this.#withCopies(), (log) => log.prepareCheckpoint())
    await severalAtOnce(this.directories, (directory) =>
      directory.writeCheckpoint(file, () => this.#logsIn(directory)),
    )
  }

  /** How far each log is compacted, once something of that has changed. */
  async writeCleanerOffsets(): Promise<void> {
    this.#isCleanerStale = false
    await this.writeCheckpoint('cleanerOffset')
  }

  async flushMetadata(): Promise<void> {
    await this.#metadataLog?.flush()
  }

  /** Flushes what was written since the last time, and closes the files of logs that nobody writes to. */
  async flushDirty(): Promise<void> {
    const logs = this.#withCopies()
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
    this.moves.discard()
    this.#metadataLog?.retire(this.#metadataLog.path)
    this.#room.files.close()
  }

  async #close(brokerEpoch: number): Promise<void> {
    this.#room.deletions.close()
    const logs = this.#metadataLog === undefined ? [] : [this.#metadataLog]
    await severalAtOnce([...this.#withCopies(), ...logs], (log) => log.close())
    this.#room.files.close()
    await this.writeCheckpoints()
    if (this.#isCleanerStale) await this.writeCleanerOffsets()
    await severalAtOnce(this.directories, (directory) => directory.markClean(brokerEpoch))
  }

  #withCopies(): WritableLog[] {
    return [...this.#logs.values(), ...this.moves.all()]
  }

  #logsIn({ path }: DataDirectory): WritableLog[] {
    return this.#withCopies().filter((log) => dirname(log.path) === path)
  }
}

/** Opens formatted directories. */
export async function openLogStore(ports: LogPorts, dirs: DataDirs): Promise<LogStore> {
  const directories: DataDirectory[] = []
  for (const path of dirs.logDirs) directories.push(await openDataDirectory(ports, path))
  return new LogStore(ports, directories, dirs.metadataDir)
}
