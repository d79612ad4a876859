import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { PartitionFolder, Segment, SegmentFile } from '../partition-folder.ts'
import { StartSegment } from './start-segment.ts'

/** What a start makes of the steps that were under way when the broker stopped. */
export interface TidiedFolder {
  /** Those to be loaded, also those that were a swap's. */
  readonly segments: readonly Segment[]
  readonly snapshots: readonly SegmentFile[]
  readonly deleted: readonly SegmentFile[]
  /** Swapped files that get their final name. */
  readonly renamed: readonly SegmentFile[]
}

export function tidy(disk: ReadableDisk, folder: PartitionFolder): TidiedFolder {
  const { files } = folder
  const cleaned = files.filter(({ leftover }) => leftover === 'cleaned')
  const firstCleaned = cleaned.map(({ baseOffset }) => baseOffset).reduce(smaller, undefined)
  // Swapped files behind one that was still being cleaned are of a split that was not done.
  const isValid = ({ baseOffset }: SegmentFile) => firstCleaned === undefined || baseOffset < firstCleaned
  const swaps = files.filter(({ leftover }) => leftover === 'swap')
  const renamed = swaps.filter(isValid)
  const range = rangeOf(disk, renamed)
  // One that was emptied stands for no offset, and takes the place of what has its name all the same.
  const swapped = new Set(renamed.filter(({ kind }) => kind === 'log').map(({ baseOffset }) => baseOffset))
  const isReplaced = ({ baseOffset, kind }: SegmentFile) =>
    (range !== undefined && baseOffset >= range.from && baseOffset < range.to) ||
    (kind !== 'snapshot' && swapped.has(baseOffset))
  const inUse = files.filter(({ leftover, kind }) => leftover === null && kind !== 'checkpoint')
  const gone = files.filter(({ leftover, kind }) => leftover === 'deleted' && kind !== 'checkpoint')
  const invalid = swaps.filter((file) => !isValid(file))
  const kept = [...inUse.filter((file) => !isReplaced(file)), ...renamed]
  const hasLog = new Set(kept.filter(({ kind }) => kind === 'log').map(({ baseOffset }) => baseOffset))
  const isOrphan = ({ kind, baseOffset }: SegmentFile) =>
    (kind === 'index' || kind === 'timeindex' || kind === 'txnindex') && !hasLog.has(baseOffset)
  const orphans = kept.filter(isOrphan)
  return {
    segments: segmentsOf(kept),
    snapshots: kept.filter(({ kind }) => kind === 'snapshot').sort(byOffset),
    deleted: [...gone, ...cleaned, ...invalid, ...inUse.filter(isReplaced), ...orphans],
    renamed: renamed.filter((file) => !orphans.includes(file)),
  }
}

/** The offsets that swapped logs stand for. */
function rangeOf(disk: ReadableDisk, swaps: readonly SegmentFile[]): { from: Int64; to: Int64 } | undefined {
  const segments = segmentsOf(swaps)
  const [first] = segments
  if (first === undefined) return undefined
  const ends = segments.map((segment) => nextOffset(disk, segment))
  return { from: first.baseOffset, to: ends.reduce((a, b) => (a > b ? a : b)) }
}

function nextOffset(disk: ReadableDisk, segment: Segment): Int64 {
  const file = disk.openToRead(segment.log.path)
  try {
    return new StartSegment(disk, file, segment, { soundUpTo: 0 }).nextOffset()
  } finally {
    file.close()
  }
}

function segmentsOf(files: readonly SegmentFile[]): Segment[] {
  const logs = files.filter(({ kind }) => kind === 'log').sort(byOffset)
  return logs.map((log) => {
    const { baseOffset } = log
    const beside = (kind: SegmentFile['kind']) =>
      files.find((file) => file.kind === kind && file.baseOffset === baseOffset)
    return {
      baseOffset,
      log,
      index: beside('index'),
      timeindex: beside('timeindex'),
      txnindex: beside('txnindex'),
    }
  })
}

function smaller(a: Int64 | undefined, b: Int64): Int64 {
  return a === undefined || b < a ? b : a
}

function byOffset(a: SegmentFile, b: SegmentFile): number {
  return a.baseOffset < b.baseOffset ? -1 : 1
}
