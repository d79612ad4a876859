import { FailedError } from '../../errors.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { FilePool } from '../start/file-pool.ts'
import type { LogPorts } from './log-ports.ts'

/** Files and folders that were renamed away, until nobody can be reading them any more. */
export class DelayedDeletions {
  readonly #ports: LogPorts
  readonly #files: FilePool
  readonly #waiting = new Set<Cancel>()

  constructor(ports: LogPorts, files: FilePool) {
    this.#ports = ports
    this.#files = files
  }

  after(delayMs: number, paths: readonly string[]): void {
    if (paths.length === 0) return
    const cancel = this.#ports.clock.after(delayMs, () => {
      this.#waiting.delete(cancel)
      for (const path of paths) this.#remove(path)
    })
    this.#waiting.add(cancel)
  }

  /** What still waits goes at the next start. */
  close(): void {
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
  }

  #remove(path: string): void {
    const { disk, log } = this.#ports
    try {
      // Somebody may have read it to the last, and its room is free only once nobody has it open.
      this.#files.file(path).close()
      if (disk.stat(path) !== undefined) disk.remove(path)
    } catch (cause) {
      if (!(cause instanceof FailedError)) throw cause
      log.log('warn', 'a file that is to be deleted stays', { path, reason: cause.message })
    }
  }
}
