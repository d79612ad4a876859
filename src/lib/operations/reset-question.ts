import type { OffsetSpec } from '../values/offsets.ts'
import type { TopicPartitions } from '../values/partitions.ts'
import type { FileOffset } from './offset-files.ts'

/** Where a group is to stand: the same for every partition, or said for each. */
export type ResetTarget =
  | OffsetSpec
  | { readonly kind: 'file'; readonly offsets: readonly FileOffset[] }
  | { readonly kind: 'group'; readonly group: string }

/** Which partitions are meant. Those that a file or another group says are meant if nothing else is. */
export type ResetScope =
  | { readonly kind: 'topics'; readonly topics: readonly TopicPartitions[] }
  | { readonly kind: 'all' }
  | { readonly kind: 'said' }

export interface ResetQuestion {
  readonly groups: readonly string[]
  readonly scope: ResetScope
  readonly target: ResetTarget
}
