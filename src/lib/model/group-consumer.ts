import type { RecordBatch } from '../records/record-batch.ts'
import type { TopicPartition } from './groups.ts'
import type { Isolation } from './records.ts'

/** What a member of a group is to read. */
export interface GroupWish {
  readonly group: string
  readonly topics: readonly string[]
  readonly isolation: Isolation
  /** Where to begin in partitions of which the group has committed nothing. */
  readonly from: 'start' | 'end'
  /** So many partitions may be worked on at once. */
  readonly partitionsAtOnce: number
  /** Where each partition that it may be given ends, to leave when all of its own are through; null goes on. */
  readonly ends: ReadonlyMap<string, number | bigint> | null
}

/** A group that can be joined; the signal says that we are to stop. */
export interface JoinableGroup {
  join(signal: AbortSignal): Promise<GroupConsumer>
}

/** A membership of a group. Whoever joins has to leave. */
export interface GroupConsumer {
  /** What the group hands to us, until we are through, or somebody stops it. */
  batches(): AsyncIterable<GroupBatch>
  /** Nothing is handed out any more; what was is still to be done with. */
  stop(): void
  leave(): Promise<void>
}

/** Some records of one partition. The next of it come when these are done with. */
export interface GroupBatch extends TopicPartition {
  readonly batches: readonly RecordBatch[]
  /** Behind the last of them, and what is there that nobody is shown. */
  readonly next: number | bigint
  /** Whether the partition is to be given to somebody else, or we are to stop: what is not begun should not be. */
  readonly isRevoked: boolean
  /** Whoever takes the partition over goes on here. */
  commit(next: number | bigint): Promise<void>
  done(): void
}
