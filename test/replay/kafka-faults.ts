import type { Api } from '../../src/lib/protocol/api.ts'

const WRITE_TXN_MARKERS = 27

/**
 * Kafka stumbles over a request that makes no sense: it waits for the partition that stands twice in a marker, and for
 * the marker that has none of its partitions. There an answer is none the worse.
 */
export function mayNotAnswer(api: Api): boolean {
  return api.key === WRITE_TXN_MARKERS
}
