import type { Cancel, Clock } from '../../ports/clock.ts'
import type { Link, Receiver } from '../../ports/network.ts'
import type { Visitor } from './doorway.ts'

const ROOM_BYTES = 1024

/** What becomes of a link once its turn has come. */
export interface Reception {
  readonly clock: Clock
  welcome(link: Link): Receiver
  turnedAway(link: Link, most: number): void
  /** It is gone, or has become a connection. */
  left(caller: Caller): void
}

/**
 * One who has connected and is not let in yet, or never: next to nothing of it is read, and what was read is kept for the
 * connection that it becomes.
 */
export class Caller implements Visitor, Receiver {
  readonly listener: string
  readonly #link: Link
  readonly #reception: Reception
  #arrived: Buffer[] = []
  #room: Buffer | undefined
  #inner: Receiver | undefined
  #isWaiting = false
  #isSecured = false
  #isGone = false
  #cancel: Cancel | undefined

  constructor(listener: string, link: Link, reception: Reception) {
    this.listener = listener
    this.#link = link
    this.#reception = reception
  }

  get host(): string {
    return this.#link.peer.host
  }

  /** The connection, where it has become one. */
  get receiver(): Receiver {
    return this.#inner ?? this
  }

  waits(): void {
    this.#isWaiting = true
    this.#link.pause()
  }

  enter(): void {
    const inner = this.#reception.welcome(this.#link)
    this.#inner = inner
    if (!this.#isWaiting) return
    this.#reception.left(this)
    if (this.#isGone) inner.closed()
    else this.#handOver(inner)
  }

  turnAway(most: number): void {
    this.#reception.turnedAway(this.#link, most)
    this.hold(0)
  }

  hold(durationMs: number): void {
    this.waits()
    this.#cancel = this.#reception.clock.after(durationMs, () => this.#link.destroy())
  }

  cut(): void {
    this.#link.destroy()
  }

  room(): Uint8Array {
    if (this.#inner !== undefined) return this.#inner.room()
    this.#room ??= Buffer.alloc(ROOM_BYTES)
    return this.#room
  }

  received(sizeBytes: number): void {
    if (this.#inner !== undefined) this.#inner.received(sizeBytes)
    else this.#keep(sizeBytes)
  }

  secured(): void {
    this.#isSecured = true
    this.#inner?.secured?.()
  }

  drained(): void {
    this.#inner?.drained()
  }

  closed(cause?: Error): void {
    this.#isGone = true
    this.#cancel?.()
    if (this.#inner === undefined) this.#reception.left(this)
    else this.#inner.closed(cause)
  }

  #keep(sizeBytes: number): void {
    this.#arrived.push(Buffer.from(this.room().subarray(0, sizeBytes)))
    // A link may have begun to read before it could be told not to.
    this.#link.pause()
  }

  #handOver(inner: Receiver): void {
    if (this.#isSecured) inner.secured?.()
    this.#link.resume()
    for (const bytes of this.#arrived) pass(bytes, inner)
    this.#arrived = []
  }
}

function pass(bytes: Buffer, to: Receiver): void {
  for (let start = 0; start < bytes.length; ) {
    const room = to.room()
    const part = bytes.subarray(start, start + room.length)
    room.set(part)
    to.received(part.length)
    start += part.length
  }
}
