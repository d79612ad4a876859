import { join } from 'node:path'
import type { ReadableDisk } from '../../ports/disk.ts'
import { segmentFileName } from '../files/file-names.ts'
import { leaderEpochFile } from '../files/leader-epoch-checkpoint.ts'
import type { PartitionFolder, SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import type { TidiedFolder } from './leftovers.ts'
import type { LoadedLog } from './log-load.ts'
import type { SnapshotStore } from './snapshot-store.ts'
import type { StartedFile } from './start-prediction.ts'
import type { StartIndex, StartSegment } from './start-segment.ts'

interface Started {
  readonly tidied: TidiedFolder
  readonly loaded: LoadedLog
  readonly epochs: LeaderEpochs
  readonly store: SnapshotStore
}

const indexKinds = ['index', 'timeindex', 'txnindex'] as const

/** What became of every file of the folder, by name. */
export function startedFiles(disk: ReadableDisk, folder: PartitionFolder, started: Started): StartedFile[] {
  const { tidied, loaded, store } = started
  const files = [
    ...tidied.deleted.flatMap(({ name, kind, leftover, sizeBytes }) =>
      kind === 'snapshot' && leftover === null ? [] : [file(name, 'delete', sizeBytes)],
    ),
    ...tidied.renamed.map((swap) => file(swap.name, 'rename', swap.sizeBytes, finalName(swap))),
    ...loaded.segments.flatMap((segment) => filesOf(disk, segment)),
    ...loaded.removed.flatMap((segment) => removedFilesOf(segment)),
    ...createdFiles(loaded),
    ...snapshotFiles(folder, store),
    ...epochFiles(disk, folder, started),
    ...otherFiles(disk, folder),
  ]
  return files.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function filesOf(disk: ReadableDisk, segment: StartSegment): StartedFile[] {
  const { log, sizeBytes, baseOffset } = segment
  const action = sizeBytes < log.sizeBytes ? 'truncate' : 'keep'
  // A swapped file that is kept as it is has its line as one that is renamed.
  const files = log.leftover !== null && action === 'keep' ? [] : [file(finalName(log), action, sizeBytes)]
  for (const kind of indexKinds)
    files.push(...indexFile(disk, segment[kind], segmentFileName(baseOffset, kind)))
  return files
}

function indexFile(disk: ReadableDisk, index: StartIndex, name: string): StartedFile[] {
  const { before, rebuilt } = index
  if (before === undefined) {
    const isMade = rebuilt !== undefined && (rebuilt.length > 0 || !name.endsWith('.txnindex'))
    return isMade ? [file(name, 'rebuild', rebuilt.length)] : []
  }
  const isSame = rebuilt === undefined || isSameIndex(rebuilt, readSmallFile(disk, before.path), name)
  if (!isSame) return [file(name, 'rebuild', rebuilt.length)]
  if (before.leftover !== null) return []
  return [file(name, 'keep', rebuilt?.length ?? before.sizeBytes)]
}

/** Zeros at the end are room that was kept for entries. Of a transaction index only the size is known. */
function isSameIndex(rebuilt: Buffer, before: Buffer, name: string): boolean {
  if (name.endsWith('.txnindex')) return rebuilt.length === before.length
  if (before.length < rebuilt.length || !rebuilt.equals(before.subarray(0, rebuilt.length))) return false
  return before.subarray(rebuilt.length).every((byte) => byte === 0)
}

function removedFilesOf(segment: StartSegment): StartedFile[] {
  const there = [segment.log, ...indexKinds.map((kind) => segment[kind].before)]
  return there.flatMap((before) => {
    if (before === undefined) return []
    const name = finalName(before)
    const sizeBytes = before === segment.log ? segment.sizeBytes : before.sizeBytes
    return [file(name, 'rename', sizeBytes, `${name}.deleted`)]
  })
}

function createdFiles({ created }: LoadedLog): StartedFile[] {
  if (created === null) return []
  return (['index', 'log', 'timeindex'] as const).map((kind) =>
    file(segmentFileName(created, kind), 'rebuild', 0),
  )
}

function snapshotFiles({ snapshots }: PartitionFolder, store: SnapshotStore): StartedFile[] {
  const now = store.outcome()
  const there = new Set(now.map(({ offset }) => offset))
  const gone = snapshots.filter(({ baseOffset }) => !there.has(baseOffset))
  const kept = now.map(({ offset, sizeBytes, isKept }) =>
    file(segmentFileName(offset, 'snapshot'), isKept ? 'keep' : 'rebuild', sizeBytes),
  )
  const renamed = [...store.renamed].map(([offset, sizeBytes]) => {
    const name = segmentFileName(offset, 'snapshot')
    // Written once more after it was renamed.
    if (there.has(offset)) return file(`${name}.deleted`, 'rebuild', sizeBytes)
    return file(name, 'rename', sizeBytes, `${name}.deleted`)
  })
  const deleted = gone.filter(({ baseOffset }) => !store.renamed.has(baseOffset))
  return [...kept, ...renamed, ...deleted.map(({ name, sizeBytes }) => file(name, 'delete', sizeBytes))]
}

function epochFiles(disk: ReadableDisk, folder: PartitionFolder, { epochs }: Started): StartedFile[] {
  const path = join(folder.path, leaderEpochFile)
  const isThere = folder.otherNames.includes(leaderEpochFile)
  if (!isThere)
    return epochs.entries.length === 0 ? [] : [file(leaderEpochFile, 'rebuild', epochs.bytes().length)]
  const before = readSmallFile(disk, path)
  const isKept = before.equals(epochs.bytes())
  return [file(leaderEpochFile, isKept ? 'keep' : 'rebuild', isKept ? before.length : epochs.bytes().length)]
}

function otherFiles(disk: ReadableDisk, folder: PartitionFolder): StartedFile[] {
  const rest = folder.otherNames.filter((name) => name !== leaderEpochFile)
  const checkpoints = folder.files.filter(({ kind }) => kind === 'checkpoint').map(({ name }) => name)
  return [...rest, ...checkpoints].map((name) => {
    const sizeBytes = disk.stat(join(folder.path, name))?.sizeBytes ?? 0
    const isMarked = name.endsWith('.deleted') && !name.endsWith('.checkpoint.deleted')
    return file(name, isMarked ? 'delete' : 'keep', sizeBytes)
  })
}

function finalName({ name }: SegmentFile): string {
  return name.replace(/\.swap$/, '')
}

function file(
  name: string,
  action: StartedFile['action'],
  sizeBytes: number,
  renamedTo: string | null = null,
): StartedFile {
  return { name, action, sizeBytes, renamedTo }
}
