import type { Int64 } from '../../bytes/int64.ts'
import type { Figure } from '../../model/figure.ts'
import type { LogDirectory } from '../log-directory.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import { boundFigure, watermarkBound } from '../state/bound-figure.ts'
import { boundsIn } from '../state/checkpoint-bounds.ts'
import type { PartitionState } from '../state/partition-state.ts'
import type { PartitionDescription } from './partition-description.ts'

type Offsets = Pick<
  PartitionDescription,
  'logStartOffset' | 'logEndOffset' | 'highWatermark' | 'lastStableOffset' | 'recoveryPoint' | 'cleanerOffset'
>

/** The offsets of a partition, each with how far it can be trusted. */
export function describeOffsets(
  folder: PartitionFolder,
  checkpoints: LogDirectory['checkpoints'],
  state: PartitionState,
): Offsets {
  const { notes, logEndOffset } = state
  const bound = watermarkBound(boundsIn(checkpoints, folder))
  return {
    logStartOffset: boundFigure(state.logStartOffset, notes.logStartOffset, 'asOf'),
    logEndOffset: boundFigure(logEndOffset, notes.logEndOffset, 'atLeast'),
    highWatermark: boundFigure(state.highWatermark, notes.highWatermark, bound),
    lastStableOffset: boundFigure(state.lastStableOffset, notes.lastStableOffset, bound),
    recoveryPoint: checkpointed('recoveryPoint', folder, checkpoints, logEndOffset),
    cleanerOffset: checkpointed('cleanerOffset', folder, checkpoints, logEndOffset),
  }
}

function checkpointed(
  file: 'recoveryPoint' | 'cleanerOffset',
  { said }: PartitionFolder,
  checkpoints: LogDirectory['checkpoints'],
  logEndOffset: Int64,
): Figure {
  const { value, problem } = checkpoints[file]
  if (problem !== null) return { unknown: true, reason: problem.message }
  const offset = said === undefined ? undefined : value?.get(`${said.topic}-${said.partition}`)
  if (offset === undefined) return { unknown: true, reason: 'no checkpoint has it' }
  return boundFigure(offset, offset > logEndOffset ? 'the checkpoint lies beyond the log end' : null, 'asOf')
}
