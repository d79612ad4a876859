import type { Int64 } from '../../../bytes/int64.ts'
import { CheckFailed, KtoolError } from '../../../errors.ts'
import type { Outcome } from '../../../model/outcome.ts'
import { partitionName } from '../../../model/partitions.ts'
import type { Isolation, ReadablePartition, RecordsPart, RecordsView } from '../../../model/records.ts'
import type { ReadableDisk } from '../../../ports/disk.ts'
import type { ChosenPartition, LogDirectories } from '../../cluster/log-directories.ts'
import { findByOffset } from '../../lookup/find-by-offset.ts'
import { findByTime } from '../../lookup/find-by-time.ts'
import { mustHaveSegments, type Segment } from '../../partition-folder.ts'
import type { PartitionState } from '../../state/partition-state.ts'
import type { BorrowedCopies } from '../borrowed-copies.ts'
import { chosenState } from '../chosen-state.ts'
import { partitionNotHere, partitionNumbers, topicNotFound } from '../known-partitions.ts'
import { AbortedTransactions, readAbortedTransactions } from './aborted-transactions.ts'
import { readBatches } from './read-batches.ts'

/** The records that lie in log directories. */
export function diskRecords(
  disk: ReadableDisk,
  directories: LogDirectories,
  borrowed: BorrowedCopies,
): RecordsView {
  return {
    open: async (topic, isolation, isWanted = () => true) => {
      const numbers = partitionNumbers(directories, topic)
      if (numbers === undefined) throw topicNotFound(directories, topic)
      return numbers.filter(isWanted).flatMap((partition) => {
        const chosen = directories.partition(topic, partition)
        if (chosen !== undefined) {
          borrowed.add(chosen)
          return openOne(disk, chosen, isolation)
        }
        return [
          {
            item: partitionName({ topic, partition }),
            outcome: partitionNotHere(directories, topic, partition),
          },
        ]
      })
    },
  }
}

function openOne(
  disk: ReadableDisk,
  chosen: ChosenPartition,
  isolation: Isolation,
): Outcome<ReadablePartition>[] {
  const item = partitionName(chosen)
  try {
    mustHaveSegments(chosen.folder)
    const partition = new DiskPartition(disk, chosen, isolation)
    const lost = partition.allLost()
    return [{ item, outcome: partition }, ...(lost === null ? [] : [{ item, outcome: lost }])]
  } catch (error) {
    if (error instanceof KtoolError) return [{ item, outcome: error }]
    throw error
  }
}

class DiskPartition implements ReadablePartition {
  readonly topic: string
  readonly partition: number
  readonly logStart: Int64
  readonly end: Int64
  readonly note: string | null
  readonly #disk: ReadableDisk
  readonly #chosen: ChosenPartition
  readonly #state: PartitionState
  readonly #isolation: Isolation

  constructor(disk: ReadableDisk, chosen: ChosenPartition, isolation: Isolation) {
    const { topic, partition } = chosen
    const name = partitionName({ topic, partition })
    const state = chosenState(disk, chosen)
    this.topic = topic
    this.partition = partition
    this.logStart = state.logStartOffset
    this.end = isolation === 'committed' ? state.lastStableOffset : state.highWatermark
    this.note = behindTheEnd(name, this.end, state, isolation)
    this.#disk = disk
    this.#chosen = chosen
    this.#state = state
    this.#isolation = isolation
  }

  /** There is nothing to read, since what is there is damaged: nobody would come upon it. */
  allLost(): CheckFailed | null {
    const [damage] = this.#state.damages
    if (this.logStart < this.end || damage === undefined) return null
    return new CheckFailed('damaged-log', damage, {
      hint: 'ktool segments verify tells all that is wrong with it',
    })
  }

  async offsetAt(timeMs: number): Promise<Int64 | null> {
    const { found, overlooked } = findByTime(this.#disk, this.#chosen.folder, this.#state, timeMs)
    return (found ?? overlooked)?.offset ?? null
  }

  async *read(from: Int64, to: Int64): AsyncGenerator<RecordsPart, void, undefined> {
    const { folder } = this.#chosen
    const isCommitted = this.#isolation === 'committed'
    const aborted = isCommitted
      ? readAbortedTransactions(this.#disk, folder)
      : new AbortedTransactions(new Map())
    const positionIn = (segment: Segment, offset: Int64) => this.#positionIn(segment, offset)
    yield* readBatches(this.#disk, folder, { from, to, aborted, positionIn })
  }

  /** Where the index sends a search for this offset. */
  #positionIn({ log }: Segment, offset: Int64): number {
    const { steps } = findByOffset(this.#disk, this.#chosen.folder, this.#state, offset)
    return steps.find(({ file }) => file === log.name)?.scannedFrom ?? 0
  }
}

function behindTheEnd(
  name: string,
  end: Int64,
  { logEndOffset, highWatermark, notes }: PartitionState,
  isolation: Isolation,
): string | null {
  if (end >= logEndOffset) return null
  const isHeldBack = isolation === 'committed' && end < highWatermark
  const what = isHeldBack ? 'the last stable offset' : 'the high watermark'
  const why = isHeldBack ? notes.lastStableOffset : notes.highWatermark
  const known = why === null ? '' : ` (${why})`
  return `${name} is read up to ${what}, ${end}${known}; its log goes on to ${logEndOffset}: ktool dump-segment shows that too`
}
