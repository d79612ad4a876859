import { ApiError } from '../../api-error.ts'
import type { InFlightBatch } from './in-flight-batch.ts'
import type { InFlightState } from './in-flight-state.ts'
import { type RecordState, recordStates } from './record-state.ts'
import { invalidState, type Settlement } from './settle.ts'
import type { ShareWindow } from './share-window.ts'

/** What a member says of records in a row. */
export interface Acknowledgement {
  readonly firstOffset: number
  readonly lastOffset: number
  /** One for each record, or one for all. */
  readonly types: readonly number[]
}

export interface Acknowledger {
  readonly memberId: string
  /** Of the group: a member may keep records for another while. */
  readonly mayRenew: boolean
}

const RENEW = 4

/** By its number: a gap, accept, release, reject. */
const stateOfType: readonly RecordState[] = [
  recordStates.archived,
  recordStates.acknowledged,
  recordStates.available,
  recordStates.archived,
]

/** Throws an ApiError at the first thing that cannot be; what was settled before has to be undone then. */
export function acknowledge(
  settlement: Settlement,
  acknowledgements: readonly Acknowledgement[],
  by: Acknowledger,
): void {
  const { window } = settlement
  for (const said of acknowledgements) {
    if (said.lastOffset < window.startOffset) continue
    for (const batch of batchesOf(window, said)) {
      if (batch.lastOffset >= window.startOffset) acknowledgeBatch(settlement, batch, said, by)
    }
  }
}

function batchesOf(window: ShareWindow, { firstOffset, lastOffset }: Acknowledgement): InFlightBatch[] {
  const { inFlight } = window
  const isCut = window.isCutBy(firstOffset, lastOffset)
  const floor = inFlight.floor(firstOffset) ?? (isCut ? inFlight.floor(window.startOffset) : undefined)
  if (floor === undefined) {
    throw invalidState('Batch record not found. The request batch offsets are not found in the cache.')
  }
  const batches = inFlight.between(floor.firstOffset, lastOffset)
  const end = batches.at(-1)?.lastOffset ?? -1
  if (end < firstOffset) throw notFound('first')
  if (lastOffset > end) throw notFound('last')
  return batches
}

function notFound(which: 'first' | 'last'): ApiError {
  const message = `Batch record not found. The ${which} offset in request is past acquired records.`
  return new ApiError('INVALID_REQUEST', message)
}

function acknowledgeBatch(
  settlement: Settlement,
  batch: InFlightBatch,
  said: Acknowledgement,
  by: Acknowledger,
): void {
  const { window } = settlement
  const { whole } = batch
  if (whole !== null) mustBeOwner(whole, by)
  const isWhole = batch.isWithin(said.firstOffset, said.lastOffset) && said.types.length === 1
  if (whole !== null && isWhole && !window.isCutBy(batch.firstOffset, batch.lastOffset)) {
    if (!whole.isAcquired) {
      throw invalidState('The batch cannot be acknowledged. The batch is not in the acquired state.')
    }
    settleAs(settlement, whole, said.types[0] ?? 0, batch.firstOffset, batch.lastOffset, by)
    return
  }
  if (whole !== null && !whole.isAcquired) {
    throw invalidState('The batch cannot be acknowledged. The subset batch is not in the acquired state.')
  }
  acknowledgeRecords(settlement, batch, said, by)
}

function acknowledgeRecords(
  settlement: Settlement,
  batch: InFlightBatch,
  said: Acknowledgement,
  by: Acknowledger,
): void {
  const first = Math.max(said.firstOffset, settlement.window.startOffset)
  for (const [offset, state] of settlement.window.part(batch)) {
    if (offset < first) continue
    if (offset > said.lastOffset) break
    if (!state.isAcquired) {
      throw invalidState('The offset cannot be acknowledged. The offset is not acquired.')
    }
    if (state.memberId !== by.memberId) throw invalidState('Member is not the owner of offset')
    const type = said.types.length > 1 ? said.types[offset - said.firstOffset] : said.types[0]
    settleAs(settlement, state, type ?? 0, offset, offset, by)
  }
}

function settleAs(
  settlement: Settlement,
  state: InFlightState,
  type: number,
  firstOffset: number,
  lastOffset: number,
  { mayRenew }: Acknowledger,
): void {
  if (type !== RENEW) {
    settlement.settle(state, stateOfType[type] ?? recordStates.archived, firstOffset, lastOffset)
    return
  }
  if (!mayRenew) throw invalidState('Renewing acquisition locks is not enabled for the group.')
  state.unlock()
  state.lockWith(settlement.world.locking(firstOffset, lastOffset))
}

function mustBeOwner({ memberId }: InFlightState, by: Acknowledger): void {
  if (memberId === '') {
    throw invalidState('The batch cannot be acknowledged. The batch is not in the acquired state.')
  }
  if (memberId !== by.memberId) throw invalidState('Member is not the owner of batch record')
}
