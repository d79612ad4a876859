import { KtoolError } from '../errors.ts'
import { partitionName } from '../model/partitions.ts'
import type { RecordSink, RecordTest } from '../model/record-sink.ts'
import type { ReadablePartition, RecordsPart } from '../model/records.ts'
import { openRecords } from '../records/open-records.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { OpenedPartitions, ReadFailure } from './open-partitions.ts'
import { type AskedRange, type OffsetRange, rangeIn } from './read-range.ts'

export interface ReadWish {
  readonly range: AskedRange
  /** No more records than this. */
  readonly limit?: number | undefined
  readonly isWanted?: RecordTest | undefined
}

/**
 * As many records as are wanted, by partition and offset. Whenever the sink has enough, or something failed, it is time
 * to take. A damaged place is a failure; what lies behind it follows.
 */
export async function* readRecords(
  opened: OpenedPartitions,
  wish: ReadWish,
  sink: RecordSink,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  const { ranges, failures } = await rangesOf(opened, wish.range)
  yield failures
  const taker = new RecordTaker(sink, wish)
  for (const { partition, range, parts } of begun(ranges, wish.limit === undefined)) {
    if (taker.isDone) break
    for await (const failed of readRange(
      partition,
      parts ?? partition.read(range.from, range.to),
      range,
      taker,
    )) {
      if (failed.length > 0 || sink.isFull) yield failed
      if (taker.isDone) break
    }
  }
  yield []
}

export interface RangeOf {
  readonly partition: ReadablePartition
  readonly range: OffsetRange
}

interface BegunRange extends RangeOf {
  readonly parts?: AsyncIterable<RecordsPart>
}

/** Whoever reads everything says so at the beginning: a cluster brings more of it while the first is read. */
function begun(ranges: readonly RangeOf[], isAll: boolean): readonly BegunRange[] {
  const some = ranges.filter(({ range }) => range.from < range.to)
  if (!isAll) return some
  return some.map(({ partition, range }) => ({
    partition,
    range,
    parts: partition.read(range.from, range.to),
  }))
}

/** What was asked for, in each partition; one that cannot tell is a failure. */
export async function rangesOf(
  { partitions, failures }: OpenedPartitions,
  asked: AskedRange,
): Promise<{ readonly ranges: readonly RangeOf[]; readonly failures: readonly ReadFailure[] }> {
  const found = await Promise.all(
    partitions.map(async (partition) => {
      try {
        return { partition, range: await rangeIn(partition, asked) }
      } catch (error) {
        if (!(error instanceof KtoolError)) throw error
        return failureIn(partition, error)
      }
    }),
  )
  const ranges = found.filter((each): each is RangeOf => 'range' in each)
  const failed = found.filter((each): each is ReadFailure => 'error' in each)
  return { ranges, failures: [...failures, ...failed] }
}

/** Puts the wanted records of batches into a sink, up to a limit. */
export class RecordTaker {
  readonly #sink: RecordSink
  readonly #isWanted: RecordTest | undefined
  #left: number

  constructor(sink: RecordSink, { limit, isWanted }: Pick<ReadWish, 'limit' | 'isWanted'> = {}) {
    this.#sink = sink
    this.#isWanted = isWanted
    this.#left = limit ?? Number.POSITIVE_INFINITY
  }

  get isDone(): boolean {
    return this.#left <= 0
  }

  /** Throws where a record cannot be read; those before it are taken. */
  take(partition: ReadablePartition, batch: RecordBatch, range: FollowedRange): void {
    // Whoever found the batch has checked its CRC.
    const cursor = openRecords(batch, { checkCrc: false })
    if (this.#isWanted === undefined && isWithin(batch, range) && this.#hasRoomFor(batch)) {
      this.#sink.addAll(partition, batch, cursor)
      this.#left -= batch.count ?? 0
      return
    }
    while (this.#left > 0 && cursor.next()) {
      if (cursor.offset < range.from || (range.to !== null && cursor.offset >= range.to)) continue
      if (this.#isWanted !== undefined && !this.#isWanted(cursor)) continue
      this.#sink.add(partition, batch, cursor)
      this.#left -= 1
    }
  }

  /** A wrapper does not say how many it holds. */
  #hasRoomFor({ count }: RecordBatch): boolean {
    return this.#left === Number.POSITIVE_INFINITY || (count !== null && count <= this.#left)
  }
}

/** Where `to` is null, it goes on. */
export type FollowedRange = Pick<OffsetRange, 'from'> & { readonly to: OffsetRange['to'] | null }

function isWithin({ baseOffset, lastOffset }: RecordBatch, { from, to }: FollowedRange): boolean {
  return baseOffset !== null && baseOffset >= from && (to === null || lastOffset < to)
}

/** The records of one partition, a batch at a time. Where it cannot go on, that is a failure of this partition. */
export async function* readRange(
  partition: ReadablePartition,
  parts: AsyncIterable<RecordsPart>,
  range: FollowedRange,
  taker: RecordTaker,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  try {
    for await (const part of parts) yield takePart(partition, part, range, taker)
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    yield [failureIn(partition, error)]
  }
}

export function takePart(
  partition: ReadablePartition,
  part: RecordsPart,
  range: FollowedRange,
  taker: RecordTaker,
): readonly ReadFailure[] {
  if (part.kind === 'lost') return [failureIn(partition, part.error)]
  try {
    taker.take(partition, part.batch, range)
    return noFailures
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return [failureIn(partition, error)]
  }
}

const noFailures: readonly ReadFailure[] = []

export function failureIn({ topic, partition }: ReadablePartition, error: KtoolError): ReadFailure {
  return { item: partitionName({ topic, partition }), error }
}
