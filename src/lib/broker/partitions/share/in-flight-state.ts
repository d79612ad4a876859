import type { Cancel } from '../../../ports/clock.ts'
import { isFinal, type RecordState, recordStates } from './record-state.ts'

/** Whoever has acquired records has them for so long. */
export interface AcquisitionLock {
  readonly dueMs: number
  readonly cancel: Cancel
}

const NOBODY = ''

/** Of records that were handed out together, or of one of them. */
export class InFlightState {
  state: RecordState
  deliveryCount: number
  memberId: string
  /** What was settled is being written: until that is done nobody gets it, and it counts for nothing. */
  isPending = false
  #lock: AcquisitionLock | null

  constructor(
    state: RecordState,
    deliveryCount: number,
    memberId = NOBODY,
    lock: AcquisitionLock | null = null,
  ) {
    this.state = state
    this.deliveryCount = deliveryCount
    this.memberId = memberId
    this.#lock = lock
  }

  get isAvailable(): boolean {
    return this.state === recordStates.available && !this.isPending
  }

  get isAcquired(): boolean {
    return this.state === recordStates.acquired
  }

  get isDone(): boolean {
    return isFinal(this.state) && !this.isPending
  }

  get lock(): AcquisitionLock | null {
    return this.#lock
  }

  acquire(memberId: string): void {
    this.state = recordStates.acquired
    this.deliveryCount++
    this.memberId = memberId
  }

  /** Of what is acquired. What was delivered as often as it may be is not given back, but put away. */
  settle(state: RecordState, maxDeliveryCount: number): void {
    const isUsedUp = state === recordStates.available && this.deliveryCount >= maxDeliveryCount
    this.state = isUsedUp ? recordStates.archived : state
    this.memberId = NOBODY
  }

  archive(): void {
    this.state = recordStates.archived
    this.memberId = NOBODY
    this.unlock()
  }

  lockWith(lock: AcquisitionLock): void {
    this.#lock = lock
  }

  unlock(): void {
    this.#lock?.cancel()
    this.#lock = null
  }
}
