import type { RecordCursor, RecordHeader } from '../../records/record-cursor.ts'

/** In what two records of one offset differ. */
export type Difference = 'epoch' | 'kind' | 'producer' | 'timestamp' | 'key' | 'value' | 'headers'

/**
 * Null where they are the same record, however their batches were packed: the cleaner cuts, compresses and
 * even converts batches, and stamps them with a delete horizon, but leaves what a record says.
 */
export function differenceOf(a: RecordCursor, b: RecordCursor): Difference | null {
  if (a.timestamp !== b.timestamp) return 'timestamp'
  if (!isSame(a.key, b.key)) return 'key'
  if (!isSame(a.value, b.value)) return 'value'
  if ((a.headerCount > 0 || b.headerCount > 0) && !haveSameHeaders(a.headers(), b.headers())) return 'headers'
  return differenceOfBatches(a, b)
}

function differenceOfBatches({ batch: a }: RecordCursor, { batch: b }: RecordCursor): Difference | null {
  if (a.isControl !== b.isControl || a.isTransactional !== b.isTransactional) return 'kind'
  if (a.producerId !== b.producerId || a.producerEpoch !== b.producerEpoch) return 'producer'
  const [ofA, ofB] = [a.partitionLeaderEpoch, b.partitionLeaderEpoch]
  // Magic 0 and 1 have none, and what the cleaner makes of them has none either.
  return ofA >= 0 && ofB >= 0 && ofA !== ofB ? 'epoch' : null
}

function haveSameHeaders(a: readonly RecordHeader[], b: readonly RecordHeader[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ key, value }, i) => {
      const other = b[i]
      return other !== undefined && key.equals(other.key) && isSame(value, other.value)
    })
  )
}

function isSame(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b)
}
