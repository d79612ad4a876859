import { join } from 'node:path'
import type { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogDirectory, Read } from '../log-directory.ts'
import { type CheckpointOffsets, readCheckpoints } from '../log-directory.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import type { CheckpointBounds } from './log-bounds.ts'

/** What the checkpoints say of the partition whose folder this is. */
export function boundsIn(
  checkpoints: LogDirectory['checkpoints'],
  folder: Pick<PartitionFolder, 'said'>,
): CheckpointBounds {
  const { said } = folder
  // A folder that is to be deleted, or a stray one, may share its name with one that is in use.
  if (said === undefined || said.aside === 'delete' || said.aside === 'stray') return {}
  const of = ({ value }: Read<CheckpointOffsets>) => value?.get(`${said.topic}-${said.partition}`)
  return {
    highWatermark: of(checkpoints.highWatermark),
    logStartOffset: of(checkpoints.logStartOffset),
  }
}

/** By the checkpoints that lie beside the folder, and what is wrong with them. */
export function boundsBeside(
  disk: ReadableDisk,
  folder: PartitionFolder,
): { bounds: CheckpointBounds; problems: KtoolError[] } {
  const checkpoints = readCheckpoints(disk, join(folder.path, '..'))
  const problems = [checkpoints.highWatermark.problem, checkpoints.logStartOffset.problem]
  return {
    bounds: boundsIn(checkpoints, folder),
    problems: problems.filter((problem) => problem !== null),
  }
}
