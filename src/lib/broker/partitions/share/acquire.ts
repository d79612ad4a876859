import { type AcquiredRecords, countOf, joined } from './acquired-records.ts'
import type { FetchedBatch } from './fetched-batches.ts'
import { InFlightBatch, type Locking } from './in-flight-batch.ts'
import { InFlightState } from './in-flight-state.ts'
import { recordStates } from './record-state.ts'
import type { ShareWindow } from './share-window.ts'

export interface AcquireWish {
  readonly memberId: string
  /** No record more than asked for, where else whole batches are handed out (KIP-1206). */
  readonly isRecordLimit: boolean
  /** How many records go into one lock, as far as batches allow. */
  readonly batchSize: number
  readonly maxRecords: number
  /** From where the batches were read; not empty. */
  readonly fetchOffset: number
  readonly batches: readonly FetchedBatch[]
}

export interface AcquireWorld {
  readonly locking: Locking
  readonly maxDeliveryCount: number
  readonly maxInFlight: number
}

const FIRST_DELIVERY = 1
/** Of so many deliveries at least, records are given out few at a time, lest one that kills its reader takes others with it. */
const FEWEST_BEFORE_THROTTLING = 2

/** Hands records out. What was done once is not undone: nobody but memory knows that a record is acquired. */
export function acquire(window: ShareWindow, wish: AcquireWish, world: AcquireWorld): AcquiredRecords[] {
  const first = wish.batches[0]
  const last = wish.batches.at(-1)
  if (first === undefined || last === undefined || last.lastOffset < window.startOffset) return []
  const limits = limitsOf(window, wish, last.lastOffset, world.maxInFlight)
  if (limits.maxRecords <= 0) return []
  return new Acquisition(window, wish, world, limits).run(first.firstOffset)
}

interface Limits {
  readonly maxRecords: number
  readonly lastOffset: number
}

function limitsOf(window: ShareWindow, wish: AcquireWish, lastOffset: number, maxInFlight: number): Limits {
  const { fetchOffset } = wish
  const maxRecords = Math.min(wish.maxRecords, maxInFlight - window.inFlightCount)
  if (maxRecords > 0 || fetchOffset > window.endOffset) return { maxRecords, lastOffset }
  // No record more may be in flight, but those that are may go to somebody.
  const left = window.endOffset - fetchOffset + 1
  return { maxRecords: Math.min(wish.maxRecords, left), lastOffset: Math.min(lastOffset, window.endOffset) }
}

class Acquisition {
  readonly #window: ShareWindow
  readonly #wish: AcquireWish
  readonly #world: AcquireWorld
  readonly #lastOffset: number
  #maxRecords: number
  readonly #acquired: AcquiredRecords[] = []
  #count = 0

  constructor(
    window: ShareWindow,
    wish: AcquireWish,
    world: AcquireWorld,
    { maxRecords, lastOffset }: Limits,
  ) {
    this.#window = window
    this.#wish = wish
    this.#world = world
    this.#maxRecords = maxRecords
    this.#lastOffset = lastOffset
  }

  run(firstOffset: number): AcquiredRecords[] {
    const window = this.#window
    window.archiveStale(this.#wish.fetchOffset, firstOffset)
    const base = this.#baseOffset(firstOffset)
    const known = window.inFlight.between(Math.min(firstOffset, base), this.#lastOffset)
    const lastKnown = known.at(-1)
    if (lastKnown === undefined) {
      this.#acquireNew(base, this.#lastOffset)
      return this.#acquired
    }
    this.#acquireKnown(known, base, firstOffset)
    if (this.#count < this.#maxRecords && lastKnown.lastOffset < this.#lastOffset) {
      this.#acquireNew(lastKnown.lastOffset + 1, this.#lastOffset)
    }
    const last = this.#acquired.at(-1)
    if (last !== undefined) window.moveGap(last.lastOffset + 1)
    return this.#acquired
  }

  /** A batch that was read may begin in the midst of one that is in flight, or below the start offset. */
  #baseOffset(firstOffset: number): number {
    const floor = this.#window.inFlight.floor(firstOffset)
    if (floor === undefined) return Math.max(firstOffset, this.#window.startOffset)
    return floor.lastOffset >= firstOffset ? floor.firstOffset : firstOffset
  }

  #acquireKnown(known: readonly InFlightBatch[], base: number, firstOffset: number): void {
    let gapStart = base
    for (const batch of known) {
      if (this.#count >= this.#maxRecords) return
      if (this.#window.isGapOpen) {
        if (gapStart < batch.firstOffset) this.#acquireNew(gapStart, batch.firstOffset - 1)
        gapStart = batch.lastOffset + 1
        if (this.#count >= this.#maxRecords) return
      }
      this.#acquireAgain(batch, firstOffset)
    }
  }

  #acquireAgain(batch: InFlightBatch, firstOffset: number): void {
    const isThrottled =
      this.#mostDeliveries(batch, firstOffset) >= throttlingFrom(this.#world.maxDeliveryCount)
    if (isThrottled && this.#count > 0) {
      this.#maxRecords = 0
      return
    }
    const { whole } = batch
    if (whole !== null && !whole.isAvailable) return
    const isTooMuch = this.#wish.isRecordLimit && batch.count > this.#maxRecords - this.#count
    const isPart = !batch.isWithin(firstOffset, this.#lastOffset) || isTooMuch || isThrottled
    if (whole === null || isPart) {
      const count = this.#acquireSome(batch, firstOffset)
      if (isThrottled && count > 0) this.#maxRecords = 0
      return
    }
    this.#give(whole, batch.firstOffset, batch.lastOffset)
    const { deliveryCount } = whole
    this.#add([{ firstOffset: batch.firstOffset, lastOffset: batch.lastOffset, deliveryCount }])
  }

  #acquireSome(batch: InFlightBatch, firstOffset: number): number {
    const { maxDeliveryCount } = this.#world
    const left = this.#maxRecords - this.#count
    const each = this.#window.part(batch)
    const acquired: AcquiredRecords[] = []
    const most = this.#wish.isRecordLimit ? left : Number.POSITIVE_INFINITY
    let mostThrottled: number | null = null
    for (const [offset, state] of each) {
      if (offset > this.#lastOffset) break
      if (offset < firstOffset || !state.isAvailable) continue
      const isLastChance = maxDeliveryCount > 2 && state.deliveryCount === maxDeliveryCount - 1
      // It may be the one that kills its readers: others do not go with it.
      if (isLastChance && acquired.length > 0) break
      const excess = state.deliveryCount - throttlingFrom(maxDeliveryCount)
      if (excess >= 0) mostThrottled ??= Math.max(1, each.size >> (excess + 1))
      this.#give(state, offset, offset)
      acquired.push({ firstOffset: offset, lastOffset: offset, deliveryCount: state.deliveryCount })
      if (isLastChance || acquired.length === most || acquired.length === mostThrottled) break
    }
    this.#add(joined(acquired))
    return acquired.length
  }

  #acquireNew(firstOffset: number, lastOffset: number): void {
    const window = this.#window
    const { batches, isRecordLimit } = this.#wish
    const maxRecords = this.#maxRecords - this.#count
    const first = window.inFlight.isEmpty ? Math.max(firstOffset, window.endOffset) : firstOffset
    let last = lastOffset
    if (maxRecords < last - first + 1) {
      last = endOfBatch(batches, first + maxRecords - 1)
      if (window.isGapOpen) last = Math.min(last, lastOffset)
    }
    const acquired = this.#take(first, last, maxRecords)
    if (window.inFlight.first?.firstOffset === first) window.startOffset = first
    window.endOffset = Math.max(window.endOffset, last)
    const end = isRecordLimit ? (acquired[0]?.lastOffset ?? last) : last
    window.moveGap(end + 1)
    this.#add(acquired, end - first + 1)
  }

  #take(first: number, last: number, maxRecords: number): AcquiredRecords[] {
    const { memberId, isRecordLimit, batches, batchSize } = this.#wish
    if (isRecordLimit && last - first + 1 > maxRecords) {
      const lastAcquired = first + maxRecords - 1
      const state = new InFlightState(recordStates.acquired, FIRST_DELIVERY, memberId)
      const batch = new InFlightBatch(first, last, state)
      batch.partAt(lastAcquired, this.#world.locking)
      this.#window.mayLookBack = true
      this.#window.inFlight.put(batch)
      return [{ firstOffset: first, lastOffset: lastAcquired, deliveryCount: FIRST_DELIVERY }]
    }
    const pieces = isRecordLimit
      ? [{ firstOffset: first, lastOffset: last }]
      : pieced(first, last, batches, batchSize)
    return pieces.map(({ firstOffset, lastOffset }) => {
      const lock = this.#world.locking(firstOffset, lastOffset)
      const state = new InFlightState(recordStates.acquired, FIRST_DELIVERY, memberId, lock)
      this.#window.inFlight.put(new InFlightBatch(firstOffset, lastOffset, state))
      return { firstOffset, lastOffset, deliveryCount: FIRST_DELIVERY }
    })
  }

  #give(state: InFlightState, firstOffset: number, lastOffset: number): void {
    const { memberId } = this.#wish
    state.acquire(memberId)
    state.lockWith(this.#world.locking(firstOffset, lastOffset))
  }

  #add(acquired: readonly AcquiredRecords[], count = countOf(acquired)): void {
    this.#acquired.push(...acquired)
    this.#count += count
  }

  #mostDeliveries(batch: InFlightBatch, firstOffset: number): number {
    if (batch.whole !== null) return batch.whole.isAvailable ? batch.whole.deliveryCount : 0
    let most = 0
    for (const [offset, { isAvailable, deliveryCount }] of batch.each ?? []) {
      const isMeant = offset >= firstOffset && offset <= this.#lastOffset
      if (isMeant && isAvailable) most = Math.max(most, deliveryCount)
    }
    return most
  }
}

function throttlingFrom(maxDeliveryCount: number): number {
  return Math.max(FEWEST_BEFORE_THROTTLING, Math.ceil(maxDeliveryCount / 2))
}

/** The end of the batch that has the record; without one the offset itself. */
function endOfBatch(batches: readonly FetchedBatch[], offset: number): number {
  const batch = batches.findLast(({ firstOffset }) => firstOffset <= offset)
  return batch !== undefined && offset <= batch.lastOffset ? batch.lastOffset : offset
}

/** Cut where a batch begins, once a piece has as many as were asked for. */
function pieced(first: number, last: number, batches: readonly FetchedBatch[], batchSize: number) {
  const pieces: { readonly firstOffset: number; readonly lastOffset: number }[] = []
  let from = first
  for (const { firstOffset } of last - first + 1 > batchSize ? batches : []) {
    if (firstOffset > last) break
    if (firstOffset - from < batchSize) continue
    pieces.push({ firstOffset: from, lastOffset: firstOffset - 1 })
    from = firstOffset
  }
  return [...pieces, { firstOffset: from, lastOffset: last }]
}
