import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'

/** Records in a row that are in the same state. */
export interface ShareBatch {
  readonly firstOffset: Int64
  readonly lastOffset: Int64
  readonly deliveryState: number
  readonly deliveryCount: number
}

/** Of batches that end before they begin Kafka itself makes the same pieces again and again. */
const MOST_STEPS = 10_000

/** Acknowledged, and archived: records that nobody gets any more. */
const FINAL_STATES: ReadonlySet<number> = new Set([2, 4])

/**
 * What Kafka's share coordinator makes of two lists of batches: in order, without overlaps, neighbours in the same
 * state as one. Of two that overlap, the one that was delivered more often counts, and then the higher state. Below
 * the start offset there is nothing; −1 is none. Throws a DataError where that has no end.
 */
export function combinedBatches(
  older: readonly ShareBatch[],
  newer: readonly ShareBatch[],
  startOffset: Int64,
): ShareBatch[] {
  const kept = [...older, ...newer].flatMap((batch) => fromOffset(batch, startOffset))
  if (kept.length < 2) return kept
  // The lowest is last: what comes of a pair goes back to where it was taken from.
  const waiting: ShareBatch[] = []
  for (const batch of kept.sort(compareBatches)) {
    if (waiting.length === 0 || compareBatches(waiting.at(-1) as ShareBatch, batch) !== 0) waiting.push(batch)
  }
  waiting.reverse()
  return merged(waiting, kept.some(endsBeforeItBegins) ? MOST_STEPS : Number.POSITIVE_INFINITY)
}

export function endsBeforeItBegins({ firstOffset, lastOffset }: ShareBatch): boolean {
  return lastOffset < firstOffset
}

/** How many records from the start offset on are done with. */
export function doneCount(batches: readonly ShareBatch[]): number {
  return batches
    .filter(({ deliveryState }) => FINAL_STATES.has(deliveryState))
    .reduce((sum, { firstOffset, lastOffset }) => sum + Number(subtractInt64(lastOffset, firstOffset)) + 1, 0)
}

function fromOffset(batch: ShareBatch, startOffset: Int64): ShareBatch[] {
  if (startOffset === -1 || batch.firstOffset >= startOffset) return [batch]
  return batch.lastOffset < startOffset ? [] : [{ ...batch, firstOffset: startOffset }]
}

function merged(waiting: ShareBatch[], mostSteps: number): ShareBatch[] {
  const done: ShareBatch[] = []
  let steps = 0
  let previous = waiting.pop()
  while (previous !== undefined) {
    const next = waiting.pop()
    if (next === undefined || !isOnePair(previous, next)) {
      done.push(previous)
      previous = next
      continue
    }
    if (++steps > mostSteps) {
      throw new DataError('endless-batches', 'batches of a share partition that end before they begin')
    }
    for (const batch of united(previous, next)) putBack(waiting, batch)
    previous = waiting.pop()
  }
  return done
}

function isOnePair(previous: ShareBatch, next: ShareBatch): boolean {
  if (next.firstOffset <= previous.lastOffset) return true
  return addInt64(previous.lastOffset, 1) === next.firstOffset && compareDelivery(previous, next) === 0
}

/** `next` does not begin before `previous`. */
function united(previous: ShareBatch, next: ShareBatch): ShareBatch[] {
  const last = previous.lastOffset > next.lastOffset ? previous.lastOffset : next.lastOffset
  const precedence = compareDelivery(next, previous)
  if (precedence === 0) return [{ ...previous, lastOffset: last }]
  const isNextLonger = next.lastOffset > previous.lastOffset
  if (precedence < 0) {
    const rest = { ...next, firstOffset: addInt64(previous.lastOffset, 1) }
    return isNextLonger ? [previous, rest] : [previous]
  }
  const before = { ...previous, lastOffset: addInt64(next.firstOffset, -1) }
  const after = { ...previous, firstOffset: addInt64(next.lastOffset, 1) }
  return [
    ...(previous.firstOffset < next.firstOffset ? [before] : []),
    next,
    ...(next.lastOffset < previous.lastOffset ? [after] : []),
  ]
}

function putBack(waiting: ShareBatch[], batch: ShareBatch): void {
  let at = waiting.length
  while (at > 0 && compareBatches(waiting[at - 1] as ShareBatch, batch) < 0) at--
  const isThere = at > 0 && compareBatches(waiting[at - 1] as ShareBatch, batch) === 0
  if (!isThere) waiting.splice(at, 0, batch)
}

function compareBatches(a: ShareBatch, b: ShareBatch): number {
  if (a.firstOffset !== b.firstOffset) return a.firstOffset < b.firstOffset ? -1 : 1
  if (a.lastOffset !== b.lastOffset) return a.lastOffset < b.lastOffset ? -1 : 1
  return compareDelivery(a, b)
}

function compareDelivery(a: ShareBatch, b: ShareBatch): number {
  return a.deliveryCount - b.deliveryCount || a.deliveryState - b.deliveryState
}
