import type { Int64 } from '../../bytes/int64.ts'
import { CheckFailed, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogDirectory } from '../log-directory.ts'
import { openPartitionFolder, type PartitionFolder } from '../partition-folder.ts'
import { readLogEnd } from './log-end.ts'
import type { MetadataImage } from './metadata-image.ts'
import { type MetadataRead, metadataTopic, readMetadataLog } from './metadata-log.ts'

export interface ChosenMetadata {
  readonly image: MetadataImage | null
  /** Why there is none, as a sentence; null if there is one. */
  readonly reason: string | null
  /** Which of several it is, and why; null if it is the only one. */
  readonly choice: string | null
  readonly warnings: readonly string[]
  /** What is in the image is not all that was written: part of the log cannot be read. */
  readonly trouble: CheckFailed | null
}

interface Candidate {
  readonly endOffset: Int64
  readonly epoch: number
  readonly folder: PartitionFolder
}

/** The image of the metadata log that goes furthest; one that is whole before one that is not. */
export function chooseMetadata(disk: ReadableDisk, directories: readonly LogDirectory[]): ChosenMetadata {
  const warnings: string[] = []
  const candidates = directories
    .flatMap((directory) => candidateIn(disk, directory, warnings))
    .sort(furthestFirst)
  const reads: MetadataRead[] = []
  for (const { folder } of candidates) {
    const read = readMetadataLog(disk, folder)
    reads.push(read)
    if (read.isWhole) break
  }
  const [furthest] = reads
  if (furthest === undefined || reads.every(isNothing)) {
    const problems = [...warnings, ...reads.flatMap(problemsOf)]
    const reason = problems.length === 0 ? whyNone(directories) : problems.join('; ')
    return { image: null, reason, choice: null, warnings: problems, trouble: null }
  }
  const best = reads.find(({ isWhole }) => isWhole) ?? furthest
  warnings.push(...problemsOf(furthest))
  if (best !== furthest) warnings.push(passedOver(best), ...problemsOf(best))
  const choice = choiceOf(best, furthest, candidates.length)
  return { image: best.image, reason: null, choice, warnings, trouble: best.isWhole ? null : partly(best) }
}

/** Not even its beginning could be read. */
function isNothing({ isWhole, image }: MetadataRead): boolean {
  return !isWhole && image.endOffset === 0
}

function partly(read: MetadataRead): CheckFailed {
  const { path, endOffset } = read.image
  return new CheckFailed('damaged-metadata', `${path} cannot be read as it was written`, {
    hint: `what is told here is known from it up to offset ${endOffset}, and some of it may be missing; ktool segments verify ${path} tells what is wrong`,
    details: { path, endOffset },
  })
}

function problemsOf({ image, problems }: MetadataRead): string[] {
  return problems.map((problem) => `the metadata log in ${image.path}: ${problem}`)
}

function passedOver({ image }: MetadataRead): string {
  return `the metadata log in ${image.path}, which is whole up to ${image.endOffset}, is taken instead`
}

function choiceOf({ image }: MetadataRead, furthest: MetadataRead, count: number): string | null {
  if (count === 1) return null
  const why = image === furthest.image ? 'the one that goes furthest' : 'the furthest that is whole'
  return `of ${count} metadata logs ${why}, in ${image.path}`
}

function candidateIn(disk: ReadableDisk, directory: LogDirectory, warnings: string[]): Candidate[] {
  const named = directory.partitions.find(
    ({ topic, partition, aside }) => topic === metadataTopic && partition === 0 && aside === null,
  )
  if (named === undefined) return []
  try {
    const folder = openPartitionFolder(disk, named.path)
    if (folder.segments.length === 0 && folder.checkpoints.length === 0) {
      warnings.push(`the metadata log in ${named.path} has neither a segment nor a snapshot`)
      return []
    }
    return [{ folder, ...endOf(disk, folder) }]
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    warnings.push(`the metadata log in ${named.path} cannot be read: ${cause.message}`)
    return []
  }
}

/** A node that is behind may have a snapshot beyond the end of its log. */
function endOf(disk: ReadableDisk, folder: PartitionFolder): Omit<Candidate, 'folder'> {
  const end = readLogEnd(disk, folder)
  const snapshot = folder.checkpoints.at(-1)
  if (snapshot === undefined || snapshot.baseOffset <= end.endOffset) return end
  return { endOffset: snapshot.baseOffset, epoch: snapshot.epoch ?? -1 }
}

function furthestFirst(a: Candidate, b: Candidate): number {
  if (a.epoch !== b.epoch) return b.epoch - a.epoch
  return a.endOffset === b.endOffset ? 0 : a.endOffset > b.endOffset ? -1 : 1
}

function whyNone(directories: readonly LogDirectory[]): string {
  const versions = new Set(directories.map(({ meta }) => meta.value?.version))
  if (versions.has(1))
    return 'none of these directories has the metadata log (it lies in the first of log.dirs, or in metadata.log.dir)'
  if (versions.has(0))
    return 'when these directories were written, ZooKeeper kept such things, and not the disks of brokers'
  return 'none of these directories has a metadata log, nor a meta.properties that says whether ZooKeeper kept such things'
}
