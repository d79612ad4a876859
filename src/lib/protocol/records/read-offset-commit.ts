import { coordinatorPartition } from '../../bytes/java-hash.ts'
import { legacyOffsetCommit, offsetCommit } from './classic-group-records.ts'

/** A commit as a coordinator has written it down. */
export interface WrittenCommit {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly timestampMs: bigint
}

const GROUP_START = 4

/** Of the groups that are wanted; null for other records, and for those that take a commit away. */
export function readOffsetCommit(
  key: Buffer | null,
  value: Buffer | null,
  isWanted: (group: string) => boolean,
): WrittenCommit | null {
  if (key === null || value === null || key.length < GROUP_START) return null
  const type = key.readInt16BE(0)
  const kind =
    type === offsetCommit.key.key
      ? offsetCommit
      : type === legacyOffsetCommit.key.key
        ? legacyOffsetCommit
        : null
  // Most records are of other groups: their names are all that is read of them.
  if (kind === null || !isWanted(key.toString('utf8', GROUP_START, GROUP_START + key.readInt16BE(2))))
    return null
  const { group, topic, partition } = kind.key.decodeFramed(key).value
  const { offset, commitTimestamp } = kind.value.decodeFramed(value).value
  return { group, topic, partition, offset, timestampMs: commitTimestamp }
}

/** Which partition of `__consumer_offsets` keeps a group, of so many. */
export function commitsPartitionOf(group: string, partitionCount: number): number {
  return coordinatorPartition(group, partitionCount)
}
