import type { Int64 } from '../../bytes/int64.ts'
import { BatchWindow } from '../start/batch-window.ts'
import type { LoadedLog } from '../start/log-load.ts'
import type { StartSegment } from '../start/start-segment.ts'

interface Recalled {
  readonly producerEpoch: number
  readonly window: BatchWindow
}

/** What producers have under way is at the very end of a log. */
const END_BYTES = 16 * 1024 * 1024

/**
 * Reads again which batches the producers wrote last. Snapshots keep one of each, and after a crash every producer
 * sends all of those once more that it has no answer to: they must be known, lest they count as out of order.
 */
export function recallBatches({ segments, producers }: LoadedLog): void {
  if (producers.entries.size === 0) return
  const recalled = new Map<Int64, Recalled>()
  let leftBytes = END_BYTES
  const last: StartSegment[] = []
  for (const segment of segments.toReversed()) {
    if (leftBytes <= 0) break
    last.unshift(segment)
    leftBytes -= segment.sizeBytes
  }
  for (const segment of last) recallSegment(segment, recalled)
  for (const { producerId, producerEpoch, lastOffset } of producers.entries.values()) {
    const found = recalled.get(producerId)
    const isSame =
      found?.producerEpoch === producerEpoch && found.window.batches.at(-1)?.lastOffset === lastOffset
    if (isSame) producers.windows.set(producerId, found.window)
  }
}

function recallSegment(segment: StartSegment, recalled: Map<Int64, Recalled>): void {
  const walk = segment.walkEnd(END_BYTES)
  for (let batch = walk.next(); batch !== undefined; batch = walk.next()) {
    if (batch.producerId < 0 || batch.isControl) continue
    const { producerId, producerEpoch } = batch
    let known = recalled.get(producerId)
    if (known?.producerEpoch !== producerEpoch) {
      known = { producerEpoch, window: new BatchWindow() }
      recalled.set(producerId, known)
    }
    known.window.add(batch)
  }
}
