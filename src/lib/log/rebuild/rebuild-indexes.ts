import { basename, dirname, join } from 'node:path'
import { FailedError, KtoolError } from '../../errors.ts'
import type { Disk } from '../../ports/disk.ts'
import { formatTime } from '../../values/times.ts'
import { parseFileName, segmentFileName } from '../files/file-names.ts'
import { mustBeFree, ownerOf } from '../owner/directory-owner.ts'
import {
  mustHaveSegments,
  openPartitionFolder,
  type PartitionFolder,
  type Segment,
} from '../partition-folder.ts'
import type { Turns } from '../turns.ts'
import { draftIndex, type IndexDraft, type IndexKind, indexSegment } from './rebuild-segment.ts'
import { Replacement } from './replace-file.ts'

export interface RebuildOptions {
  readonly kinds: readonly IndexKind[]
  readonly intervalBytes: number
  readonly isDryRun: boolean
  /** Names the backups. */
  readonly nowMs: number
  readonly turns: Turns
}

/** What became of an index; of a dry run, what would. */
export interface RebuiltIndex {
  readonly file: string
  readonly kind: IndexKind
  readonly change: 'made' | 'replaced' | 'same' | 'skipped'
  readonly entries: number | null
  readonly sizeBytes: number | null
  /** Of the file that was there. */
  readonly previousSizeBytes: number | null
  /** The name that the old file has now. */
  readonly backup: string | null
  readonly reason: string | null
}

export interface Rebuilt {
  readonly rows: RebuiltIndex[]
  readonly failures: { item: string; error: KtoolError }[]
  readonly notes: string[]
}

/** Rebuilds the indexes of the segments that the paths name, each a partition's folder or one `.log`. */
export async function rebuildIndexes(
  disk: Disk,
  paths: readonly string[],
  options: RebuildOptions,
): Promise<Rebuilt> {
  const rebuilt: Rebuilt = { rows: [], failures: [], notes: [] }
  for (const path of paths) {
    await failing(rebuilt, path, async () => {
      const { folder, segments } = named(disk, path)
      rebuilt.notes.push(...askForOwner(disk, folder.path))
      for (const segment of segments) {
        await failing(rebuilt, segment.log.path, async () => {
          rebuilt.rows.push(...(await rebuildSegment(disk, folder, segment, options)))
        })
      }
    })
  }
  return { ...rebuilt, notes: [...new Set([...rebuilt.notes, ...ownershipNotes(disk, rebuilt.rows)])] }
}

async function failing(rebuilt: Rebuilt, item: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    rebuilt.failures.push({ item, error })
  }
}

function named(disk: Disk, path: string): { folder: PartitionFolder; segments: readonly Segment[] } {
  const stat = disk.stat(path)
  if (stat === undefined) throw new FailedError('file-not-found', 'there is no such file or folder')
  if (stat.kind === 'folder') {
    const folder = mustHaveSegments(openPartitionFolder(disk, path))
    return { folder, segments: folder.segments }
  }
  const name = parseFileName(basename(path))
  const folder = openPartitionFolder(disk, dirname(path))
  const segment = folder.segments.find(({ log }) => log.name === name?.name)
  if (segment !== undefined) return { folder, segments: [segment] }
  throw new FailedError('not-a-segment', 'this is no log file of a segment', {
    hint: 'name the folder of a partition, or a file such as 00000000000000000000.log in one',
  })
}

/** A folder may be a link: a broker may have it where the link stands, or where it leads. */
function askForOwner(disk: Disk, folder: string): string[] {
  const around = [join(folder, '..'), `${folder}/..`]
  const owners = around.map((directory) => ({ directory, owner: ownerOf(disk, directory) }))
  for (const { directory, owner } of owners) mustBeFree(owner, directory)
  const notes = owners.flatMap(({ directory, owner }) =>
    owner.state === 'unknown'
      ? [`Whether a broker is alive on ${directory} cannot be known: ${owner.reason}.`]
      : [],
  )
  return notes.slice(0, 1)
}

async function rebuildSegment(
  disk: Disk,
  folder: PartitionFolder,
  segment: Segment,
  options: RebuildOptions,
): Promise<RebuiltIndex[]> {
  const drafts: IndexDraft[] = []
  try {
    for (const kind of options.kinds) drafts.push(openDraft(disk, folder, segment, kind, options.isDryRun))
    const doubt = await indexSegment(disk, folder, segment, drafts, options)
    const rows: RebuiltIndex[] = []
    for (const draft of drafts) rows.push(...(await finish(disk, draft, doubt, options)))
    return rows
  } finally {
    for (const { old, replacement } of drafts) {
      old?.close()
      replacement?.close()
    }
  }
}

function openDraft(
  disk: Disk,
  folder: PartitionFolder,
  segment: Segment,
  kind: IndexKind,
  isDryRun: boolean,
): IndexDraft {
  const path = segment[kind]?.path ?? `${folder.path}/${segmentFileName(segment.baseOffset, kind)}`
  const old = segment[kind] === undefined ? null : disk.openToRead(path)
  return draftIndex(kind, path, old, isDryRun ? null : new Replacement(disk, path))
}

async function finish(
  disk: Disk,
  draft: IndexDraft,
  doubt: string | null,
  options: RebuildOptions,
): Promise<RebuiltIndex[]> {
  const { kind, path, old, output, replacement } = draft
  const isSame = output.finish()
  const { sizeBytes, entryCount: entries } = output
  const previousSizeBytes = old?.sizeBytes() ?? null
  const row = { file: path, kind, entries, sizeBytes, previousSizeBytes, backup: null, reason: null }
  if (kind === 'txnindex' && doubt !== null) {
    return [{ ...row, entries: null, sizeBytes: null, change: 'skipped', reason: doubt }]
  }
  if (isSame) return [{ ...row, change: 'same' }]
  // No file is what a segment without aborted transactions has.
  if (kind === 'txnindex' && sizeBytes === 0 && old === null) return []
  const change = old === null ? 'made' : 'replaced'
  if (replacement === null) return [{ ...row, change }]
  const backup = old === null ? null : freeName(disk, path, options.nowMs)
  await replacement.replace(backup)
  return [{ ...row, change, backup: backup === null ? null : basename(backup) }]
}

/** A broker passes over a name that ends like this; `20260115T093000Z` sorts by time. */
function freeName(disk: Disk, path: string, nowMs: number): string {
  const stamp = formatTime(nowMs).replace(/\.\d+|[-:]/g, '')
  const name = `${path}.backup-${stamp}`
  let free = name
  for (let i = 2; disk.stat(free) !== undefined; i++) free = `${name}-${i}`
  return free
}

/** A broker must be able to write to its indexes, whoever ran this. */
function ownershipNotes(disk: Disk, rows: readonly RebuiltIndex[]): string[] {
  const strange = rows.flatMap(({ file, change }) => {
    if (change !== 'made' && change !== 'replaced') return []
    const owner = disk.stat(file)?.identity?.userId
    const folderOwner = disk.stat(dirname(file))?.identity?.userId
    return owner === folderOwner ? [] : [{ folder: dirname(file), folderOwner }]
  })
  return strange.map(
    ({ folder, folderOwner }) =>
      `The new files in ${folder} belong to you; the folder belongs to user ${folderOwner}: give them to whom the broker runs as (chown).`,
  )
}
