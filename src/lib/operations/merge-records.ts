import type { RecordSink } from '../model/record-sink.ts'
import type { OpenedPartitions, ReadFailure } from './open-partitions.ts'
import { type ReadWish, rangesOf } from './read-records.ts'
import { RecordStream } from './record-stream.ts'
import { StreamHeads } from './stream-heads.ts'

/** As many records as are wanted, of all partitions together by their timestamps; those of one keep their order. */
export async function* mergeRecords(
  opened: OpenedPartitions,
  wish: ReadWish,
  sink: RecordSink,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  const { ranges, failures } = await rangesOf(opened, wish.range)
  yield failures
  const streams = ranges
    .filter(({ range }) => range.from < range.to)
    .map((each) => new RecordStream(each, wish.isWanted))
  const heap = new StreamHeads()
  const failed: ReadFailure[] = []
  await Promise.all(streams.map(async (stream) => (await stream.advance(failed)) && heap.push(stream)))
  let left = wish.limit ?? Number.POSITIVE_INFINITY
  for (let first = heap.pop(); first !== undefined && left > 0; first = heap.pop()) {
    const { partition, batch, cursor } = first.at
    sink.add(partition, batch, cursor)
    left -= 1
    if (sink.isFull || failed.length > 0) yield failed.splice(0)
    if (left > 0 && (first.advanceWithin() || (await first.advance(failed)))) heap.push(first)
  }
  yield failed.splice(0)
  for (const stream of streams) stream.leave()
}
