import { FailedError, KtoolError } from '../errors.ts'
import type { RecordSink } from '../model/record-sink.ts'
import type { ReadablePartition, RecordsPart } from '../model/records.ts'
import type { OffsetSpec } from '../values/offsets.ts'
import { arriving, QUIET } from './arriving.ts'
import type { OpenedPartitions, ReadFailure } from './open-partitions.ts'
import { failureIn, type RangeOf, type ReadWish, RecordTaker, rangesOf, takePart } from './read-records.ts'

export type FollowWish = Pick<ReadWish, 'limit' | 'isWanted'> & {
  readonly from: Exclude<OffsetSpec, { readonly kind: 'current' }>
}

/** What is there from somewhere on, and then what is written, as it comes: it ends only at a limit. */
export async function* followRecords(
  opened: OpenedPartitions,
  { from, ...wish }: FollowWish,
  sink: RecordSink,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  const { ranges, failures } = await rangesOf(opened, { from, to: { kind: 'end' } })
  yield failures
  const taker = new RecordTaker(sink, wish)
  if (taker.isDone) return
  yield* followFrom(ranges, taker, sink)
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
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  const sources = ranges.map(({ partition, range }) => followed(partition, range.from))
  for await (const came of arriving(sources)) {
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

async function* followed(
  partition: ReadablePartition,
  from: number | bigint,
): AsyncGenerator<Came, void, undefined> {
  if (partition.follow === undefined) throw cannotFollow()
  try {
    for await (const part of partition.follow(from)) yield { partition, from, part }
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    yield { partition, from, part: { kind: 'lost', error: failureIn(partition, error).error } }
  }
}

/** Before anything is read. */
export function mustGoOn({ partitions }: OpenedPartitions): void {
  if (partitions.some(({ follow }) => follow === undefined)) throw cannotFollow()
}

function cannotFollow(): FailedError {
  return new FailedError('cannot-follow', 'a log directory cannot be followed', {
    hint: 'leave -f out, and ask again; following is for a live cluster',
  })
}
