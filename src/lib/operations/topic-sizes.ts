import type { LogDirState } from '../model/cluster-state.ts'

export const sizeGroups = ['topic', 'partition', 'broker'] as const
export type SizeGroup = (typeof sizeGroups)[number]

export interface SizeRow {
  readonly topic: string | null
  readonly partition: number | null
  readonly broker: number | null
  readonly replicaCount: number
  readonly sizeBytes: number
  readonly largestReplicaBytes: number
}

/** Every replica counts, those on their way to another directory too, since they take room. The largest come first. */
export function topicSizes(directories: readonly LogDirState[], by: SizeGroup): SizeRow[] {
  const rows = new Map<string, SizeRow>()
  for (const { broker, replicas } of directories) {
    for (const { topic, partition, sizeBytes } of replicas) {
      const key = { topic, partition: `${topic}:${partition}`, broker: String(broker) }[by]
      const row = rows.get(key)
      rows.set(key, {
        topic: by === 'broker' ? null : topic,
        partition: by === 'partition' ? partition : null,
        broker: by === 'broker' ? broker : null,
        replicaCount: (row?.replicaCount ?? 0) + 1,
        sizeBytes: (row?.sizeBytes ?? 0) + sizeBytes,
        largestReplicaBytes: Math.max(row?.largestReplicaBytes ?? 0, sizeBytes),
      })
    }
  }
  return [...rows].sort(bySize).map(([, row]) => row)
}

function bySize([a, one]: readonly [string, SizeRow], [b, other]: readonly [string, SizeRow]): number {
  return other.sizeBytes - one.sizeBytes || (a < b ? -1 : 1)
}
