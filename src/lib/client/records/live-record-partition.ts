import { type Int64, toInt64 } from '../../bytes/int64.ts'
import type { Isolation, ReadablePartition, RecordsPart } from '../../model/records.ts'
import { FetchLane } from './fetch-lane.ts'
import type { OffsetsByTime } from './offsets-by-time.ts'
import type { RecordFetcher } from './record-fetcher.ts'

export interface KnownPlace {
  readonly topic: string
  readonly topicId: string | null
  readonly partition: number
  /** −1: nobody, at the moment. */
  readonly leader: number
}

/** Where it starts and ends, as its leader said when it was opened. */
export interface Bounds {
  readonly logStart: Int64
  readonly highWatermark: Int64
  readonly lastStable: Int64
}

/** A partition whose end is pinned: what is written meanwhile is not read, or a busy one would never end. */
export class LiveRecordPartition implements ReadablePartition {
  readonly topic: string
  readonly partition: number
  readonly topicId: string | null
  readonly logStart: Int64
  readonly end: Int64
  readonly note: string | null
  readonly #place: KnownPlace
  readonly #fetcher: RecordFetcher
  readonly #times: OffsetsByTime

  constructor(
    place: KnownPlace,
    bounds: Bounds,
    isolation: Isolation,
    fetcher: RecordFetcher,
    times: OffsetsByTime,
  ) {
    this.topic = place.topic
    this.partition = place.partition
    this.topicId = place.topicId
    this.logStart = bounds.logStart
    this.end = isolation === 'committed' ? bounds.lastStable : bounds.highWatermark
    this.note = this.end < bounds.highWatermark ? heldBack(place, bounds) : null
    this.#place = place
    this.#fetcher = fetcher
    this.#times = times
  }

  async offsetAt(timeMs: number): Promise<Int64 | null> {
    return this.#times.find(this.#place, timeMs)
  }

  read(from: Int64, to: Int64): AsyncIterable<RecordsPart> {
    return this.#lane(from, to)
  }

  follow(from: Int64): AsyncIterable<RecordsPart> {
    return this.#lane(from, null)
  }

  #lane(from: Int64, to: Int64 | null): AsyncIterable<RecordsPart> {
    const { topic, topicId, partition, leader } = this.#place
    const range = { topic, topicId, partition, from: toInt64(BigInt(from)), to }
    return this.#fetcher.add(new FetchLane(range, leader < 0 ? undefined : leader))
  }
}

function heldBack({ topic, partition }: KnownPlace, { lastStable, highWatermark }: Bounds): string {
  return `${topic}:${partition} is read up to the last stable offset, ${lastStable} (an open transaction holds it back); its high watermark is ${highWatermark}`
}
