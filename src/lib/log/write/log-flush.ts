import { basename, dirname, join } from 'node:path'
import { FailedError } from '../../errors.ts'
import type { Disk } from '../../ports/disk.ts'
import { flushFile } from './flush-file.ts'
import type { LogSegment } from './log-segment.ts'

/**
 * What of a log is not on the disk itself yet. A flush that fails is never tried again: the system may have
 * dropped what it could not write, and would call the next try a success.
 */
export class LogFlush {
  readonly #disk: Disk
  #files = new Set<string>()
  readonly #underWay = new Set<Promise<void>>()
  #held: Promise<void> | undefined
  #filesUnderWay: Promise<void> | undefined
  #failure: unknown
  #isOver = false

  constructor(disk: Disk) {
    this.#disk = disk
  }

  get hasFiles(): boolean {
    return this.#files.size > 0
  }

  /** A file that is new or was written anew, beside the segments. */
  add(...paths: readonly string[]): void {
    for (const path of paths) this.#files.add(path)
  }

  /** Nothing, unless no flush may begin now: then it resolves once one may. */
  get held(): Promise<void> | undefined {
    return this.#held
  }

  /** None is under way while the work is done, and none begins. */
  async hold<T>(work: () => T | Promise<T>): Promise<T> {
    while (this.#held !== undefined) await this.#held
    let release = () => {}
    this.#held = new Promise((resolve) => {
      release = resolve
    })
    try {
      await Promise.allSettled(this.#underWay)
      return await work()
    } finally {
      this.#held = undefined
      release()
    }
  }

  /** Their folder has another name; no flush may be under way. */
  relocate(folder: string): void {
    this.#files = new Set([...this.#files].map((path) => join(folder, basename(path))))
  }

  /** The files are to be found elsewhere, if at all: what is under way is in vain. */
  end(): void {
    this.#isOver = true
    this.#files.clear()
  }

  assertSound(path: string): void {
    if (this.#failure === undefined) return
    throw new FailedError('log-broken', `${path} could not be flushed before and is not trusted again`, {
      details: { path },
      cause: this.#failure,
    })
  }

  /** Of the segments the last one is written to. */
  async run(folder: string, segments: readonly LogSegment[], active: LogSegment): Promise<void> {
    this.assertSound(folder)
    const now = Promise.all([this.#flushFiles(folder), flushSegments(segments, active)]).then(() => {})
    this.#underWay.add(now)
    try {
      await now
    } catch (cause) {
      if (this.#isOver) return
      this.#failure = cause
      throw cause
    } finally {
      this.#underWay.delete(now)
    }
  }

  /** Nobody gets ahead of a name that is not safe yet. */
  async #flushFiles(folder: string): Promise<void> {
    const before = this.#filesUnderWay
    const paths = [...this.#files]
    if (paths.length === 0) return before
    this.#files.clear()
    const now = this.#flushNow(folder, paths, before)
    this.#filesUnderWay = now
    await now
    if (this.#filesUnderWay === now) this.#filesUnderWay = undefined
  }

  async #flushNow(
    folder: string,
    paths: readonly string[],
    before: Promise<void> | undefined,
  ): Promise<void> {
    await before
    for (const path of paths) if (!this.#isOver) await flushFile(this.#disk, path)
    if (this.#isOver) return
    await this.#disk.flushFolder(folder)
    // Its own folder may be as new as the files in it.
    await this.#disk.flushFolder(dirname(folder))
  }
}

async function flushSegments(segments: readonly LogSegment[], active: LogSegment): Promise<void> {
  for (const segment of segments) await segment.flush(segment === active)
}
