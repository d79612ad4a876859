import { join } from 'node:path'
import { parseQuorumState } from '../../log/files/quorum-state.ts'
import { readIfThere } from '../../log/log-directory.ts'
import { replaceFile } from '../../log/write/replace-file.ts'
import type { Disk } from '../../ports/disk.ts'

const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** The leadership that was known last; −1 where nothing says, or what says it is broken: the log says it too. */
export function knownEpoch(disk: Disk, logPath: string): number {
  return readIfThere(disk, fileIn(logPath), parseQuorumState).value?.leaderEpoch ?? -1
}

/**
 * Before an epoch begins, so that none begins twice; where a power cut takes it, the log says it too, since there
 * is no other voter that may have heard of the epoch. Version 0 is of a quorum whose voters stand in
 * configuration, version 1 of one that keeps them in its log (KIP-853).
 */
export function writeQuorumState(
  disk: Disk,
  logPath: string,
  { leaderId, leaderEpoch, isDynamic }: { leaderId: number; leaderEpoch: number; isDynamic: boolean },
): void {
  const state = isDynamic
    ? { leaderId, leaderEpoch, votedId: -1, votedDirectoryId: ZERO_ID, data_version: 1 }
    : {
        clusterId: '',
        leaderId,
        leaderEpoch,
        votedId: -1,
        appliedOffset: 0,
        currentVoters: [{ voterId: leaderId }],
        data_version: 0,
      }
  replaceFile(disk, fileIn(logPath), Buffer.from(JSON.stringify(state)))
}

function fileIn(logPath: string): string {
  return join(logPath, 'quorum-state')
}
