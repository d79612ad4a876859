import { DataError } from '../../errors.ts'
import type { Link } from '../../ports/network.ts'
import { checkBeginning, nextRequestBytes } from './frame-check.ts'
import { Inlet } from './inlet.ts'
import { MemoryWait } from './memory-wait.ts'
import type { ServerParts } from './server-parts.ts'

const LENGTH_BYTES = 4
/** A client that sends on while it waits is not read further than this. */
const READ_AHEAD_BYTES = 64 * 1024

/** The connection that they come by. */
export interface Incoming {
  /** Nothing more of it is wanted. */
  readonly isClosing: boolean
  /** What is here has to wait for something else. */
  readonly isHeldUp: boolean
  refuse(reason: DataError): void
}

/** Requests as they come in: whole frames go out, and the link is read no faster than there is room for. */
export class RequestFrames {
  readonly #parts: ServerParts
  readonly #link: Link
  readonly #connection: Incoming
  readonly #inlet: Inlet
  readonly #waitForMemory: MemoryWait
  #isPaused = false

  constructor(parts: ServerParts, link: Link, connection: Incoming) {
    this.#parts = parts
    this.#link = link
    this.#connection = connection
    this.#inlet = new Inlet(parts.arrivals, parts.requestRooms)
    this.#waitForMemory = new MemoryWait(parts.requestRooms, parts.clock, {
      goOn: () => this.readOrPause(),
      giveUp: () => connection.refuse(new DataError('no-memory', 'no memory was left for its request')),
    })
  }

  room(): Uint8Array {
    return this.#inlet.room()
  }

  received(sizeBytes: number): void {
    this.#inlet.received(sizeBytes)
  }

  /** Nothing while it is not wholly here. It is good until the socket's next bytes. `isRequest`: no token of SASL. */
  next(largestBytes: number, isRequest: boolean): Buffer | undefined {
    const sizeBytes = nextRequestBytes(this.#inlet, largestBytes)
    if (sizeBytes === undefined) return undefined
    if (this.#inlet.sizeBytes < LENGTH_BYTES + sizeBytes) {
      if (isRequest) checkBeginning(this.#inlet, sizeBytes, this.#parts.dispatch)
      return undefined
    }
    this.#inlet.take(LENGTH_BYTES)
    return this.#inlet.take(sizeBytes)
  }

  /** Once all that was received has been looked at: what is left is kept for more of it. */
  settle(): void {
    this.#inlet.settle(this.#wantedBytes())
    const isInPart = this.#inlet.sizeBytes > 0 && !this.#connection.isClosing
    if (this.#parts.requestRooms.isScarce && isInPart) this.#waitForMemory.begin()
  }

  readOrPause(): void {
    const { isClosing, isHeldUp } = this.#connection
    const isBehind = isHeldUp && this.#inlet.sizeBytes > READ_AHEAD_BYTES
    const shouldPause = !isClosing && (isBehind || this.#waitForMemory.isOn)
    if (shouldPause === this.#isPaused) return
    this.#isPaused = shouldPause
    if (shouldPause) this.#link.pause()
    else this.#link.resume()
  }

  close(): void {
    this.#waitForMemory.end()
    this.#inlet.close()
  }

  /** Of the request whose first bytes are here. */
  #wantedBytes(): number {
    if (this.#connection.isClosing || this.#inlet.sizeBytes < LENGTH_BYTES) return LENGTH_BYTES
    return LENGTH_BYTES + Math.max(0, Math.min(this.#inlet.int32At(0), this.#parts.largestRequestBytes))
  }
}
