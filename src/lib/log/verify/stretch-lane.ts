import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { Thread, ThreadPort, Threads } from '../../ports/threads.ts'
import { type Stretch, type VerifiedStretch, verifyStretch } from './verify-stretch.ts'

const WORTH_BYTES = 48 * 1024 * 1024

/** What the second thread does: verifies every stretch that comes. */
export function serveStretches(port: ThreadPort, disk: ReadableDisk): void {
  port.onMessage((message) => {
    const stretch = message as Stretch
    port.send(attempt(disk, stretch) ?? { from: stretch.from, headers: new Uint8Array(), count: 0 })
  })
}

/** What goes wrong here goes wrong there, too, and is told of by who asked. */
function attempt(disk: ReadableDisk, stretch: Stretch): VerifiedStretch | undefined {
  try {
    return verifyStretch(disk, stretch)
  } catch (cause) {
    if (cause instanceof KtoolError) return undefined
    throw cause
  }
}

/** A second thread, which is started for the first stretch that it is given. */
export class StretchLane {
  /** Segments below this size are not worth the start of another thread, and the waiting for it. */
  readonly worthBytes: number
  readonly #threads: Threads
  #thread: Promise<Thread | undefined> | undefined

  constructor(threads: Threads, worthBytes = WORTH_BYTES) {
    this.#threads = threads
    this.worthBytes = worthBytes
  }

  /** True if the stretch is under way: `take` gives what came of it. One at a time. */
  async begin(stretch: Stretch): Promise<boolean> {
    this.#thread ??= this.#threads.start('verify-batches')
    const thread = await this.#thread
    thread?.send(stretch)
    return thread !== undefined
  }

  /** Nothing if the thread has failed: there will be none any more. */
  async take(): Promise<VerifiedStretch | undefined> {
    const thread = await this.#thread
    try {
      return (await thread?.receive()) as VerifiedStretch | undefined
    } catch {
      this.#thread = Promise.resolve(undefined)
      return undefined
    }
  }

  async end(): Promise<void> {
    const thread = await this.#thread
    thread?.stop()
  }
}
