import type { Int64 } from '../../bytes/int64.ts'
import { formatSize } from '../../values/sizes.ts'
import type { SegmentFacts } from './segment-facts.ts'

/** What a broker reads of a log when it starts. */
export interface RecoveryPlan {
  /** Everything below is on the disk itself. */
  readonly recoveryPoint: Int64
  /** Read and checked after an unclean stop, by segment. */
  readonly isRead: readonly boolean[]
  readonly segmentCount: number
  readonly sizeBytes: number
  readonly reason: string
}

export interface StartFacts {
  /** Whether the broker said goodbye; null where the folder lies in no log directory. */
  readonly isClean: boolean | null
  /** The metadata log of KRaft is, whatever the broker said. */
  readonly isAlwaysRecovered: boolean
  /** The line of the checkpoint; undefined if there is none. */
  readonly recoveryPoint: Int64 | undefined
}

export function planRecovery(
  segments: readonly SegmentFacts[],
  logEndOffset: Int64,
  start: StartFacts,
): RecoveryPlan {
  const said = start.recoveryPoint ?? 0
  const recoveryPoint = said < logEndOffset ? said : logEndOffset
  // The segment that the point lies in is read from its beginning; one without the end is the active one.
  const isRead = segments.map(({ nextOffset, isActive }) => isActive || nextOffset > recoveryPoint)
  const read = segments.filter((_, i) => isRead[i])
  const sizeBytes = read.reduce((sum, each) => sum + each.sizeBytes, 0)
  const noLine = start.recoveryPoint === undefined ? ', which no checkpoint has' : ''
  const work = `reads ${read.length} of ${segments.length} segments (${formatSize(sizeBytes)}), from recovery point ${recoveryPoint}${noLine}, rebuilds their indexes and cuts at the first batch that is damaged`
  return {
    recoveryPoint,
    isRead,
    segmentCount: read.length,
    sizeBytes,
    reason: sentence(start, work),
  }
}

function sentence({ isClean, isAlwaysRecovered }: StartFacts, work: string): string {
  if (isAlwaysRecovered) return `the metadata log is recovered at every start, which ${work}`
  if (isClean === true)
    return `the last stop was clean: the next start reads no batches. After an unclean one it ${work}`
  if (isClean === false) return `no clean shutdown, unless the broker is running: the next start ${work}`
  return `after an unclean stop a start ${work}`
}
