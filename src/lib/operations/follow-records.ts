import { FailedError, KtoolError } from '../errors.ts'
import type { RecordSink } from '../model/record-sink.ts'
import {
  type LaterRecords,
  type ReadablePartition,
  type RecordsPart,
  type RecordsView,
  TOPIC_DELETED,
} from '../model/records.ts'
import type { OffsetSpec } from '../values/offsets.ts'
import { arriving, QUIET } from './arriving.ts'
import { GrowingPartitions, type Growth } from './growing-partitions.ts'
import type { OpenedPartitions, ReadFailure } from './open-partitions.ts'
import { failureIn, type RangeOf, type ReadWish, RecordTaker, rangesOf, takePart } from './read-records.ts'

export type FollowWish = Pick<ReadWish, 'limit' | 'isWanted'> & {
  readonly from: Exclude<OffsetSpec, { readonly kind: 'current' }>
}

/**
 * What is there from somewhere on, and then what is written, as it comes: it ends only at a limit, or if there was
 * nothing to be followed.
 */
export async function* followRecords(
  opened: OpenedPartitions,
  { from, ...wish }: FollowWish,
  sink: RecordSink,
  growth: Growth,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  const { ranges, failures } = await rangesOf(opened, { from, to: { kind: 'end' } })
  yield failures
  const taker = new RecordTaker(sink, wish)
  if (taker.isDone) return
  yield* followFrom(ranges, taker, sink, growth)
}

interface Came {
  readonly partition: ReadablePartition
  readonly from: number | bigint
  readonly part: RecordsPart
}

export async function* followFrom(
  ranges: readonly RangeOf[],
  taker: RecordTaker,
  sink: RecordSink,
  growth: Growth,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  if (ranges.length === 0 && !growth.isOpen) return
  const growing = new GrowingPartitions(
    growth,
    ranges.map(({ partition }) => partition),
  )
  const sources = ranges.map(({ partition, range }) => followed(partition, range.from, growing))
  for await (const came of arriving(sources, newSources(growing))) {
    if (came === QUIET) {
      yield []
      continue
    }
    const { partition, from, part } = came
    const failed = takePart(partition, part, { from, to: null }, taker)
    if (failed.length > 0 || sink.isFull) yield failed
    if (taker.isDone) break
  }
  yield []
}

/** Whatever is in them was written since we follow. */
async function* newSources(growing: GrowingPartitions) {
  for await (const found of growing.found()) {
    yield found.map((partition) => followed(partition, partition.logStart, growing))
  }
}

async function* followed(
  partition: ReadablePartition,
  from: number | bigint,
  growing: GrowingPartitions,
): AsyncGenerator<Came, void, undefined> {
  if (partition.follow === undefined) throw cannotFollow()
  const lost = (error: KtoolError) => {
    if (error.code === TOPIC_DELETED) growing.forget(partition)
    return { partition, from, part: { kind: 'lost', error } } as const
  }
  try {
    for await (const part of partition.follow(from)) {
      yield part.kind === 'lost' ? lost(part.error) : { partition, from, part }
    }
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    yield lost(failureIn(partition, error).error)
  }
}

/** Before anything is read: what is looked at later. */
export function mustGoOn({ later }: RecordsView): LaterRecords {
  if (later === undefined) throw cannotFollow()
  return later
}

function cannotFollow(): FailedError {
  return new FailedError('cannot-follow', 'a log directory cannot be followed', {
    hint: 'leave -f out, and ask again; following is for a live cluster',
  })
}
