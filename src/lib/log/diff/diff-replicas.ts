import { subtractInt64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { Turns } from '../turns.ts'
import { type Comparison, ReplicaComparison } from './compare-replicas.ts'
import { describeDiff } from './describe-diff.ts'
import { openReplica, type Replica } from './replica.ts'
import { ReplicaCursor } from './replica-cursor.ts'
import type { ReplicaDiff, ReplicaRow, Verdict } from './replica-diff.ts'
import { truncationOf } from './truncation.ts'

export async function diffReplicas(
  disk: ReadableDisk,
  paths: readonly [string, string],
  turns: Turns,
): Promise<ReplicaDiff> {
  const replicas = [openReplica(disk, paths[0]), openReplica(disk, paths[1])] as const
  const comparison = await compare(disk, replicas, turns)
  const [a, b] = replicas
  const rows = [rowOf(a, b, comparison, 0), rowOf(b, a, comparison, 1)] as const
  return { rows, ...describeDiff(replicas, rows, comparison) }
}

async function compare(
  disk: ReadableDisk,
  [a, b]: readonly [Replica, Replica],
  turns: Turns,
): Promise<Comparison> {
  const from = a.logStartOffset > b.logStartOffset ? a.logStartOffset : b.logStartOffset
  const cursors = [new ReplicaCursor(disk, a.folder, from), new ReplicaCursor(disk, b.folder, from)] as const
  try {
    const totalBytes = a.folder.segments.reduce((sum, { log }) => sum + log.sizeBytes, 0)
    const ends = [a.logEndOffset, b.logEndOffset] as const
    return await new ReplicaComparison(cursors, from, ends).run(turns, totalBytes)
  } finally {
    for (const cursor of cursors) cursor.close()
  }
}

function rowOf(replica: Replica, other: Replica, comparison: Comparison, side: 0 | 1): ReplicaRow {
  const { folder, logEndOffset } = replica
  const place = comparison.parting?.places[side]
  const broken = comparison.broken[side]
  const truncatesTo = truncationOf(replica, other)
  return {
    folder: folder.path,
    topic: folder.said?.topic ?? null,
    partition: folder.said?.partition ?? null,
    verdict: verdictOf(replica, other, comparison, side),
    logStartOffset: replica.logStartOffset,
    logEndOffset,
    highWatermark: replica.highWatermark,
    lastEpoch: replica.epochs.at(-1)?.epoch ?? null,
    partsAtOffset: comparison.parting?.offset ?? null,
    difference: comparison.parting?.difference ?? null,
    epoch: place?.epoch ?? null,
    file: place?.file ?? broken?.file ?? null,
    position: place?.position ?? broken?.position ?? null,
    finding: broken?.finding ?? null,
    onlyHere: comparison.onlyHere[side],
    firstOnlyHere: comparison.firstOnlyHere[side],
    truncatesTo,
    losesOffsets: truncatesTo === null ? null : subtractInt64(logEndOffset, truncatesTo),
  }
}

function verdictOf(replica: Replica, other: Replica, comparison: Comparison, side: 0 | 1): Verdict {
  if (comparison.parting !== null) return 'diverged'
  const isDamaged = comparison.broken.map((broken) => broken !== null && !broken.isEnd)
  if (isDamaged[side]) return 'damaged'
  if (isDamaged[1 - side]) return 'unknown'
  if (replica.logEndOffset !== other.logEndOffset) {
    return replica.logEndOffset < other.logEndOffset ? 'behind' : 'ahead'
  }
  if (comparison.onlyHere[1 - side] !== 0) return 'gaps'
  return comparison.onlyHere[side] === 0 ? 'same' : 'fuller'
}
