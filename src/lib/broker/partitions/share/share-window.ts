import type { ShareStateRead } from '../../coordinators/share/share-state-answers.ts'
import { InFlightBatch, type Locking } from './in-flight-batch.ts'
import { InFlightBatches } from './in-flight-batches.ts'
import { InFlightState } from './in-flight-state.ts'
import { isFinal, type RecordState, recordStateOf, recordStates } from './record-state.ts'

/** Records that were never handed out lie between those that are in flight, as the state was read; Kafka minds them only up to the first. */
interface Gap {
  readonly endOffset: number
  startOffset: number
}

export interface WindowWorld {
  readonly locking: Locking
  readonly monotonicMs: () => number
}

/** Which records of a partition a share group is about, from its start offset up to the last that was handed out. */
export class ShareWindow {
  readonly inFlight = new InFlightBatches()
  readonly #world: WindowWorld
  startOffset: number
  endOffset: number
  /** How many above the start offset are done with. */
  deliveryCompleteCount = 0
  /** There may be records to hand out below the end. */
  mayLookBack = false
  #gap: Gap | null = null

  constructor(startOffset: number, world: WindowWorld) {
    this.startOffset = startOffset
    this.endOffset = startOffset
    this.#world = world
  }

  /** As the coordinator has kept it. Throws a RangeError where that cannot be. */
  restore(batches: ShareStateRead['batches']): void {
    let previousLast = this.startOffset - 1
    let gapStart = -1
    for (const batch of batches) {
      const [first, last] = [Number(batch.firstOffset), Number(batch.lastOffset)]
      if (first < this.startOffset || last < first) throw new RangeError(`a batch from ${first} to ${last}`)
      if (gapStart === -1 && first > previousLast + 1) gapStart = previousLast + 1
      previousLast = last
      const state = new InFlightState(recordStateOf(batch.deliveryState), batch.deliveryCount)
      this.inFlight.put(new InFlightBatch(first, last, state))
      if (isFinal(state.state)) this.deliveryCompleteCount += last - first + 1
    }
    const { last } = this.inFlight
    if (last === undefined) return
    this.mayLookBack = true
    this.endOffset = last.lastOffset
    if (gapStart !== -1) this.#gap = { endOffset: this.endOffset, startOffset: gapStart }
    this.advanceStart()
  }

  get inFlightCount(): number {
    return this.inFlight.isEmpty ? 0 : this.endOffset - this.startOffset + 1
  }

  get isGapOpen(): boolean {
    return this.#gap !== null && this.#gap.endOffset === this.endOffset
  }

  part(batch: InFlightBatch): ReadonlyMap<number, InFlightState> {
    return batch.part(this.#world.locking, this.#world.monotonicMs())
  }

  /** From where the next records to hand out are read. */
  nextFetchOffset(): number {
    const { last } = this.inFlight
    const isEmpty = last === undefined || this.startOffset > last.lastOffset
    if (isEmpty) this.mayLookBack = false
    if (!this.mayLookBack) return isEmpty ? this.endOffset : this.endOffset + 1
    const found = this.#firstToHandOut()
    if (found !== undefined) return found
    this.mayLookBack = false
    return this.endOffset + 1
  }

  /** Records were handed out up to below this offset. */
  moveGap(offset: number): void {
    if (this.#gap === null) return
    if (this.isGapOpen && offset <= this.#gap.endOffset) this.#gap.startOffset = offset
    else this.#gap = null
  }

  /** Whatever is done with in front is forgotten. Returns whether anything was. */
  advanceStart(): boolean {
    if (!this.#canAdvance()) return false
    const { offset: done, count } = this.#lastDone()
    const { first, last } = this.inFlight
    if (done === -1 || first === undefined || last === undefined) return false
    if (done === last.lastOffset) {
      this.startOffset = done + 1
      this.endOffset = done + 1
      this.inFlight.clear()
      this.deliveryCompleteCount = 0
      return true
    }
    const batch = this.inFlight.floor(done) as InFlightBatch
    this.startOffset = this.#startBehind(done, batch)
    this.deliveryCompleteCount -= count
    const removed = done === batch.lastOffset ? batch : this.inFlight.lower(batch.firstOffset)
    if (removed !== undefined) this.inFlight.removeUpTo(removed.firstOffset)
    return true
  }

  /** The log begins later than it did. */
  raiseStart(logStartOffset: number): void {
    if (logStartOffset <= this.startOffset) return
    if (this.inFlight.isEmpty) {
      this.startOffset = logStartOffset
      this.endOffset = logStartOffset
      this.deliveryCompleteCount = 0
      return
    }
    const removed = this.#doneBelow(logStartOffset)
    const { available } = recordStates
    if (this.archive([...this.inFlight], this.startOffset, logStartOffset, available, false))
      this.mayLookBack = true
    this.startOffset = logStartOffset
    this.deliveryCompleteCount -= removed
    this.endOffset = Math.max(this.endOffset, this.startOffset)
  }

  /** What a read from `fetchOffset` left out, for there is nothing any more up to the first batch that was read. */
  archiveStale(fetchOffset: number, baseOffset: number): void {
    if (this.inFlight.isEmpty || fetchOffset >= baseOffset) return
    const floor = this.inFlight.floor(fetchOffset)
    const from = floor !== undefined && floor.lastOffset >= fetchOffset ? floor.firstOffset : fetchOffset
    const batches = this.inFlight.between(from, baseOffset - 1)
    if (this.archive(batches, fetchOffset, baseOffset, recordStates.available, true)) this.mayLookBack = true
  }

  /** Puts away the records from one offset up to below another that are in that state. */
  archive(
    batches: readonly InFlightBatch[],
    from: number,
    to: number,
    state: RecordState,
    isCounted: boolean,
  ): boolean {
    let archived = 0
    for (const batch of batches) {
      if (batch.firstOffset >= to) break
      const { whole } = batch
      if (whole !== null && whole.state !== state) continue
      if (whole !== null && batch.isWithin(from, to - 1)) {
        whole.archive()
        archived += batch.count
        continue
      }
      for (const [offset, each] of this.part(batch)) {
        if (offset < from || offset >= to || each.state !== state) continue
        each.archive()
        archived++
      }
    }
    if (isCounted) this.deliveryCompleteCount += archived
    return archived > 0
  }

  /** Of a batch, those that are not below the start offset. */
  countFromStart(firstOffset: number, lastOffset: number): number {
    if (lastOffset < this.startOffset) return 0
    return lastOffset - Math.max(this.startOffset, firstOffset) + 1
  }

  /** The start offset is in the midst of it. */
  isCutBy(firstOffset: number, lastOffset: number): boolean {
    return firstOffset < this.startOffset && lastOffset >= this.startOffset
  }

  #firstToHandOut(): number | undefined {
    let gapStart = this.#gap?.startOffset ?? -1
    for (const batch of this.inFlight) {
      if (this.isGapOpen) {
        if (batch.firstOffset > gapStart) return gapStart
        gapStart = Math.max(batch.lastOffset + 1, gapStart)
      }
      if (batch.whole?.isAvailable) return batch.firstOffset
      for (const [offset, { isAvailable }] of batch.each ?? []) if (isAvailable) return offset
    }
    return undefined
  }

  #canAdvance(): boolean {
    const state = this.inFlight.floor(this.startOffset)?.stateAt(this.startOffset)
    return state?.isDone === true
  }

  /** The last record in a row of such as are done with, and how many they are. */
  #lastDone(): { readonly offset: number; readonly count: number } {
    let offset = -1
    let count = 0
    for (const batch of this.inFlight) {
      if (this.isGapOpen && this.#gap !== null && batch.lastOffset >= this.#gap.startOffset) break
      if (batch.whole !== null) {
        if (!batch.whole.isDone) break
        offset = batch.lastOffset
        count += this.countFromStart(batch.firstOffset, batch.lastOffset)
        continue
      }
      for (const [each, { isDone }] of batch.each ?? []) {
        if (!isDone) return { offset, count }
        offset = each
        if (each >= this.startOffset) count++
      }
    }
    return { offset, count }
  }

  #startBehind(done: number, batch: InFlightBatch): number {
    if (done !== batch.lastOffset) return Math.max(this.startOffset, done + 1)
    const next = this.inFlight.higher(done)?.firstOffset ?? this.startOffset
    const start = Math.max(this.startOffset, next)
    return this.isGapOpen && this.#gap !== null ? Math.min(this.#gap.startOffset, start) : start
  }

  #doneBelow(offset: number): number {
    let count = 0
    for (const batch of this.inFlight) {
      if (batch.firstOffset >= offset) break
      const from = Math.max(this.startOffset, batch.firstOffset)
      const to = Math.min(offset - 1, batch.lastOffset)
      for (let at = from; at <= to; at++) {
        const state = batch.stateAt(at)
        if (state !== undefined && isFinal(state.state)) count++
      }
    }
    return count
  }
}
