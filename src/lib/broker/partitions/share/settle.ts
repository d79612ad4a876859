import type { ShareBatch } from '../../../log/groups/share-batches.ts'
import { ApiError } from '../../api-error.ts'
import type { InFlightBatch, Locking } from './in-flight-batch.ts'
import type { InFlightState } from './in-flight-state.ts'
import { isFinal, type RecordState, recordStates } from './record-state.ts'
import type { ShareWindow } from './share-window.ts'

export interface SettleWorld {
  readonly locking: Locking
  readonly maxDeliveryCount: number
}

interface Step {
  readonly state: InFlightState
  readonly before: RecordState
  readonly memberId: string
  readonly firstOffset: number
  readonly lastOffset: number
}

/** Changes to what is acquired, all of which hold once they are written, or none. */
export class Settlement {
  readonly window: ShareWindow
  readonly world: SettleWorld
  readonly #steps: Step[] = []

  constructor(window: ShareWindow, world: SettleWorld) {
    this.window = window
    this.world = world
  }

  get batches(): ShareBatch[] {
    return this.#steps.map(({ state, firstOffset, lastOffset }) => ({
      ...{ firstOffset, lastOffset },
      deliveryState: state.state,
      deliveryCount: state.deliveryCount,
    }))
  }

  settle(state: InFlightState, to: RecordState, firstOffset: number, lastOffset: number): void {
    const { window } = this
    this.#steps.push({ state, before: state.state, memberId: state.memberId, firstOffset, lastOffset })
    state.settle(to, this.world.maxDeliveryCount)
    state.isPending = true
    if (isFinal(state.state)) window.deliveryCompleteCount += window.countFromStart(firstOffset, lastOffset)
  }

  /** It is in the log. */
  finish(): void {
    for (const { state } of this.#steps) {
      state.isPending = false
      state.unlock()
      if (state.isAvailable) this.window.mayLookBack = true
    }
  }

  undo(): void {
    const { window } = this
    // Backwards, should something have been settled twice.
    for (const { state, before, memberId, firstOffset, lastOffset } of this.#steps.toReversed()) {
      if (isFinal(state.state)) window.deliveryCompleteCount -= window.countFromStart(firstOffset, lastOffset)
      state.isPending = false
      state.state = before
      state.memberId = memberId
    }
  }
}

/** What a member was given and has not acknowledged; it has left. */
export function releaseOf(settlement: Settlement, memberId: string): void {
  const { window } = settlement
  for (const batch of window.inFlight) {
    if (batch.whole?.memberId === memberId) release(settlement, batch, batch.firstOffset, batch.lastOffset)
    for (const [offset, state] of batch.each ?? []) {
      if (state.memberId === memberId) releaseRecord(settlement, state, offset)
    }
  }
}

/** The time of a lock is over: so it is for whoever has these records by now. */
export function releaseLocked(settlement: Settlement, firstOffset: number, lastOffset: number): void {
  const { inFlight } = settlement.window
  const floor = inFlight.floor(firstOffset)
  if (floor === undefined) return
  for (const batch of inFlight.between(floor.firstOffset, lastOffset)) {
    release(settlement, batch, firstOffset, lastOffset)
  }
}

/** Records below the start offset are put away, whatever becomes of the others. */
function release(
  settlement: Settlement,
  batch: InFlightBatch,
  firstOffset: number,
  lastOffset: number,
): void {
  const { window } = settlement
  const { whole } = batch
  if (whole?.isAcquired && !window.isCutBy(batch.firstOffset, batch.lastOffset)) {
    const isBelow = batch.lastOffset < window.startOffset
    const to = isBelow ? recordStates.archived : recordStates.available
    settlement.settle(whole, to, batch.firstOffset, batch.lastOffset)
    return
  }
  if (whole !== null && !whole.isAcquired) return
  for (const [offset, state] of window.part(batch)) {
    if (offset >= firstOffset && offset <= lastOffset) releaseRecord(settlement, state, offset)
  }
}

function releaseRecord(settlement: Settlement, state: InFlightState, offset: number): void {
  if (!state.isAcquired) return
  const isBelow = offset < settlement.window.startOffset
  settlement.settle(state, isBelow ? recordStates.archived : recordStates.available, offset, offset)
}

export function invalidState(message: string): ApiError {
  return new ApiError('INVALID_RECORD_STATE', message)
}
