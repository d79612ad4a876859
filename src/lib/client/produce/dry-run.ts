import type { KtoolError } from '../../errors.ts'
import type { InputRecord } from '../../serde/input/input-record.ts'
import type { Bell } from './bell.ts'
import type { InputFeed } from './input-feed.ts'
import type { InputPlaces } from './input-places.ts'
import type { Partitioner, Spread } from './partitioners.ts'
import { noSuchPartition } from './place-record.ts'

export interface DryWork {
  readonly bell: Bell
  readonly feed: InputFeed
  readonly places: InputPlaces
  readonly spread: Spread
  readonly partitioner: Partitioner
  readonly partition: number | null
  readonly batchSizeBytes: number
}

export interface DryPart {
  readonly records: readonly {
    readonly place: number
    readonly partition: number
    readonly record: InputRecord
  }[]
  readonly faults: readonly { readonly place: number; readonly error: KtoolError }[]
}

/** Where each record would go; nothing is sent. Its bytes are good until the next part is asked for. */
export async function* dryRun(work: DryWork): AsyncGenerator<DryPart, void, undefined> {
  const { feed, bell, spread, places } = work
  const sizes = new Map<number, number>()
  while (!feed.isEnded) {
    const records: { place: number; partition: number; record: InputRecord }[] = []
    const faults: { place: number; error: KtoolError }[] = []
    for (const found of feed.take()) {
      const place = places.placeOf(found.line)
      if (found.kind === 'fault') faults.push({ place, error: found.error })
      else {
        const partition = placeOf(found, work, sizes)
        if (partition < spread.count) records.push({ place, partition, record: found })
        else faults.push({ place, error: noSuchPartition(partition, spread) })
      }
    }
    feed.done()
    if (records.length > 0 || faults.length > 0) yield { records, faults }
    if (!feed.isEnded && !feed.hasArrived) await bell.rung()
  }
}

/** As with the batches that would be sent, as far as their size goes. */
function placeOf(record: InputRecord, work: DryWork, sizes: Map<number, number>): number {
  const { spread, partitioner, batchSizeBytes } = work
  const { key, value } = record
  const partition = record.partition ?? work.partition ?? partitioner.partitionOf(key, spread)
  const sizeBytes = (sizes.get(partition) ?? 0) + (key?.length ?? 0) + (value?.length ?? 0)
  const isFull = sizeBytes >= batchSizeBytes
  sizes.set(partition, isFull ? 0 : sizeBytes)
  if (isFull) partitioner.batchClosed(partition)
  return partition
}
