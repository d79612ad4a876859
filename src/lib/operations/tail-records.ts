import type { RecordPlace, RecordSink, RecordTest } from '../model/record-sink.ts'
import type { ReadablePartition } from '../model/records.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { RecordCursor } from '../records/record-cursor.ts'
import { followFrom } from './follow-records.ts'
import type { FollowedFrom, Growth } from './growing-partitions.ts'
import type { OpenedPartitions, ReadFailure } from './open-partitions.ts'
import { RecordTaker, readRange } from './read-records.ts'

interface Placed<Kept> {
  readonly timestamp: number | bigint
  readonly kept: Kept
}

/** Makes what is kept of the record that a cursor is at. */
export type KeepRecord<Kept> = (place: RecordPlace, batch: RecordBatch, cursor: RecordCursor) => Kept

export interface AskedTail {
  readonly count: number
  readonly isWanted?: RecordTest | undefined
}

export interface Tail<Kept> {
  readonly kept: readonly Kept[]
  readonly failures: readonly ReadFailure[]
}

export interface FollowedTail extends AskedTail {
  /** How it goes on; null ends with what is there. */
  readonly growth: Growth | null
}

/** Takes records as they come, or makes of each what can be kept until all are there. */
export interface TailTaker<Kept> {
  readonly sink: RecordSink
  readonly keep: KeepRecord<Kept>
}

/** The last records, and then what is written, as it comes. */
export async function* tailAndFollow<Kept>(
  opened: OpenedPartitions,
  asked: FollowedTail,
  { sink, keep }: TailTaker<Kept>,
): AsyncGenerator<Tail<Kept>, void, undefined> {
  yield await tailRecords(opened, asked, keep)
  if (asked.growth === null) return
  const atEnd = (partition: ReadablePartition): FollowedFrom => ({ partition, from: partition.end })
  const first = {
    followed: opened.partitions.map(atEnd),
    unread: opened.unopened,
    begin: async (partition: ReadablePartition) => atEnd(partition),
  }
  const taker = new RecordTaker(sink, { isWanted: asked.isWanted })
  for await (const failures of followFrom(first, taker, sink, asked.growth)) yield { kept: [], failures }
}

/** So many partitions are looked at together. */
const AT_ONCE = 64

/** The last records of all partitions together, by their timestamps; within a partition they keep their order. */
export async function tailRecords<Kept>(
  opened: OpenedPartitions,
  asked: AskedTail,
  keep: KeepRecord<Kept>,
): Promise<Tail<Kept>> {
  const failures: ReadFailure[] = [...opened.failures]
  let newest: Placed<Kept>[] = []
  const { partitions } = opened
  for (let i = 0; i < partitions.length; i += AT_ONCE) {
    const tails = await Promise.all(
      partitions.slice(i, i + AT_ONCE).map((partition) => lastOf(partition, asked, placed(keep))),
    )
    for (const tail of tails) failures.push(...tail.failures)
    newest = newestOf([newest, ...tails.map(({ kept }) => [...kept])], asked.count)
  }
  return { kept: newest.map(({ kept }) => kept), failures }
}

function placed<Kept>(keep: KeepRecord<Kept>): KeepRecord<Placed<Kept>> {
  return (...record) => ({ timestamp: record[2].timestamp, kept: keep(...record) })
}

/** Goes back from the end until there are enough: offsets may be taken by markers, or by what is cleaned away. */
async function lastOf<Kept>(
  partition: ReadablePartition,
  { count, isWanted }: AskedTail,
  keep: KeepRecord<Kept>,
): Promise<Tail<Kept>> {
  const { logStart, end } = partition
  for (let back = BigInt(count); ; back *= 4n) {
    const from = BigInt(end) - back > logStart ? Number(BigInt(end) - back) : logStart
    const kept: Kept[] = []
    const failures: ReadFailure[] = []
    const sink = new KeptRecords(keep)
    const taker = new RecordTaker(sink, { isWanted })
    if (from >= end) return { kept, failures }
    for await (const failed of readRange(partition, partition.read(from, end), { from, to: end }, taker)) {
      kept.push(...sink.take())
      failures.push(...failed)
      if (kept.length > count) kept.splice(0, kept.length - count)
    }
    if (kept.length >= count || from <= logStart) return { kept, failures }
  }
}

/** Takes the newest last record of any partition, as often as there shall be records. */
function newestOf<Kept>(tails: readonly Placed<Kept>[][], count: number): Placed<Kept>[] {
  const newest: Placed<Kept>[] = []
  while (newest.length < count) {
    const from = tails.reduce<Placed<Kept>[] | undefined>(
      (best, tail) => (isNewer(tail, best) ? tail : best),
      undefined,
    )
    const last = from?.pop()
    if (last === undefined) break
    newest.push(last)
  }
  return newest.reverse()
}

function isNewer(tail: readonly { timestamp: number | bigint }[], best: typeof tail | undefined): boolean {
  const last = tail.at(-1)
  if (last === undefined) return false
  const other = best?.at(-1)
  return other === undefined || last.timestamp >= other.timestamp
}

class KeptRecords<Kept> implements RecordSink {
  readonly isFull = false
  readonly #keep: KeepRecord<Kept>
  #kept: Kept[] = []

  constructor(keep: KeepRecord<Kept>) {
    this.#keep = keep
  }

  add(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    this.#kept.push(this.#keep(place, batch, cursor))
  }

  addAll(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    while (cursor.next()) this.add(place, batch, cursor)
  }

  take(): readonly Kept[] {
    const kept = this.#kept
    this.#kept = []
    return kept
  }
}
