import { join } from 'node:path'
import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseLeaderEpochs } from '../files/leader-epoch-checkpoint.ts'
import { readIfThere } from '../log-directory.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import { tidy } from '../start/leftovers.ts'
import { predictStart } from '../start/predict-start.ts'
import type { KnownBatches } from '../start/start-segment.ts'
import type { Turns } from '../turns.ts'
import { Findings } from './finding.ts'
import { judge } from './judge.ts'
import { type PartitionVerdict, verdictOf } from './partition-verdict.ts'
import type { StretchLane } from './stretch-lane.ts'
import { BatchSequence } from './verify-batches.ts'
import { epochFile, verifyBeside } from './verify-beside.ts'
import { verifyBounds } from './verify-bounds.ts'
import { type Counts, verifySegment } from './verify-segment.ts'
import type { OpenData } from './verify-transaction-index.ts'

/** What stands beside the folder. Undefined where a checkpoint has no line. */
export interface BesideFacts {
  readonly logStartOffset: Int64 | undefined
  readonly highWatermark: Int64 | undefined
  readonly recoveryPoint: Int64 | undefined
  readonly cleanerOffset: Int64 | undefined
  /** A checkpoint that cannot be read, and why. */
  readonly unreadable?: string | undefined
  readonly nextStart: 'clean' | 'unclean' | null
  /** Between index entries, where somebody has set it. */
  readonly indexIntervalBytes?: number | undefined
  /** A broker is known to work on the directory. */
  readonly isAlive: boolean
  /** Its brokers know topics by their ids. */
  readonly isKraft: boolean
}

export interface VerifyOptions {
  readonly nowMs: number
  readonly turns: Turns
  readonly lane?: StretchLane
}

/** Headers of them are kept for the walks of the prediction. */
const MOST_HEADERS = 400_000

/** Reads all of a partition's folder once, says what is wrong, and what a broker would make of it. */
export async function verifyPartition(
  disk: ReadableDisk,
  folder: PartitionFolder,
  beside: BesideFacts,
  { nowMs, turns, lane }: VerifyOptions,
): Promise<PartitionVerdict> {
  const findings = new Findings()
  // What was swapped in is part of the log, as a broker takes it.
  const { segments } = tidy(disk, folder)
  const epochs = readIfThere(disk, join(folder.path, epochFile), parseLeaderEpochs)
  const sequence = new BatchSequence(findings, epochs.value ?? [])
  const { counts, known } = await verifySegments(disk, segments, { findings, sequence, beside, turns, lane })
  sequence.finish(beside.cleanerOffset !== undefined)
  const logEnd = logEndOf(segments, sequence)
  const { hasProducers, hasEpochs } = sequence
  const { isAlive, isKraft } = beside
  const facts = { segments, epochs, logEnd, hasProducers, hasEpochs, isAlive, isKraft }
  verifyBeside(disk, folder, facts, findings)
  verifyBounds(beside, logEnd, findings)
  const { logStartOffset, recoveryPoint, unreadable, indexIntervalBytes } = beside
  const onStart = await predictStart(disk, folder, {
    logStartOffset,
    recoveryPoint,
    unreadable,
    indexIntervalBytes,
    nowMs,
    turns,
    known,
  })
  return {
    topic: folder.said?.topic ?? null,
    partition: folder.said?.partition ?? null,
    folder: folder.path,
    verdict: verdictOf(findings.all),
    segments: segments.length,
    sizeBytes: segments.reduce((sum, { log }) => sum + log.sizeBytes, 0),
    firstOffset: sequence.firstOffset ?? null,
    lastOffset: sequence.nextOffset === undefined ? null : subtractInt64(sequence.nextOffset, 1),
    ...counts,
    lostOffsets: sequence.lostOffsets,
    findings: findings.inOrder().map((finding) => judge(finding, onStart)),
    nextStart: beside.nextStart,
    onStart,
  }
}

interface Verifying {
  readonly findings: Findings
  readonly sequence: BatchSequence
  readonly beside: BesideFacts
  readonly turns: Turns
  readonly lane: StretchLane | undefined
}

async function verifySegments(
  disk: ReadableDisk,
  segments: readonly Segment[],
  { beside, ...verifying }: Verifying,
): Promise<{ counts: Counts; known: Map<string, KnownBatches> }> {
  const counts: Counts = { batches: 0, records: 0, damagedBatches: 0, skippedBytes: 0 }
  const known = new Map<string, KnownBatches>()
  const open: OpenData = new Map()
  let mostHeaders = MOST_HEADERS
  const totalBytes = segments.reduce((sum, { log }) => sum + log.sizeBytes, 0)
  let doneBytes = 0
  for (const [i, segment] of segments.entries()) {
    const nextBaseOffset = segments[i + 1]?.baseOffset
    const isClean = beside.nextStart === 'clean'
    const context = {
      ...verifying,
      open,
      counts,
      nextBaseOffset,
      isClean,
      doneBytes,
      totalBytes,
      mostHeaders,
    }
    const batches = await verifySegment(disk, segment, context)
    known.set(segment.log.path, batches)
    mostHeaders -= batches.headers?.count ?? 0
    doneBytes += segment.log.sizeBytes
  }
  return { counts, known }
}

/** An empty segment begins where the log ends. */
function logEndOf(segments: readonly Segment[], { nextOffset = 0 }: BatchSequence): Int64 {
  const lastBase = segments.at(-1)?.baseOffset ?? 0
  return addInt64(nextOffset > lastBase ? nextOffset : lastBase, 0)
}
