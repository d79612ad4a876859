/** An index as a broker sees it: each whole entry of the file is one, whatever it holds. */
export interface Slots {
  readonly count: number
  readonly offset: (slot: number) => number
  readonly position: (slot: number) => number
}

const ENTRY_BYTES = 8
/** The end of an index is searched first, since it is what stays in memory. */
const WARM_SLOTS = 8192 / ENTRY_BYTES

export function slotsOf(bytes: Buffer): Slots {
  return {
    count: Math.floor(bytes.length / ENTRY_BYTES),
    offset: (slot) => bytes.readInt32BE(slot * ENTRY_BYTES),
    position: (slot) => bytes.readInt32BE(slot * ENTRY_BYTES + 4),
  }
}

/**
 * Where a broker begins to look for an offset. The search is Kafka's own step by step: in an index that is not
 * sorted any other one ends elsewhere.
 */
export function lookUp(slots: Slots, relative: number): number {
  const slot = floorSlot(slots, relative)
  return slot === -1 ? 0 : Math.max(0, slots.position(slot))
}

function floorSlot(slots: Slots, relative: number): number {
  if (slots.count === 0) return -1
  const firstWarm = Math.max(0, slots.count - 1 - WARM_SLOTS)
  if (slots.offset(firstWarm) < relative) return search(slots, relative, firstWarm, slots.count - 1)
  return slots.offset(0) > relative ? -1 : search(slots, relative, 0, firstWarm)
}

function search(slots: Slots, relative: number, begin: number, end: number): number {
  let low = begin
  let high = end
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    const found = slots.offset(middle)
    if (found > relative) high = middle - 1
    else if (found < relative) low = middle
    else return middle
  }
  return low
}
