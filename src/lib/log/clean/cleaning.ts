import type { Turns } from '../turns.ts'
import type { OffsetMap } from './offset-map.ts'

/** What a round of cleaning needs beside the log. */
export interface Cleaning {
  readonly map: OffsetMap
  /** The part of the map that may be filled. */
  readonly loadFactor: number
  readonly nowMs: number
  readonly chunkBytes: number
  /** Lets others have a turn. */
  readonly turns: Turns
  /** Bytes that were read or written: waits where that is more than the cleaner may. */
  throttle(bytes: number): Promise<void>
  /** Nobody wants it any more: the topic is gone, is not compacted any more, or the broker stops. */
  isOver(): boolean
}

/** Thrown where a round is given up. */
export class CleaningOver extends Error {}

export interface CleaningCounts {
  /** To know which keys there are. */
  mappedBytes: number
  readBytes: number
  writtenBytes: number
  readRecords: number
  keptRecords: number
  keylessRecords: number
}

/** Between two pieces of work. */
export async function turn(cleaning: Cleaning): Promise<void> {
  if (cleaning.turns.isDue()) await cleaning.turns.turn(0, 0)
  mustGoOn(cleaning)
}

export function mustGoOn(cleaning: Cleaning): void {
  if (cleaning.isOver()) throw new CleaningOver('the cleaning was given up')
}
