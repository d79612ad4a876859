import { basename, join, resolve } from 'node:path'
import type { Int64 } from '../bytes/int64.ts'
import { FailedError } from '../errors.ts'
import type { DiskEntry, ReadableDisk } from '../ports/disk.ts'
import { type LogFileKind, type LogFileName, parseFileName } from './files/file-names.ts'
import { type PartitionFolderName, parseFolderName } from './files/folder-names.ts'

/** A file of a segment, as it stood when its folder was listed. */
export interface SegmentFile extends LogFileName {
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/** A log file and what stands beside it under the same base offset. */
export interface Segment {
  readonly baseOffset: Int64
  readonly log: SegmentFile
  readonly index: SegmentFile | undefined
  readonly timeindex: SegmentFile | undefined
  readonly txnindex: SegmentFile | undefined
}

/** One partition's folder. Only names and sizes were looked at: nothing was opened. */
export interface PartitionFolder {
  readonly path: string
  /** The folder's own name. */
  readonly name: string
  /** What that name says; nothing where it is not the name of a partition. */
  readonly said: PartitionFolderName | undefined
  /** Those in use, by ascending base offset. */
  readonly segments: readonly Segment[]
  /** Producer snapshots in use, by ascending offset. */
  readonly snapshots: readonly SegmentFile[]
  /** KRaft snapshots, by ascending offset and epoch. */
  readonly checkpoints: readonly SegmentFile[]
  /** Every file with a name that Kafka gives to a part of a log, also those that are half gone. */
  readonly files: readonly SegmentFile[]
  /** All other names in the folder. */
  readonly otherNames: readonly string[]
  /** Names of log files behind which there is no file: links that lead nowhere, folders, pipes. */
  readonly hollowNames: readonly string[]
}

export function openPartitionFolder(disk: ReadableDisk, path: string): PartitionFolder {
  const { entries, names, files } = lookInto(disk, path)
  const known = new Set(files.map(({ name }) => name))
  const inUse = files.filter(({ leftover }) => leftover === null)
  const ofKind = (kind: LogFileKind) => inUse.filter((file) => file.kind === kind).sort(byOffset)
  const name = basename(resolve(path))
  return {
    path,
    name,
    said: parseFolderName(name),
    segments: ofKind('log').map((log) => segmentOf(log, inUse)),
    snapshots: ofKind('snapshot'),
    checkpoints: ofKind('checkpoint'),
    files,
    otherNames: names.map(({ name }) => name).filter((name) => !known.has(name)),
    hollowNames: entries.filter(isHollow).map(({ name }) => name),
  }
}

/** Where a file of the segment is or would be; nothing where its log goes by a name that is on the way. */
export function pathBeside({ log }: Segment, kind: 'index' | 'timeindex' | 'txnindex'): string | undefined {
  return log.path.endsWith('.log') ? `${log.path.slice(0, -'log'.length)}${kind}` : undefined
}

/** A live broker's cleaner writes segments together: one that is gone may be part of another, which was there before. */
const MOST_LOOKS = 5

function lookInto(disk: ReadableDisk, path: string, looks = 1) {
  const entries = disk.list(path)
  const names = entries.filter(({ kind }) => kind === 'file')
  const files = names.flatMap(({ name }) => fileAt(disk, path, name))
  const found = new Set(files.map(({ name }) => name))
  const isGone = ({ name }: DiskEntry) => isLog(name) && !found.has(name)
  if (looks < MOST_LOOKS && names.some(isGone)) return lookInto(disk, path, looks + 1)
  return { entries, names, files }
}

function isHollow({ name, kind }: DiskEntry): boolean {
  return kind !== 'file' && isLog(name)
}

function isLog(name: string): boolean {
  const said = parseFileName(name)
  return said?.kind === 'log' && said.leftover === null
}

/** What is no segment, though it looks like one: a sentence for each, without its end. */
export function notSegments({ hollowNames, otherNames }: PartitionFolder): string[] {
  const unnamed = otherNames.filter((name) => name.endsWith('.log'))
  return [
    ...hollowNames.map((name) => `${name} is no file that can be read`),
    ...unnamed.map((name) => `${name} has no base offset in its name`),
  ]
}

/** Segments that cannot be read, as failures of their own: the others can. */
export function hollowLogs({ path, hollowNames }: PartitionFolder): { item: string; error: FailedError }[] {
  return hollowNames.map((name) => ({
    item: join(path, name),
    error: new FailedError('not-a-file', `${name} is no file that can be read`, {
      hint: 'a link that leads nowhere? What it should hold is missing from the answer',
      details: { path: join(path, name) },
    }),
  }))
}

/** For whoever needs a partition's segments. */
export function mustHaveSegments(folder: PartitionFolder): PartitionFolder {
  if (folder.segments.length > 0) return folder
  const found = notSegments(folder).map((each) => `; ${each}`)
  throw new FailedError('no-segments', `${folder.path} has no segments${found.join('')}`, {
    hint: 'name the folder of one partition, such as DIR/orders-0, with its .log files',
    details: { path: folder.path },
  })
}

/** A file may go between being listed and being looked at: a broker may be alive. */
function fileAt(disk: ReadableDisk, folder: string, name: string): SegmentFile[] {
  const said = parseFileName(name)
  if (said === undefined) return []
  const path = join(folder, name)
  const stat = disk.stat(path)
  if (stat === undefined) return []
  return [{ ...said, path, sizeBytes: stat.sizeBytes, modifiedMs: stat.modifiedMs }]
}

function segmentOf(log: SegmentFile, inUse: readonly SegmentFile[]): Segment {
  const { baseOffset } = log
  const beside = (kind: LogFileKind) =>
    inUse.find((file) => file.kind === kind && file.baseOffset === baseOffset)
  return {
    baseOffset,
    log,
    index: beside('index'),
    timeindex: beside('timeindex'),
    txnindex: beside('txnindex'),
  }
}

function byOffset(a: SegmentFile, b: SegmentFile): number {
  if (a.baseOffset !== b.baseOffset) return a.baseOffset < b.baseOffset ? -1 : 1
  return (a.epoch ?? 0) - (b.epoch ?? 0)
}
