import { KtoolError } from '../../errors.ts'
import type { Cancel, Clock } from '../../ports/clock.ts'
import type { AppendableFile, Disk } from '../../ports/disk.ts'
import type { LogSink } from '../../ports/log-sink.ts'

/** What somebody wants to be written down of each request. */
export interface JournalWish {
  readonly path: string
  /** With the records that they bring. */
  readonly hasRecords: boolean
}

interface JournalPorts {
  readonly clock: Clock
  readonly disk: Disk
  readonly log: LogSink
}

/** Lines wait for so long, or for so many of them, to be written together. */
const GATHERING_MS = 100
const ENOUGH_BYTES = 256 * 1024
/** Then the file becomes FILE.1, in place of the one before: a broker that runs for weeks does not fill the disk. */
const LARGEST_FILE_BYTES = 64 * 1024 * 1024

/** Requests of all clients as lines of JSON, in the order in which they were answered. */
export class RequestJournal {
  readonly hasRecords: boolean
  readonly #ports: JournalPorts
  readonly #path: string
  #file: AppendableFile | undefined
  #lines: string[] = []
  #waitingBytes = 0
  #timer: Cancel | undefined

  /** Throws where the file cannot be written. Only its user can read it. */
  constructor({ path, hasRecords }: JournalWish, ports: JournalPorts) {
    this.#path = path
    this.hasRecords = hasRecords
    this.#ports = ports
    this.#file = ports.disk.openToAppend(path, 'private')
  }

  write(line: string): void {
    if (this.#file === undefined) return
    this.#lines.push(line)
    this.#waitingBytes += line.length
    if (this.#waitingBytes >= ENOUGH_BYTES) this.#flush()
    else this.#timer ??= this.#ports.clock.after(GATHERING_MS, () => this.#flush())
  }

  close(): void {
    this.#flush()
    this.#file?.close()
    this.#file = undefined
  }

  #flush(): void {
    this.#timer?.()
    this.#timer = undefined
    if (this.#lines.length === 0) return
    const bytes = Buffer.from(`${this.#lines.join('\n')}\n`)
    this.#lines = []
    this.#waitingBytes = 0
    try {
      this.#roomFor(bytes.length)
      this.#file?.append(bytes)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      this.#giveUp(cause)
    }
  }

  #roomFor(sizeBytes: number): void {
    const { disk } = this.#ports
    if (this.#file === undefined || this.#file.sizeBytes() + sizeBytes <= LARGEST_FILE_BYTES) return
    this.#file.close()
    disk.rename(this.#path, `${this.#path}.1`)
    this.#file = disk.openToAppend(this.#path, 'private')
  }

  /** Clients go before what is written of them. */
  #giveUp(cause: KtoolError): void {
    this.#ports.log.log('error', 'the journal cannot be written any more', {
      path: this.#path,
      reason: cause.message,
    })
    this.#file?.close()
    this.#file = undefined
  }
}
