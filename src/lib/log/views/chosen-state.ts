import type { ReadableDisk } from '../../ports/disk.ts'
import type { ChosenPartition } from '../cluster/log-directories.ts'
import { boundsIn } from '../state/checkpoint-bounds.ts'
import { type PartitionState, readPartitionState } from '../state/partition-state.ts'

/** The state of a chosen copy, within what the checkpoints of its log directory say. */
export function chosenState(disk: ReadableDisk, { folder, directory }: ChosenPartition): PartitionState {
  return readPartitionState(disk, folder, boundsIn(directory.checkpoints, folder))
}
