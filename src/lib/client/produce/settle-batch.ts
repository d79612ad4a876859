import type { KtoolError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PartitionLane } from './partition-lane.ts'
import type { PendingBatch } from './pending-batch.ts'
import type { PendingRecords } from './pending-records.ts'
import type { Judged } from './send-batches.ts'
import { inDoubt, type Verdict } from './verdict.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000

export interface Settlement {
  readonly pending: PendingRecords
  readonly clock: Clock
  /** For so long a batch may be tried. */
  readonly deliveryMs: number
  /** Who leads may have changed, and what is ready is sent once more. */
  readonly sendAgain: () => void
}

/** Does with the first batch of a lane what the verdict says of it. */
export function settleBatch(lane: PartitionLane, told: Judged, settlement: Settlement): void {
  const { verdict } = told
  const { pending } = settlement
  const batch = lane.first
  lane.isUnderWay = false
  if (batch === undefined) return
  switch (verdict.kind) {
    case 'written':
      written(lane, batch, told, pending)
      break
    case 'again':
      tryAgain(lane, batch, verdict.error, settlement)
      break
    case 'split':
      split(lane, batch, verdict, pending)
      break
    case 'renumber':
      if (!lane.renumber()) endAt(lane, batch, verdict.error, pending)
      break
    case 'lost':
      if (verdict.isFatal) pending.end(lane, verdict.error)
      pending.lose(lane, batch, verdict.error)
      break
  }
}

function written(lane: PartitionLane, batch: PendingBatch, told: Judged, pending: PendingRecords): void {
  lane.sequence = (lane.sequence + batch.count) % 2 ** 31
  pending.tell({
    kind: 'written',
    partition: lane.partition,
    places: batch.places,
    batch: batch.batch,
    sizeBytes: batch.sizeBytes,
    baseOffset: exact(told.offset),
    logAppendTimeMs: exact(told.stampMs),
  })
  pending.replaceFirst(lane)
}

function tryAgain(
  lane: PartitionLane,
  batch: PendingBatch,
  error: KtoolError,
  { pending, clock, deliveryMs, sendAgain }: Settlement,
): void {
  const nowMs = clock.monotonicMs()
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(batch.tries - 1, 10), LONGEST_PAUSE_MS)
  if (nowMs + pauseMs - (batch.triedSinceMs ?? nowMs) > deliveryMs) {
    endAt(lane, batch, error, pending)
    return
  }
  lane.retryAtMs = nowMs + pauseMs
  clock.after(pauseMs, sendAgain)
}

/** A number that may have been used is used for nothing else. */
function endAt(lane: PartitionLane, batch: PendingBatch, error: KtoolError, pending: PendingRecords): void {
  const last = batch.isInDoubt ? inDoubt(error) : error
  pending.end(lane, last)
  pending.lose(lane, batch, last)
}

function split(
  lane: PartitionLane,
  batch: PendingBatch,
  { error, refused }: Verdict & { readonly kind: 'split' },
  pending: PendingRecords,
): void {
  for (const [index, reason] of refused) {
    pending.tellLost(lane, batch.places.slice(index, index + 1), reason)
  }
  const half = Math.ceil(batch.count / 2)
  const parts =
    refused.size > 0
      ? batch.split(1, (index) => (refused.has(index) ? undefined : 0))
      : batch.split(2, (index) => (index < half ? 0 : 1))
  // The smaller ones are sent at once; each comes back here, until it is one record that is wrong.
  for (const part of parts) part.tries = 1
  if (parts.length === 0 && refused.size === 0) pending.tellLost(lane, batch.places, error)
  pending.replaceFirst(lane, parts)
}

/** Brokers say −1 for what they do not know. */
function exact(value: bigint | null): number | bigint | null {
  if (value === null || value < 0n) return null
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}
