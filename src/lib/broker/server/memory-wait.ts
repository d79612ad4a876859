import type { Cancel, Clock } from '../../ports/clock.ts'
import type { RoomPool } from './room-pool.ts'

/** Who gets no memory for so long is given up, so that its own goes to others. */
const PATIENCE_MS = 10_000

interface Ends {
  /** There is some again. */
  goOn(): void
  giveUp(): void
}

/** A connection whose request has come in part while there is no memory for the rest. */
export class MemoryWait {
  readonly #rooms: RoomPool
  readonly #clock: Clock
  readonly #ends: Ends
  #cancel: Cancel | undefined

  constructor(rooms: RoomPool, clock: Clock, ends: Ends) {
    this.#rooms = rooms
    this.#clock = clock
    this.#ends = ends
  }

  get isOn(): boolean {
    return this.#cancel !== undefined
  }

  begin(): void {
    if (this.isOn) return
    const stopClock = this.#clock.after(PATIENCE_MS, () => this.#ends.giveUp())
    const callOff = this.#rooms.onceThereIsSome(() => {
      stopClock()
      this.#cancel = undefined
      this.#ends.goOn()
    })
    this.#cancel = () => {
      stopClock()
      callOff()
    }
  }

  end(): void {
    this.#cancel?.()
  }
}
