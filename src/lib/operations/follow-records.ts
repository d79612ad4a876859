import { FailedError, KtoolError } from '../errors.ts'
import type { RecordSink } from '../model/record-sink.ts'
import type { LaterRecords, RecordsPart, RecordsView } from '../model/records.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { OffsetSpec } from '../values/offsets.ts'
import { arriving, QUIET } from './arriving.ts'
import { type FirstLook, type FollowedFrom, GrowingPartitions, type Growth } from './growing-partitions.ts'
import type { OpenedPartitions, ReadFailure } from './open-partitions.ts'
import { rangeIn } from './read-range.ts'
import { type ReadWish, RecordTaker, rangesOf, takePart } from './read-records.ts'

export type FollowWish = Pick<ReadWish, 'limit' | 'isWanted'> & {
  readonly from: Exclude<OffsetSpec, { readonly kind: 'current' }>
}

/**
 * What is there from somewhere on, and then what is written, as it comes: it ends only at a limit, or if there is
 * nothing to be followed any more.
 */
export async function* followRecords(
  opened: OpenedPartitions,
  { from, ...wish }: FollowWish,
  sink: RecordSink,
  growth: Growth,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  const asked = { from, to: { kind: 'end' } } as const
  const { ranges, failures } = await rangesOf(opened, asked)
  yield failures
  const taker = new RecordTaker(sink, wish)
  if (taker.isDone) return
  const begun = new Set(ranges.map(({ partition }) => partition))
  const first: FirstLook = {
    followed: ranges.map(({ partition, range }) => ({ partition, from: range.from })),
    unread: [...opened.unopened, ...opened.partitions.filter((each) => !begun.has(each))],
    begin: async (partition) => ({ partition, from: (await rangeIn(partition, asked)).from }),
  }
  yield* followFrom(first, taker, sink, growth)
}

interface Came extends FollowedFrom {
  readonly part: RecordsPart
}

export async function* followFrom(
  first: FirstLook,
  taker: RecordTaker,
  sink: RecordSink,
  growth: Growth,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  if (first.followed.length === 0 && !growth.isOpen) return
  const growing = new GrowingPartitions(growth, first)
  const sources = first.followed.map((each) => followed(each, growing))
  const more = { sources: newSources(growing), isAwaited: () => growing.isAwaited }
  for await (const came of arriving(sources, more)) {
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

async function* newSources(growing: GrowingPartitions) {
  for await (const found of growing.found()) {
    yield found.map((each) => followed(each, growing))
  }
}

async function* followed(
  { partition, from }: FollowedFrom,
  growing: GrowingPartitions,
): AsyncGenerator<Came, void, undefined> {
  if (partition.follow === undefined) throw cannotFollow()
  let next = from
  let trouble: KtoolError | undefined
  for await (const part of untilFailed(partition.follow(from))) {
    if (part.kind === 'lost') {
      trouble = part.error
      if (!growing.isNews(partition, trouble)) continue
    } else {
      trouble = undefined
      next = behind(part.batch)
      growing.cameOf(partition)
    }
    yield { partition, from, part }
  }
  if (trouble !== undefined) growing.ended(partition, next, trouble)
}

/** What ends it is the last of its parts. */
async function* untilFailed(parts: AsyncIterable<RecordsPart>): AsyncGenerator<RecordsPart, void, undefined> {
  try {
    yield* parts
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    yield { kind: 'lost', error }
  }
}

function behind({ lastOffset }: RecordBatch): number | bigint {
  const next = BigInt(lastOffset) + 1n
  return Number.isSafeInteger(Number(next)) ? Number(next) : next
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
