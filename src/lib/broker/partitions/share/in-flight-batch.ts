import { type AcquisitionLock, InFlightState } from './in-flight-state.ts'
import { recordStates } from './record-state.ts'

/** Locks what a member has acquired, for as long as its group says unless told otherwise. */
export type Locking = (firstOffset: number, lastOffset: number, delayMs?: number) => AcquisitionLock

/** Records in a row that were handed out together; once they part, each has a state of its own. */
export class InFlightBatch {
  readonly firstOffset: number
  readonly lastOffset: number
  #whole: InFlightState | null
  #each: Map<number, InFlightState> | null = null

  constructor(firstOffset: number, lastOffset: number, whole: InFlightState) {
    this.firstOffset = firstOffset
    this.lastOffset = lastOffset
    this.#whole = whole
  }

  /** Null once the records have parted. */
  get whole(): InFlightState | null {
    return this.#whole
  }

  /** By offset, in order; null before. */
  get each(): ReadonlyMap<number, InFlightState> | null {
    return this.#each
  }

  get count(): number {
    return this.lastOffset - this.firstOffset + 1
  }

  /** The state of the record at an offset of the batch; Kafka does not look whether it is one. */
  stateAt(offset: number): InFlightState | undefined {
    return this.#whole ?? this.#each?.get(offset)
  }

  isWithin(firstOffset: number, lastOffset: number): boolean {
    return this.firstOffset >= firstOffset && this.lastOffset <= lastOffset
  }

  /** Each record is locked for as long as all were. */
  part(locking: Locking, monotonicMs: number): ReadonlyMap<number, InFlightState> {
    if (this.#each !== null) return this.#each
    const { state, deliveryCount, memberId, lock } = this.#whole as InFlightState
    const each = new Map<number, InFlightState>()
    for (let offset = this.firstOffset; offset <= this.lastOffset; offset++) {
      const own = lock === null ? null : locking(offset, offset, lock.dueMs - monotonicMs)
      each.set(offset, new InFlightState(state, deliveryCount, memberId, own))
    }
    this.#whole?.unlock()
    return this.#become(each)
  }

  /** Of a batch that is new, and of which a member gets no more than this. */
  partAt(lastAcquired: number, locking: Locking): void {
    const { state, deliveryCount, memberId } = this.#whole as InFlightState
    const each = new Map<number, InFlightState>()
    for (let offset = this.firstOffset; offset <= this.lastOffset; offset++) {
      const isAcquired = offset <= lastAcquired
      each.set(
        offset,
        isAcquired
          ? new InFlightState(state, deliveryCount, memberId, locking(offset, offset))
          : new InFlightState(recordStates.available, deliveryCount - 1),
      )
    }
    this.#become(each)
  }

  #become(each: Map<number, InFlightState>): ReadonlyMap<number, InFlightState> {
    this.#each = each
    this.#whole = null
    return each
  }
}
