import type { Int64 } from '../../bytes/int64.ts'
import type { ProducerEntry } from '../files/producer-snapshot.ts'

const SMALLEST_TABLE = 16
const MOST_FILLED = 0.75

/** As Kafka writes them: in the order of the hash table that it has them in. */
export function inTableOrder(entries: readonly ProducerEntry[]): ProducerEntry[] {
  const slots = slotsFor(entries.length)
  return entries.toSorted((a, b) => slotOf(a.producerId, slots) - slotOf(b.producerId, slots))
}

/** Java's tables double when they are three quarters full. */
function slotsFor(count: number): number {
  let slots = SMALLEST_TABLE
  while (count > slots * MOST_FILLED) slots *= 2
  return slots
}

function slotOf(producerId: Int64, slots: number): number {
  const bits = BigInt.asUintN(64, BigInt(producerId))
  const hash = Number(BigInt.asUintN(32, bits ^ (bits >> 32n)))
  return (hash ^ (hash >>> 16)) & (slots - 1)
}
