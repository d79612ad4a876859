import * as fs from 'node:fs'
import { FailedError } from '../errors.ts'
import type { Outlet } from '../output/outlet.ts'

/** The calls to the system, so that a test can make them fail. */
export type WriteCalls = Pick<typeof fs, 'fstatSync' | 'writeSync'>

/** Node's stream of the descriptor. Making it costs milliseconds, so it is only made when needed. */
export type OpenStream = () => NodeJS.WriteStream

/** A pipe holds this much; with more, a slow reader would stop the whole program in a blocking write. */
const PIPE_BYTES = 65_536
const closedBy: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'EOF'])

/**
 * stdout or stderr. Files, terminals and the first bytes of a pipe are written at once, without Node's
 * streams; a pipe that fills up, or will not block, goes on through its stream, which waits without blocking.
 */
export class DescriptorOutlet implements Outlet {
  readonly #calls: WriteCalls
  readonly #descriptor: number
  readonly #openStream: OpenStream
  readonly #environment: Readonly<Record<string, string | undefined>>
  readonly #kind: 'file' | 'pipe' | 'device'
  #stream: NodeJS.WriteStream | undefined
  #writtenBytes = 0
  #isClosed = false

  constructor(
    descriptor: number,
    openStream: OpenStream,
    environment: Readonly<Record<string, string | undefined>>,
    calls: WriteCalls = fs,
  ) {
    this.#calls = calls
    this.#descriptor = descriptor
    this.#openStream = openStream
    this.#environment = environment
    this.#kind = kindOf(descriptor, calls)
  }

  get isTerminal(): boolean {
    return this.#kind === 'device' && this.#openStream().isTTY === true
  }

  get hasColour(): boolean {
    const { NO_COLOR, TERM } = this.#environment
    return this.isTerminal && !NO_COLOR && TERM !== 'dumb'
  }

  get width(): number {
    // A terminal that does not know says 0.
    return (this.isTerminal && this.#openStream().columns) || 80
  }

  async write(data: string | Uint8Array): Promise<boolean> {
    if (this.#isClosed) return false
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    try {
      const rest = this.#writeAtOnce(bytes)
      if (rest.length > 0) await this.#writeToStream(rest)
    } catch (cause) {
      if (!this.#isClosing(cause)) throw cannotWrite(cause)
      this.#isClosed = true
    }
    return !this.#isClosed
  }

  /** A terminal that has been closed says what a disk says that is broken. */
  #isClosing(cause: unknown): boolean {
    const errno = errnoOf(cause)
    return closedBy.has(errno) || (errno === 'EIO' && this.#kind === 'device')
  }

  /** Returns what the descriptor would not take without waiting. */
  #writeAtOnce(bytes: Uint8Array): Uint8Array {
    let done = 0
    while (done < bytes.length && this.#stream === undefined) {
      if (this.#kind === 'pipe' && this.#writtenBytes + bytes.length > PIPE_BYTES) break
      try {
        done += this.#calls.writeSync(this.#descriptor, bytes, done)
      } catch (cause) {
        if (errnoOf(cause) !== 'EAGAIN') throw cause
        break
      }
    }
    this.#writtenBytes += done
    return bytes.subarray(done)
  }

  #writeToStream(bytes: Uint8Array): Promise<void> {
    this.#stream ??= quietStream(this.#openStream())
    const stream = this.#stream
    return new Promise((resolve, reject) => {
      stream.write(bytes, (cause) => (cause ? reject(cause) : resolve()))
    })
  }
}

/** Errors come to whoever wrote; without a listener Node would also throw them at nobody. */
function quietStream(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.on('error', () => {})
}

function kindOf(descriptor: number, calls: WriteCalls): 'file' | 'pipe' | 'device' {
  try {
    const stat = calls.fstatSync(descriptor)
    if (stat.isFile()) return 'file'
    return stat.isCharacterDevice() ? 'device' : 'pipe'
  } catch {
    // Windows cannot look at a console; Node's stream knows what it is.
    return 'device'
  }
}

function errnoOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

function cannotWrite(cause: unknown): FailedError {
  const reason = errnoOf(cause) === 'ENOSPC' ? 'no space is left on the device' : String(cause)
  return new FailedError('cannot-write', `the output cannot be written: ${reason}`, { cause })
}
