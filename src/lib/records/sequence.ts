/** No producer id, no sequence: what a batch without idempotence carries. */
export const NO_SEQUENCE = -1

const LARGEST = 0x7fffffff

/** Sequence numbers go from 2^31−1 on to 0. */
export function advanceSequence(sequence: number, by: number): number {
  return sequence > LARGEST - by ? by - (LARGEST - sequence) - 1 : sequence + by
}
