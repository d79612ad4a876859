import { KtoolError } from '../errors.ts'
import type { GroupBatch, GroupConsumer } from '../model/group-consumer.ts'
import { partitionName } from '../model/partitions.ts'
import type { RecordSink, RecordTest } from '../model/record-sink.ts'
import { openRecords } from '../records/open-records.ts'
import type { ReadFailure } from './open-partitions.ts'

export interface GroupReading {
  readonly limit?: number | undefined
  readonly isWanted?: RecordTest | undefined
}

/**
 * What a group hands to us. Whoever asks for more has taken what came before: only then is it committed, so that
 * nothing is lost when a pipe closes. The same may come twice.
 */
export async function* consumeGroup(
  consumer: GroupConsumer,
  { limit, isWanted }: GroupReading,
  sink: RecordSink,
): AsyncGenerator<readonly ReadFailure[], void, undefined> {
  let left = limit ?? Number.POSITIVE_INFINITY
  try {
    if (left <= 0) return
    for await (const batch of consumer.batches()) {
      const taken = takeBatch(batch, left, isWanted, sink)
      left -= taken.count
      yield []
      const failed = await committed(batch, taken.next)
      if (failed.length > 0) yield failed
      batch.done()
      if (left <= 0) return
    }
  } finally {
    await consumer.leave()
  }
}

interface Taken {
  readonly count: number
  readonly next: number | bigint
}

function takeBatch(
  batch: GroupBatch,
  limit: number,
  isWanted: RecordTest | undefined,
  sink: RecordSink,
): Taken {
  let count = 0
  for (const each of batch.batches) {
    const cursor = openRecords(each, { checkCrc: false })
    while (cursor.next()) {
      if (count >= limit) return { count, next: cursor.offset }
      if (isWanted !== undefined && !isWanted(cursor)) continue
      sink.add(batch, each, cursor)
      count += 1
    }
  }
  return { count, next: batch.next }
}

/** A group that is dealt anew has others commit; what we have taken comes to them once more. */
export async function committed(batch: GroupBatch, next: number | bigint): Promise<readonly ReadFailure[]> {
  try {
    await batch.commit(next)
    return []
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return isDealtAnew(error) ? [] : [{ item: partitionName(batch), error }]
  }
}

function isDealtAnew({ code }: KtoolError): boolean {
  return code === 'rebalance-in-progress' || code === 'illegal-generation' || code === 'unknown-member-id'
}
