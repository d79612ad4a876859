import type { LedPartition } from '../model/leaders.ts'

/** A partition, and the replicas that it shall have. */
export interface Placed {
  readonly partition: LedPartition
  readonly target: readonly number[]
  /** One for each of these, `any` where it is the broker's to choose; not there where none is named. */
  readonly logDirs?: readonly string[] | null
}

/** Partitions on their way to where they shall be. Loads follow each change. */
export interface Draft {
  readonly partition: LedPartition
  target: readonly number[]
}

/** Replicas that are copied to a broker which has none yet. */
export function addedBy({ partition, target }: Placed): number[] {
  return target.filter((id) => !partition.replicas.includes(id))
}

export function removedBy({ partition, target }: Placed): number[] {
  return partition.replicas.filter((id) => !target.includes(id))
}
