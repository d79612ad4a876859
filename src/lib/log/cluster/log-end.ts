import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import { readLogBounds } from '../state/log-bounds.ts'

/** How far a copy of a log goes, to compare it with the others. */
export interface LogEnd {
  readonly endOffset: Int64
  /** Of the newest leader that it knows of: one that wrote nothing yet stands in its file of epochs. */
  readonly epoch: number
  /** Of the leader that wrote the end; −1 where nothing says. */
  readonly endEpoch: number
  /** Why it cannot be read; null where it can. */
  readonly problem: KtoolError | null
}

/** A copy that is out of reach goes nowhere: it is told of by whoever needs what is in it, if anybody does. */
export function readLogEnd(disk: ReadableDisk, folder: PartitionFolder): LogEnd {
  try {
    const { lastLeaderEpoch, endLeaderEpoch, logEndOffset } = readLogBounds(disk, folder)
    return { endOffset: logEndOffset, epoch: lastLeaderEpoch, endEpoch: endLeaderEpoch, problem: null }
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    return { endOffset: folder.segments.at(-1)?.baseOffset ?? 0, epoch: -1, endEpoch: -1, problem: cause }
  }
}
