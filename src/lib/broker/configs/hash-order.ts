const SMALLEST_TABLE = 16
const LARGEST_LOAD = 0.75

/**
 * The order in which Java's hash table goes through these. Kafka tells settings in it, whatever was asked for
 * first, and other people's tests have come to know it.
 */
export function inHashOrder<T extends { readonly name: string }>(
  all: readonly T[],
  smallestTable = SMALLEST_TABLE,
): readonly T[] {
  return byHash(all, ({ name }) => hashOf(name), smallestTable)
}

export function byHash<T>(
  all: readonly T[],
  hash: (each: T) => number,
  smallestTable = SMALLEST_TABLE,
): readonly T[] {
  let size = smallestTable
  while (all.length > size * LARGEST_LOAD) size *= 2
  return all
    .map((each) => ({ each, slot: slotOf(hash(each), size) }))
    .sort((one, other) => one.slot - other.slot)
    .map(({ each }) => each)
}

/** Of a text, as Java has it. */
export function hashOf(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}

function slotOf(hash: number, size: number): number {
  return (hash ^ (hash >>> 16)) & (size - 1)
}
