import type { Cancel, Clock } from '../../ports/clock.ts'
import type { Link, Receiver } from '../../ports/network.ts'

const ROOM_BYTES = 1024

/** One too many from its address: nothing of it is read, and it is closed after a while, so that its client slows down. */
export class UnwelcomeConnection implements Receiver {
  readonly #room = Buffer.alloc(ROOM_BYTES)
  readonly #cancel: Cancel

  constructor(link: Link, clock: Clock, heldMs: number) {
    link.pause()
    this.#cancel = clock.after(heldMs, () => link.destroy())
  }

  room(): Uint8Array {
    return this.#room
  }

  received(): void {}

  drained(): void {}

  closed(): void {
    this.#cancel()
  }
}
