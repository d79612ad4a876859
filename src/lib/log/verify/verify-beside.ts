import { join } from 'node:path'
import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { isNameless, segmentFileName } from '../files/file-names.ts'
import type { EpochEntry } from '../files/leader-epoch-checkpoint.ts'
import { parsePartitionMetadata } from '../files/partition-metadata.ts'
import { parseProducerSnapshot } from '../files/producer-snapshot.ts'
import { type Read, readIfThere } from '../log-directory.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { Findings, Severity } from './finding.ts'

export const epochFile = 'leader-epoch-checkpoint'
export const partitionMetadataFile = 'partition.metadata'

interface Facts {
  readonly segments: readonly Segment[]
  readonly epochs: Read<readonly EpochEntry[]>
  /** One above the last offset that was found. */
  readonly logEnd: Int64
  readonly hasProducers: boolean
  readonly hasEpochs: boolean
  /** A broker works on the folder: files come and go, and what is half done will be done. */
  readonly isAlive: boolean
  readonly isKraft: boolean
}

/** The files that stand beside the segments. */
export function verifyBeside(
  disk: ReadableDisk,
  folder: PartitionFolder,
  facts: Facts,
  findings: Findings,
): void {
  verifyEpochs(facts, findings)
  verifyPartitionMetadata(disk, folder, facts, findings)
  verifySnapshots(disk, folder, facts, findings)
  verifyOrphans(folder, facts, findings)
  verifyLeftovers(folder, facts, findings)
  verifyLogs(folder, findings)
}

function verifyLogs({ segments, hollowNames, otherNames, name }: PartitionFolder, findings: Findings): void {
  for (const each of hollowNames) {
    findings.add(each, 'log-unreadable', 'error', 'has the name of a log, and is no file')
  }
  for (const each of otherNames.filter(isNameless)) {
    findings.add(each, 'log-name', 'error', 'has no base offset in its name')
  }
  if (segments.length === 0) findings.add(name, 'no-segments', 'warning', 'has no segments')
}

function verifyEpochs({ epochs: { value, problem }, logEnd, hasEpochs }: Facts, findings: Findings): void {
  const say = (code: string, severity: Severity, reason: string, offset?: Int64) =>
    findings.add(epochFile, code, severity, reason, offset === undefined ? {} : { offset })
  if (problem !== null) say('epochs-corrupt', 'error', `cannot be read: ${problem.message}`)
  const entries = value ?? []
  if (problem === null && entries.length === 0 && hasEpochs) {
    say('epochs-missing', 'info', 'has no epochs, though the batches have')
  }
  const at = entries.findIndex((entry, i) => {
    const before = entries[i - 1]
    return before !== undefined && !(before.epoch < entry.epoch && before.startOffset < entry.startOffset)
  })
  if (at !== -1) say('epochs-order', 'warning', `is not in ascending order at entry ${at}`)
  const beyond = entries.find(({ startOffset }) => startOffset > logEnd)
  if (beyond !== undefined) {
    const reason = `has epoch ${beyond.epoch} begin at offset ${beyond.startOffset}, and the log ends at ${logEnd}`
    say('epochs-beyond-end', 'warning', reason, beyond.startOffset)
  }
}

function verifyPartitionMetadata(
  disk: ReadableDisk,
  folder: PartitionFolder,
  { isKraft, isAlive }: Facts,
  findings: Findings,
): void {
  const path = join(folder.path, partitionMetadataFile)
  const say = (code: string, reason: string) => findings.add(partitionMetadataFile, code, 'error', reason)
  const { value, problem } = readIfThere(disk, path, parsePartitionMetadata)
  if (problem !== null) say('partition-metadata', `cannot be read: ${problem.message}`)
  // What was set aside lies there to be deleted; a broker that is alive may be about to write it.
  if (value !== null || problem !== null || !isKraft || isAlive || folder.said?.aside !== null) return
  const reason =
    'is not there: a broker that finds no topic id takes the whole folder for a stray one, and begins anew'
  say('partition-metadata-missing', reason)
}

function verifySnapshots(
  disk: ReadableDisk,
  folder: PartitionFolder,
  facts: Facts,
  findings: Findings,
): void {
  const { logEnd, hasProducers, segments } = facts
  const lastBase = segments.at(-1)?.baseOffset ?? 0
  const bases = new Set<Int64>(segments.map(({ baseOffset }) => baseOffset))
  const firstBase = segments[0]?.baseOffset ?? 0
  if (hasProducers && folder.snapshots.length === 0 && segments.length > 1) {
    const reason = 'is not there, nor any other: what producers have written is known from the log alone'
    findings.add(segmentFileName(lastBase, 'snapshot'), 'snapshot-missing', 'warning', reason)
  }
  for (const { name, path, baseOffset } of folder.snapshots) {
    const say = (code: string, reason: string, severity: Severity = 'warning') =>
      findings.add(name, code, severity, reason, { offset: baseOffset })
    const problem = snapshotProblem(disk, path)
    if (problem !== null) say('snapshot-corrupt', problem)
    else if (baseOffset > logEnd)
      say(
        'snapshot-beyond-end',
        `is of offset ${baseOffset}, and the log ends at ${logEnd}: records are missing`,
        'error',
      )
    // A broker that was stopped here may have left it.
    else if (!bases.has(baseOffset) && baseOffset < lastBase && baseOffset > firstBase) {
      say('snapshot-stray', `is of offset ${baseOffset}, where no segment begins`, 'info')
    }
  }
}

function snapshotProblem(disk: ReadableDisk, path: string): string | null {
  try {
    parseProducerSnapshot(readSmallFile(disk, path))
    return null
  } catch (cause) {
    if (cause instanceof KtoolError) return cause.message
    throw cause
  }
}

/** An index without its log. */
function verifyOrphans({ files, segments }: PartitionFolder, { isAlive }: Facts, findings: Findings): void {
  const bases = new Set<Int64>(segments.map(({ baseOffset }) => baseOffset))
  for (const { name, kind, leftover, baseOffset } of files) {
    const isIndex = kind === 'index' || kind === 'timeindex' || kind === 'txnindex'
    if (leftover !== null || !isIndex || bases.has(baseOffset)) continue
    const severity = isAlive ? 'info' : 'warning'
    findings.add(name, 'orphan-index', severity, 'belongs to a log file that is not there')
  }
}

const leftovers = {
  deleted: { code: 'leftover-deleted', severity: 'info', reason: 'was to be deleted' },
  cleaned: { code: 'leftover-cleaned', severity: 'warning', reason: 'was being written by the cleaner' },
  swap: {
    code: 'leftover-swap',
    severity: 'warning',
    reason: 'was about to take the place of what it was cleaned from',
  },
} as const

function verifyLeftovers({ files }: PartitionFolder, { isAlive }: Facts, findings: Findings): void {
  for (const { name, leftover } of files) {
    if (leftover === null) continue
    const { code, severity, reason } = leftovers[leftover]
    findings.add(name, code, isAlive ? 'info' : severity, reason)
  }
}
