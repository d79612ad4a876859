import { join } from 'node:path'
import { segmentFileName } from '../files/file-names.ts'
import { leaderEpochFile } from '../files/leader-epoch-checkpoint.ts'
import { formatProducerSnapshot } from '../files/producer-snapshot.ts'
import type { PartitionFolder, SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { LeaderEpochs } from '../start/leader-epochs.ts'
import type { TidiedFolder } from '../start/leftovers.ts'
import type { LoadedLog } from '../start/log-load.ts'
import type { SnapshotStore } from '../start/snapshot-store.ts'
import type { StartSegment } from '../start/start-segment.ts'
import type { LogRoom } from './log-room.ts'
import { markDeleted } from './mark-deleted.ts'
import { replaceFile, writeFile } from './replace-file.ts'
import { inTableOrder } from './snapshot-order.ts'

/** What was computed of a start, and nothing of it done yet. */
export interface Start {
  readonly folder: PartitionFolder
  readonly tidied: TidiedFolder
  readonly epochs: LeaderEpochs
  readonly store: SnapshotStore
  readonly loaded: LoadedLog
  readonly isClean: boolean
}

export const indexKinds = ['index', 'timeindex', 'txnindex'] as const

/**
 * Makes the files of a folder what the start says. A crash on the way does no harm: each step leaves a folder
 * from which the next start computes the same end.
 */
export function applyStart(room: LogRoom, start: Start, fileDeleteDelayMs: number): void {
  const { disk } = room
  const { folder, tidied, loaded } = start
  for (const { path, kind, leftover } of tidied.deleted) {
    if (kind !== 'snapshot' || leftover !== null) disk.remove(path)
  }
  for (const { path } of tidied.renamed) disk.rename(path, finalPath(path))
  for (const name of folder.otherNames.filter(isMarkedDeleted)) disk.remove(join(folder.path, name))
  // From the end on, and before anything is cut: what is left must never look like a log with a hole in it.
  const gone = [
    ...loaded.removed.toReversed().flatMap((segment) => filesOf(segment)),
    ...setAsideSnapshots(start),
  ]
  const deleted = markDeleted(disk, gone)
  for (const segment of loaded.segments) applySegment(room, start, segment)
  room.deletions.after(fileDeleteDelayMs, deleted)
  applySnapshots(room, start)
  applyEpochs(room, start)
}

function applySegment({ disk }: LogRoom, { folder, isClean }: Start, segment: StartSegment): void {
  for (const kind of indexKinds) {
    const { before, rebuilt } = segment[kind]
    if (rebuilt === undefined || (before === undefined && kind === 'txnindex' && rebuilt.length === 0))
      continue
    const path = join(folder.path, segmentFileName(segment.baseOffset, kind))
    // Cut short, this start is followed by one that does it again; but not where only a missing index is made.
    if (before === undefined || isClean) replaceFile(disk, path, rebuilt)
    else writeFile(disk, path, rebuilt)
  }
  if (segment.sizeBytes >= segment.log.sizeBytes) return
  const file = disk.openToAppend(finalPath(segment.log.path))
  try {
    file.truncate(segment.sizeBytes)
  } finally {
    file.close()
  }
}

function filesOf(segment: StartSegment): string[] {
  const there: (SegmentFile | undefined)[] = [segment.log, ...indexKinds.map((kind) => segment[kind].before)]
  return there.flatMap((file) => (file === undefined ? [] : [finalPath(file.path)]))
}

function setAsideSnapshots({ folder, store }: Start): string[] {
  const there = new Set(folder.snapshots.map(({ baseOffset }) => baseOffset))
  return [...store.renamed.keys()]
    .filter((offset) => there.has(offset))
    .map((offset) => join(folder.path, segmentFileName(offset, 'snapshot')))
}

function applySnapshots({ disk }: LogRoom, { folder, store }: Start): void {
  const outcome = store.outcome()
  const now = new Set(outcome.map(({ offset }) => offset))
  for (const { baseOffset, path } of folder.snapshots) {
    if (!now.has(baseOffset) && !store.renamed.has(baseOffset)) disk.remove(path)
  }
  for (const { offset, isKept } of outcome) {
    // One of the same content may have been renamed with its segment.
    if (isKept && !store.renamed.has(offset)) continue
    const bytes = formatProducerSnapshot(inTableOrder(store.entriesAt(offset)))
    replaceFile(disk, join(folder.path, segmentFileName(offset, 'snapshot')), bytes)
  }
}

function applyEpochs({ disk }: LogRoom, { folder, epochs }: Start): void {
  const path = join(folder.path, leaderEpochFile)
  const isThere = folder.otherNames.includes(leaderEpochFile)
  if (!isThere && epochs.entries.length === 0) return
  const bytes = epochs.bytes()
  if (!isThere || !readSmallFile(disk, path).equals(bytes)) replaceFile(disk, path, bytes)
}

function finalPath(path: string): string {
  return path.replace(/\.swap$/, '')
}

function isMarkedDeleted(name: string): boolean {
  return name.endsWith('.deleted') && !name.endsWith('.checkpoint.deleted')
}
