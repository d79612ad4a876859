import { basename, dirname, join } from 'node:path'
import { BugError } from '../../errors.ts'
import { futurePath } from './aside-path.ts'
import { agreeAboveFlushed, copyRest, copySome, firstCopiedOffset, isBeginningOf } from './copy-log.ts'
import { topicIdOf } from './load-logs.ts'
import type { LogRoom } from './log-room.ts'
import { createLog } from './open-log.ts'
import { setAside } from './set-aside.ts'
import type { WritableLog } from './writable-log.ts'

/** The logs of a store, by `<topic>-<partition>`. */
type Logs = Map<string, WritableLog>

export interface Swap {
  announce(log: WritableLog): void
  tell(log: WritableLog): void
}

/** How a log goes from one directory to another: a copy is made there, and once it is whole it is the log. */
export class LogMoves {
  readonly #room: LogRoom
  readonly #logs: Logs
  /** By the same names: the copies that are being made. */
  readonly #futures: Logs = new Map()
  /** Logs that another has taken the place of, until their folders have other names. */
  readonly #former = new Set<WritableLog>()

  constructor(room: LogRoom, logs: Logs) {
    this.#room = room
    this.#logs = logs
  }

  get(name: string): WritableLog | undefined {
    return this.#futures.get(name)
  }

  all(): Iterable<WritableLog> {
    return this.#futures.values()
  }

  /** Copies that a start has found. One that is all there is, or that is ahead, is the log. */
  async takeUp(found: ReadonlyMap<string, readonly WritableLog[]>): Promise<void> {
    for (const [name, copies] of found) {
      const [longest, ...others] = [...copies].sort((a, b) => b.logEndOffset - a.logEndOffset)
      for (const other of others) setAside(this.#room, other)
      if (longest !== undefined) await this.#takeUp(name, longest)
    }
  }

  /** Nobody else is to change what it has by then. */
  isMoving({ topic, partition, path }: Pick<WritableLog, 'topic' | 'partition' | 'path'>): boolean {
    const name = `${topic}-${partition}`
    // A copy that has become the log is about to get its name, and its files with it.
    return this.#futures.has(name) || basename(path) !== name
  }

  begin(name: string, directory: string): WritableLog {
    const log = this.#mustHave(name)
    const topicId = topicIdOf(this.#room.disk, log.path) ?? ''
    const path = futurePath(directory, name, this.#room.random)
    const future = createLog(this.#room, path, log.settings, topicId, firstCopiedOffset(log))
    this.#futures.set(name, future)
    return future
  }

  giveUp(name: string): void {
    const future = this.#futures.get(name)
    if (future === undefined) return
    setAside(this.#room, future)
    this.#futures.delete(name)
  }

  /** Copies a piece of the log. Returns how many bytes it had; 0 once all is there. */
  async copySome(name: string, maxBytes: number): Promise<number> {
    const future = this.#futures.get(name)
    return future === undefined ? 0 : copySome(this.#mustHave(name), future, maxBytes)
  }

  /**
   * Puts the copy in the place of the log, with all that is in it by then. What was flushed of the log is flushed of
   * the copy too, and nobody writes between the last byte that is copied and `tell`, which gets the log as it is from
   * then on; its folder has the name of a copy until `rename`. Where `announce` throws, or the disk, nothing has changed.
   * Returns the former log.
   */
  async swap(name: string, { announce, tell }: Swap): Promise<WritableLog | undefined> {
    const log = this.#mustHave(name)
    const future = this.#futures.get(name)
    if (future === undefined) return undefined
    return log.holdFlushes(async () => {
      copyRest(log, future)
      await future.flush()
      // Both are gone if the topic was deleted meanwhile.
      if (this.#futures.get(name) !== future || this.#logs.get(name) !== log) return undefined
      copyRest(log, future)
      announce(future)
      future.standFor(log)
      this.#futures.delete(name)
      this.#logs.set(name, future)
      this.#former.add(log)
      log.retire(log.path)
      tell(future)
      return log
    })
  }

  /**
   * The former folder is out of the way on the disk itself before the new one gets its name: at no time are there
   * two of a name, on which no broker starts.
   */
  async rename(name: string, former: WritableLog): Promise<void> {
    const { disk } = this.#room
    setAside(this.#room, former)
    this.#former.delete(former)
    await disk.flushFolder(dirname(former.path))
    const log = this.#logs.get(name)
    if (log !== undefined) await this.#giveName(name, log)
  }

  /** Lets go of all files. */
  discard(): void {
    for (const log of [...this.#futures.values(), ...this.#former]) log.retire(log.path)
  }

  async #takeUp(name: string, future: WritableLog): Promise<void> {
    const log = this.#logs.get(name)
    const isWhole = log === undefined || agreeAboveFlushed(future, log)
    const isAhead =
      log === undefined || (future.logEndOffset > log.logEndOffset && isBeginningOf(log, future))
    if (isWhole && isAhead) {
      await this.#complete(name, future, log)
    } else if (isWhole && isBeginningOf(future, log)) {
      this.#futures.set(name, future)
    } else {
      const directory = dirname(future.path)
      setAside(this.#room, future)
      this.begin(name, directory)
    }
  }

  /** A crash came between the copy's becoming the log and its getting its name. */
  async #complete(name: string, future: WritableLog, former: WritableLog | undefined): Promise<void> {
    const { log } = this.#room
    log.log('info', 'a move to another directory was completed', { partition: name, path: future.path })
    this.#logs.set(name, future)
    if (former === undefined) await this.#giveName(name, future)
    else await this.rename(name, former)
  }

  async #giveName(name: string, log: WritableLog): Promise<void> {
    const directory = dirname(log.path)
    await log.moveTo(join(directory, name))
    await this.#room.disk.flushFolder(directory)
  }

  #mustHave(name: string): WritableLog {
    const log = this.#logs.get(name)
    if (log === undefined) throw new BugError('no-log', `there is no log of ${name}`)
    return log
  }
}
