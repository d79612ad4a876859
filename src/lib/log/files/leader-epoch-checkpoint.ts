import { type Int64, toInt64 } from '../../bytes/int64.ts'
import { checkpointEntries, wholeNumber } from './text-file.ts'

export const leaderEpochFile = 'leader-epoch-checkpoint'

/** Since which offset a leader of this epoch has written. */
export interface EpochEntry {
  readonly epoch: number
  readonly startOffset: Int64
}

export function parseLeaderEpochs(bytes: Buffer): EpochEntry[] {
  return checkpointEntries(bytes, 2).map(([epoch, startOffset], i) => ({
    epoch: Number(wholeNumber(epoch, i + 3, 'epoch')),
    startOffset: toInt64(wholeNumber(startOffset, i + 3, 'start offset')),
  }))
}
