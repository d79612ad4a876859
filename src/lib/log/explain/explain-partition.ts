import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { formatDuration } from '../../values/durations.ts'
import { formatSize } from '../../values/sizes.ts'
import { formatTime } from '../../values/times.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import type { CheckpointBounds, LogBounds } from '../state/log-bounds.ts'
import { readPartitionState } from '../state/partition-state.ts'
import type { Turns } from '../turns.ts'
import { type CompactionPlan, planCompaction } from './compaction.ts'
import { type DeleteHorizons, readHorizons } from './delete-horizons.ts'
import type { ExplainRow } from './explain-row.ts'
import { planRecovery, type RecoveryPlan, type StartFacts } from './recovery.ts'
import { planRetention, type RetentionVerdict } from './retention.ts'
import { firstTimestamp, type SegmentFacts, segmentFacts } from './segment-facts.ts'
import type { TopicSettings } from './topic-settings.ts'

/** What stands around a partition's folder. */
export interface PartitionContext {
  readonly settings: TopicSettings
  readonly bounds: CheckpointBounds
  readonly start: StartFacts
  readonly cleanerOffset: Int64 | undefined
}

interface Explained {
  readonly folder: PartitionFolder
  readonly settings: TopicSettings
  readonly segments: readonly SegmentFacts[]
  readonly retention: readonly RetentionVerdict[]
  readonly compaction: CompactionPlan | null
  readonly horizons: DeleteHorizons | null
  readonly recovery: RecoveryPlan
  readonly rollsAtMs: number | null
}

/** A row for the partition, and one for each of its segments. */
export async function explainPartition(
  disk: ReadableDisk,
  folder: PartitionFolder,
  context: PartitionContext,
  nowMs: number,
  turns: Turns,
): Promise<{ rows: ExplainRow[]; remarks: readonly string[]; damages: readonly string[] }> {
  const { settings, start } = context
  const state = readPartitionState(disk, folder, context.bounds)
  const { logEndOffset } = state
  const recoveredFrom = start.recoveryPoint ?? 0
  const segments = await segmentFacts(disk, folder, logEndOffset, { ...start, recoveredFrom }, turns)
  const compaction = settings.isCompacted ? compactionOf(disk, folder, segments, context, state, nowMs) : null
  const explained: Explained = {
    folder,
    settings,
    segments,
    retention: planRetention(segments, settings, state, nowMs),
    compaction,
    horizons: compaction && (await readHorizons(disk, folder, compaction.firstDirtyOffset, turns)),
    recovery: planRecovery(segments, logEndOffset, start),
    rollsAtMs: rollOf(disk, folder, settings),
  }
  const rows = [
    partitionRow(explained, nowMs),
    ...segments.map((segment, i) => segmentRow(explained, segment, i)),
  ]
  return { rows, remarks: [...state.remarks, ...notesOf(state.notes)], damages: state.damages }
}

function compactionOf(
  disk: ReadableDisk,
  folder: PartitionFolder,
  segments: readonly SegmentFacts[],
  { settings, cleanerOffset }: PartitionContext,
  state: { logStartOffset: Int64; logEndOffset: Int64; lastStableOffset: Int64 },
  nowMs: number,
): CompactionPlan {
  const dirtyFrom = cleanerOffset ?? state.logStartOffset
  // Only a limit on the age of dirty records makes it worth looking for them.
  const dirty = settings.maxCompactionLagMs < nowMs ? segments.filter((each) => !each.isActive) : []
  const times = folder.segments
    .filter((_, i) => (dirty[i]?.nextOffset ?? -1) > dirtyFrom)
    .map((segment) => firstTimestamp(disk, segment))
  const earliestDirtyTimestamp = times.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null)
  return planCompaction({ segments, ...state, cleanerOffset, earliestDirtyTimestamp }, settings, nowMs)
}

/** The first append whose timestamp lies beyond it begins a new segment, if its size does not before. */
function rollOf(disk: ReadableDisk, { segments }: PartitionFolder, settings: TopicSettings): number | null {
  const active = segments.at(-1)
  const first = active === undefined ? null : firstTimestamp(disk, active)
  return first === null || settings.rollMs < 0 ? null : Number(first) + settings.rollMs
}

function partitionRow(explained: Explained, nowMs: number): ExplainRow {
  const { folder, settings, segments, compaction, horizons, recovery } = explained
  return {
    ...nameOf(folder),
    kind: 'partition',
    file: null,
    baseOffset: segments[0]?.baseOffset ?? null,
    nextOffset: segments.at(-1)?.nextOffset ?? null,
    sizeBytes: segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    largestTimestampMs: null,
    timestampFrom: null,
    rollsAtMs: explained.rollsAtMs,
    ...retentionSummary(explained),
    compaction: compaction === null ? null : compaction.willRun ? 'run' : 'wait',
    compactionReason: compaction === null ? null : compaction.reason + horizonSentence(horizons, nowMs),
    firstDirtyOffset: compaction?.firstDirtyOffset ?? null,
    uncleanableFromOffset: compaction?.uncleanableFromOffset ?? null,
    cleanableBytes: compaction?.cleanableBytes ?? null,
    dirtyRatio: compaction?.dirtyRatio ?? null,
    earliestDeleteHorizonMs: horizons?.earliestMs ?? null,
    recovery: recovery.segmentCount === 0 ? 'skip' : 'read',
    recoveryReason: recovery.reason,
    recoveryPoint: recovery.recoveryPoint,
    recoveryBytes: recovery.sizeBytes,
    settings: settings.sources,
  }
}

function segmentRow(explained: Explained, segment: SegmentFacts, i: number): ExplainRow {
  const { folder, retention, compaction, recovery } = explained
  const verdict = retention[i]
  const isRead = recovery.isRead[i] === true
  return {
    ...nameOf(folder),
    kind: 'segment',
    file: segment.name,
    baseOffset: segment.baseOffset,
    nextOffset: segment.nextOffset,
    sizeBytes: segment.sizeBytes,
    largestTimestampMs: segment.largestTimestamp,
    timestampFrom: segment.timestampFrom,
    rollsAtMs: segment.isActive ? explained.rollsAtMs : null,
    retention: verdict?.action ?? null,
    retentionBy: verdict?.by ?? null,
    retentionAtMs: verdict?.atMs ?? null,
    blockedBy: verdict?.blockedBy ?? null,
    retentionReason: verdict?.reason ?? null,
    compaction: compaction?.segments[i]?.state ?? null,
    compactionReason: compaction?.segments[i]?.reason ?? null,
    firstDirtyOffset: null,
    uncleanableFromOffset: null,
    cleanableBytes: null,
    dirtyRatio: null,
    earliestDeleteHorizonMs: null,
    recovery: isRead ? 'read' : 'skip',
    recoveryReason: null,
    recoveryPoint: null,
    recoveryBytes: isRead ? segment.sizeBytes : 0,
    settings: null,
  }
}

function nameOf({ path, name, said }: PartitionFolder): Pick<ExplainRow, 'topic' | 'partition' | 'folder'> {
  return { topic: said?.topic ?? name, partition: said?.partition ?? null, folder: path }
}

function retentionSummary({ retention, segments, folder }: Explained) {
  const gone = retention.filter(({ action }) => action === 'delete')
  const goneBytes = segments.slice(0, gone.length).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const next = retention[gone.length]
  const sentences = [
    gone.length === 0
      ? 'nothing would be deleted now'
      : `${gone.length} of ${segments.length} segments (${formatSize(goneBytes)}) would be deleted in the next round`,
    ...blockers(retention),
    ...leftovers(folder),
  ]
  return {
    retention: gone.length === 0 ? ('keep' as const) : ('delete' as const),
    retentionBy: gone[0]?.by ?? null,
    retentionAtMs: gone.length === 0 ? (next?.atMs ?? null) : null,
    blockedBy: null,
    retentionReason: sentences.join('; '),
  }
}

function blockers(retention: readonly RetentionVerdict[]): string[] {
  const names = new Set(retention.flatMap(({ blockedBy }) => blockedBy ?? []))
  return [...names].map((name) => {
    const count = retention.filter(({ blockedBy }) => blockedBy === name).length
    return `${name} holds back ${count} behind it`
  })
}

/** Their owner deletes them by itself, at the latest when it starts. */
function leftovers({ files }: PartitionFolder): string[] {
  const gone = files.filter(({ leftover }) => leftover === 'deleted')
  if (gone.length === 0) return []
  const sizeBytes = gone.reduce((sum, file) => sum + file.sizeBytes, 0)
  return [
    `${gone.length} files named .deleted (${formatSize(sizeBytes)}) go file.delete.delay.ms after that, or at the next start`,
  ]
}

function horizonSentence(horizons: DeleteHorizons | null, nowMs: number): string {
  if (horizons === null || horizons.earliestMs === null || horizons.latestMs === null) return ''
  const { batchCount, earliestMs, latestMs } = horizons
  const leftMs = Number(earliestMs) - nowMs
  const when = leftMs > 0 ? `in ${formatDuration(leftMs)}` : 'already'
  return `; ${batchCount} batches hold tombstones or markers that the first round after ${formatTime(earliestMs)} (${when}) to ${formatTime(latestMs)} may take away`
}

/** A log that starts with its first segment is as good as any; what is wrong at its end is damage. */
function notesOf({ highWatermark }: LogBounds['notes']): string[] {
  return highWatermark === null ? [] : [`high watermark: ${highWatermark}`]
}
